"""The forecast (预计等候) of one hall, as plain figures: what the twin's process answers."""

from datetime import timedelta
from random import Random
from typing import Any, TypedDict

from hall_server.actions.twin import Present
from hall_server.rules.forecast import Range, forecast
from hall_server.wire.hours import in_ms

# More likely than not: from then on people are told that they may be called after closing.
LATE = 0.5


class Span(TypedDict):
    """A range in minutes, and whether its call comes more likely than not after closing."""

    median: float
    low: float
    high: float
    late: bool


class QueueSpan(TypedDict):
    """A queue: how many waited, what one more person adds, and a number taken now: a plain one
    and one of a priority class; None where no window will serve it."""

    waiting: int
    each: float
    plain: Span | None
    due: Span | None


class Answer(TypedDict):
    """What the twin says. `told`: [milliseconds, median, low, high] as said at issue. `took`:
    seconds of a processor."""

    day: int
    at: int
    queues: dict[str, QueueSpan]
    tickets: dict[str, Span]
    told: dict[str, tuple[int, float, float, float]]
    took: float


def answer(present: Present, _more: dict[str, Any]) -> dict[str, Any]:
    """The forecast of everybody who waits, and of a number taken now in each queue."""
    head, at = present.head, present.at
    # The same draws at each refresh: what is shown moves with the hall, not with the dice.
    rng = Random(f"{head.hall} {head.date}")
    found = forecast(present.now, present.laws, present.policy, at, rng)
    closing = None if present.ends is None else (present.ends - at) / timedelta(minutes=1)
    waiting = dict.fromkeys(present.plan.queues, 0)
    for one in present.now.waiting:
        waiting[one.queue] += 1
    assert head.day is not None
    told: Answer = {
        "day": head.day,
        "at": in_ms(at),
        "queues": {
            queue: {
                "waiting": waiting[queue],
                "each": _each(present, queue),
                "plain": _span(found.queues.get(queue), closing),
                "due": _span(found.due.get(queue), closing),
            }
            for queue in present.plan.queues
        },
        "tickets": {
            ticket: span
            for ticket, spread in found.tickets.items()
            if (span := _span(spread, closing)) is not None
        },
        "told": {
            ticket: (in_ms(one.at), one.median, one.low, one.high)
            for ticket, one in present.told.items()
        },
        "took": 0.0,  # whoever asked knows
    }
    return dict(told)


def _span(spread: Range | None, closing: float | None) -> Span | None:
    if spread is None:
        return None
    late = closing is not None and spread.chance_after(closing) > LATE
    return {
        "median": round(spread.median, 2),
        "low": round(spread.low, 2),
        "high": round(spread.high, 2),
        "late": late,
    }


def _each(present: Present, queue: str) -> float:
    """Minutes between two calls of a queue: its mean service over its share of open windows."""
    shares = [
        1 / len(window.duty.queues) for window in present.now.windows if queue in window.duty.queues
    ]
    minutes = present.laws.service[queue].minutes
    return minutes / sum(shares) if shares else minutes
