"""Deeds of rating (好差评)."""

from dataclasses import asdict
from typing import Any

from config.rating_tags import rating_tags
from hall_server.actions.stories import steps
from hall_server.rules import ratings as rules
from hall_server.rules.tickets import still_proves
from hall_server.store import entries, journal, ratings, salts, services, tickets, windows
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan
from hall_server.store.transaction import Done, Tx
from hall_server.wire.bounds import LARGEST_INT
from hall_server.wire.commands import Rate
from hall_server.wire.ratings import EraseReasons, ExplainRating
from hall_server.words import Refusal, Refused, ServiceState

MOST_SHOWN = 100  # of one answer; the next begin before the last one's seq


def rate(tx: Tx, command: Rate) -> Done:
    """Rate one finished service once. Who rated what is told to nobody: the event only says
    that the pad has nothing left to ask.

    Raises service_unknown, rating_not_allowed, service_not_finished, already_rated or
    rating_late.
    """
    service = services.by_id(tx.cursor, tx.hall, command.service)
    if service is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    window = windows.by_id(tx.cursor, tx.hall, service.window)
    channel = rules.may_rate(
        tx.who.role,
        ServiceState(service.state),
        rated=ratings.of(tx.cursor, service.id) is not None,
        proven=_proven(tx, service, command.token),
        own=tx.who.window in (None, service.window),
        at_hand=window.rates == service.id,
    )
    ratings.add(
        tx.cursor,
        hall=tx.hall,
        seq=tx.seq,
        service=service.id,
        level=command.level,
        channel=channel.value,
        at=tx.at,
    )
    facts: dict[str, Any] = {}
    if window.rates == service.id:
        windows.change(tx.cursor, window, rates=None)
        facts[f"pad/{window.window}"] = None
    return Done({"service": service.id}, facts)


def explain_rating(tx: Tx, command: ExplainRating) -> Done:
    """Say once why a service was rated so (评价内容). The rating stays as it was given; the words
    stand in their own table alone. Nobody is told.

    Raises service_unknown, rating_not_allowed, not_rated, already_explained or tag_unknown.
    """
    service = services.by_id(tx.cursor, tx.hall, command.service)
    if service is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    rating = ratings.of(tx.cursor, service.id)
    offered = () if rating is None else rating_tags().of(rating.level)
    rules.may_explain(
        tx.who.role,
        command.tags,
        offered,
        rated=rating is not None,
        explained=ratings.reasons_of(tx.cursor, service.id) is not None,
        proven=_proven(tx, service, command.token),
    )
    ratings.explain(
        tx.cursor,
        service=service.id,
        hall=tx.hall,
        tags=",".join(dict.fromkeys(command.tags)),
        version=rating_tags().version,
        words=(command.words or "").strip(),
        at=tx.at,
        erased_at=None,
        erased_for=None,
    )
    return Done({"service": service.id}, {})


def erase_reasons(tx: Tx, command: EraseReasons) -> Done:
    """The words beside a rating are gone for good (删除评价内容); its level and its tags stay.
    Raises service_unknown, or nothing_to_erase."""
    if services.by_id(tx.cursor, tx.hall, command.service) is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    kept = ratings.reasons_of(tx.cursor, command.service)
    if kept is None or not kept.words:
        raise Refused(Refusal.NOTHING_TO_ERASE)
    salts.erase(tx.cursor, tx.hall, command.service)
    ratings.erase(tx.cursor, command.service, tx.at, command.ground.value)
    return Done({"service": command.service}, {})


def view(cursor: Cursor, plan: Plan, hall: str, before: str, only: str) -> dict[str, Any]:
    """A hundred ratings with what they are of and why, the newest first, or those before a seq;
    `only` "bad" leaves the two bad levels (差评)."""
    last = min(int(before), LARGEST_INT) if before.isdecimal() else LARGEST_INT
    rows = ratings.newest(cursor, hall, last, 2 if only == "bad" else 5, MOST_SHOWN)
    return {"ratings": [_shown(plan, row) for row in rows]}


def chain(cursor: Cursor, plan: Plan, hall: str, service: str) -> dict[str, Any]:
    """The whole chain of one rating: each step of its ticket as the journal has it, from the
    number to what was erased. `sound`: each of these rows is what was written, and the rating is
    what its row says; the whole journal is proved by `hall verify`. Raises service_unknown."""
    row = ratings.one(cursor, hall, service)
    if row is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    names = (row.ticket, service, *(one.id for one in entries.of_ticket(cursor, row.ticket)))
    found = {
        entry.seq: entry
        for name in names
        for entry in journal.of_ticket(cursor, hall, row.taken_seq, name, until=row.seq)
    }
    # After the rating only words can come, which are few: a rating of last month is read as
    # quickly as one of today.
    later = journal.of_words(cursor, hall, row.seq)
    found |= {entry.seq: entry for entry in later if any(name in entry.body for name in names)}
    kept = [found[seq] for seq in sorted(found)]
    told = list(steps(kept, row.ticket))
    rated = [step.facts["level"] for step in told if step.seq == row.seq and step.key == "rate"]
    sound = all(entry.hash == entry.true_hash() for entry in kept) and rated == [row.level]
    return {**_shown(plan, row), "steps": [asdict(step) for step in told], "sound": sound}


def _shown(plan: Plan, row: Any) -> dict[str, Any]:
    told = row._asdict()
    del told["taken_seq"], told["ticket"]
    tags = row.tags.split(",") if row.tags else []
    return {**told, "item": plan.item_names(row.item), "tags": tags}


def _proven(tx: Tx, service: Any, token: str | None) -> bool:
    """The rater holds the ticket: came in by its token, or showed it to the kiosk."""
    if tx.who.ticket == service.ticket:
        return True
    ticket = None if token is None else tickets.by_token(tx.cursor, token)
    if ticket is None or ticket.id != service.ticket:
        return False
    return still_proves(ticket.taken_at, tx.at)
