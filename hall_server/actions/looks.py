"""Which view answers which question to a hall; nothing is changed by looking (查看)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hall_server.actions import (
    appointments,
    entries,
    most_used,
    policy,
    ratings,
    scores,
    slots,
    views,
)
from hall_server.rules.permits import Who
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a hall: who asks, with which words, and when."""

    cursor: Cursor
    plan_of: views.PlanOf
    who: Who
    args: Mapping[str, str]
    now: datetime

    @property
    def hall(self) -> str:
        return self.who.hall

    @property
    def plan(self) -> Plan:
        return self.plan_of(self.cursor, self.hall)

    def arg(self, name: str) -> str:
        """What was asked with, "" where it was left out."""
        return self.args.get(name, "")


VIEWS: dict[str, Callable[[Look], dict[str, Any]]] = {
    "in_force": lambda look: views.in_force(look.plan),
    "item": lambda look: views.item(look.plan, look.arg("code")),
    "home": lambda look: most_used.view(look.cursor, look.plan, look.hall, look.now),
    "slots": lambda look: slots.view(
        look.cursor, look.plan, look.hall, look.arg("queue"), look.arg("date"), look.now
    ),
    "appointment": lambda look: appointments.view(
        look.cursor,
        look.hall,
        look.now,
        code=look.arg("code"),
        person=look.arg("person"),
        phone=look.arg("phone"),
    ),
    "entries": lambda look: entries.view(look.cursor, look.plan, look.hall, look.arg("before")),
    "record": lambda look: entries.answer_view(
        look.cursor, look.plan, look.hall, look.arg("record"), look.arg("code")
    ),
    "ratings": lambda look: ratings.view(
        look.cursor, look.plan, look.hall, look.arg("before"), look.arg("only")
    ),
    "rating": lambda look: ratings.chain(look.cursor, look.plan, look.hall, look.arg("service")),
    "policy": lambda look: policy.view(look.plan),
    "forecast_score": lambda look: scores.view(look.cursor, look.hall, look.arg("days")),
    "ticket": lambda look: views.ticket(look.cursor, look.plan_of, look.now, look.arg("token")),
    "own_ticket": lambda look: views.own_ticket(
        look.cursor, look.plan_of, look.now, look.hall, look.who.ticket or ""
    ),
    "held_ticket": lambda look: views.held_ticket(
        look.cursor, look.plan_of, look.now, look.hall, look.arg("number"), look.arg("code")
    ),
}
# A ticket is told with what its holder is told of the wait, which is in no store.
TICKETS = frozenset({"ticket", "own_ticket", "held_ticket"})
# Reads the journal from a day on, a second for a month: one at a time, or whoever looks through
# old ratings would leave no thread to those who want in.
LONG = frozenset({"rating"})
# Whose short code might be guessed at.
GUESSED = frozenset({"held_ticket", "record"})


def guessed(view: str, args: Mapping[str, str]) -> str | None:
    """What a look might be a guess at, or None. Nobody guesses the keyed hash of a card: many
    who show one have no appointment, and must not close the door to those who have. Nor does who
    tries four figures of phones close it to those who have a code."""
    if view != "appointment":
        return view if view in GUESSED else None
    if args.get("person"):
        return None
    return "phone" if args.get("phone") else view
