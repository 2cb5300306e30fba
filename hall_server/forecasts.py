"""The forecasts of one server's halls: asked for in time, held for who asks, never made here."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hall_server.actions.forecast import Answer, Span
from hall_server.hub import Hub
from hall_server.rules.calling import Due
from hall_server.rules.forecast import AtIssue, Told, rounded, told_again
from hall_server.store.transaction import AtHand
from hall_server.wire.views import EstimateView, ForecastView, State
from hall_server.words import Refused
from hall_server.worker import Worker, WorkerDied

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=20)
SOON = timedelta(seconds=3)  # after a window opens or closes: several at once are one
AGAIN = timedelta(seconds=5)  # after a failure
REST = 3.0  # times its own work: the forecasts of all halls take a quarter of a core at most
MANY = 3  # so many more or fewer who wait in a queue are worth a new forecast
OLD, GONE = timedelta(seconds=60), timedelta(minutes=5)


@dataclass(slots=True)
class _Holder:
    """What the holder of a ticket is told, and the last time it moved: when, and from how many
    minutes."""

    told: Told
    late: bool
    moved_at: int | None = None
    moved_from: int = 0


@dataclass(slots=True)
class _Known:
    """What is known of one hall."""

    asked: datetime
    state: State = field(default_factory=dict)
    answer: Answer | None = None
    failing: bool = False
    holders: dict[str, _Holder] = field(default_factory=dict)
    at_hand: AtHand = field(default_factory=dict)


class Forecasts:
    """What is told of waits (预计等候) in every hall of this server. All of it happens in the
    event loop; only what is at hand is read by the writer too."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._known: dict[str, _Known] = {}

    def due(self, hub: Hub, now: datetime) -> bool:
        """Whether a hall's forecast is to be made now: every 20 s, and soon after its windows,
        its layout or its day changed or many came or left."""
        known = self._known.get(hub.hall)
        if "day" not in hub.state:
            return known is not None and known.answer is not None
        if known is None or now < known.asked:
            return True
        gap = now - known.asked
        if gap >= (AGAIN if known.failing else EVERY):
            return True
        return gap >= SOON and not known.failing and _changed(known.state, hub.state)

    async def refresh(self, hub: Hub, now: datetime) -> float:
        """Ask for one hall's forecast and tell it to those who listen; for how many seconds the
        worker should rest. A worker that has died is logged once, and started again at the next
        try; the last forecast grows old meanwhile."""
        known = self._known.setdefault(hub.hall, _Known(now))
        known.asked, known.state = now, _watched(hub.state)
        try:
            answer: Any = None
            if "day" in hub.state:
                answer = await self._worker.ask("forecast", hub.hall, now)
        except (Refused, WorkerDied, TimeoutError) as failed:
            if not known.failing:
                log.error("no forecast for %s: %s", hub.hall, str(failed) or "no answer in time")
            known.failing = True
        else:
            known.answer, known.failing = answer, False
            known.holders = {} if answer is None else _holders(known.holders, answer, now)
        self._show(hub, known, now)
        return REST * known.answer["took"] if known.answer is not None else 0.0

    def at_hand(self, hall: str) -> AtHand:
        """What a number taken now can be told at once; nothing while the forecast is old."""
        known = self._known.get(hall)
        return {} if known is None else known.at_hand

    def estimate(self, hall: str, ticket: str, now: datetime) -> EstimateView | None:
        """What the holder of a waiting ticket is told now; None while nothing is known of it."""
        known = self._known.get(hall)
        if known is None or known.answer is None or ticket not in known.holders:
            return None
        age = now - _moment(known.answer["at"], now)
        if age >= GONE:
            return None
        one = known.holders[ticket]
        return {
            "median": rounded(one.told.median),
            "low": rounded(one.told.low),
            "high": rounded(one.told.high),
            "late": one.late,
            "at": known.answer["at"],
            "old": age >= OLD,
            "moved_at": one.moved_at,
            "moved_from": one.moved_from,
        }

    def _show(self, hub: Hub, known: _Known, now: datetime) -> None:
        answer = known.answer
        age = GONE if answer is None else now - _moment(answer["at"], now)
        known.at_hand = {} if answer is None or age >= OLD else _at_hand(answer)
        fact = None if answer is None or age >= GONE else _fact(answer, old=age >= OLD)
        if hub.live.get("forecast") != fact:
            hub.tell({"forecast": fact})


def _watched(state: State) -> State:
    """What of a live state makes a forecast worth making anew."""
    watched: State = {"day": state.get("day"), "layout": state["hall"]["layout_version"]}
    for address, fact in state.items():
        if address.startswith("window/"):
            watched[address] = fact["state"]
        elif address.startswith("queue/"):
            watched[address] = fact["waiting"]
    return watched


def _changed(before: State, state: State) -> bool:
    after = _watched(state)
    return before.keys() != after.keys() or any(
        abs(was - after[address]) >= MANY if address.startswith("queue/") else was != after[address]
        for address, was in before.items()
    )


def _holders(before: dict[str, _Holder], answer: Answer, now: datetime) -> dict[str, _Holder]:
    """What each who waits is told from now on: never silently longer."""
    holders = {}
    for ticket, span in answer["tickets"].items():
        one = before.get(ticket)
        last = _at_issue(answer, ticket, now) if one is None else one.told
        told, moved = told_again(last, span["median"], span["low"], span["high"], now)
        after = _Holder(told, span["late"])
        if moved and last is not None:
            after.moved_at, after.moved_from = answer["at"], rounded(last.left(now))
        elif one is not None:
            after.moved_at, after.moved_from = one.moved_at, one.moved_from
        holders[ticket] = after
    return holders


def _at_issue(answer: Answer, ticket: str, now: datetime) -> Told | None:
    """What a ticket was told when it was taken, as the store has it; the server may be new."""
    said = answer["told"].get(ticket)
    return None if said is None else Told(_moment(said[0], now), *said[1:])


def _at_hand(answer: Answer) -> AtHand:
    return {
        (queue, due): AtIssue(
            span["median"], span["low"], span["high"], one["waiting"], one["each"], span["late"]
        )
        for queue, one in answer["queues"].items()
        for due, span in ((Due.PLAIN, one["plain"]), (Due.DUE, one["due"]))
        if span is not None
    }


def _fact(answer: Answer, *, old: bool) -> ForecastView:
    plain = {queue: one["plain"] for queue, one in answer["queues"].items()}
    return {
        "at": answer["at"],
        "old": old,
        "queues": {queue: _told(span) for queue, span in plain.items() if span is not None},
    }


def _told(span: Span) -> Any:
    return {
        "median": rounded(span["median"]),
        "low": rounded(span["low"]),
        "high": rounded(span["high"]),
        "late": span["late"],
    }


def _moment(at: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(at / 1000, like.tzinfo)
