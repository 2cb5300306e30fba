"""How long it will be (预计等候): the hall's own rule run forward, with what it has learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hall_server.rules.calling import Due
from hall_server.rules.forecast.ahead import ahead
from hall_server.rules.forecast.laws import Arrival, Law, Laws, Served, learn
from hall_server.rules.forecast.shown import AtIssue, Told, at_issue, rounded, told_again
from hall_server.rules.forecast.twin import Now, Shift, Twin, WindowNow
from hall_server.rules.policy import Policy

__all__ = [
    "Arrival",
    "AtIssue",
    "Forecast",
    "Law",
    "Laws",
    "Now",
    "Range",
    "Served",
    "Shift",
    "Told",
    "Twin",
    "WindowNow",
    "ahead",
    "at_issue",
    "forecast",
    "learn",
    "rounded",
    "told_again",
]

RUNS = 40


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes from now until a call, as the runs had it, in order."""

    minutes: tuple[float, ...]

    @property
    def median(self) -> float:
        return self.part(0.5)

    @property
    def low(self) -> float:
        """One in ten is called earlier."""
        return self.part(0.1)

    @property
    def high(self) -> float:
        """One in ten is called later."""
        return self.part(0.9)

    def part(self, share: float) -> float:
        """The minutes within which this share of the runs had the call."""
        at = share * (len(self.minutes) - 1)
        below = int(at)
        above = min(below + 1, len(self.minutes) - 1)
        return self.minutes[below] + (at - below) * (self.minutes[above] - self.minutes[below])

    def chance_after(self, minutes: float) -> float:
        """How likely the call comes later than this: would a number taken now still be served
        before the hall closes?"""
        return sum(one > minutes for one in self.minutes) / len(self.minutes)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The calls to come: for each ticket that waits, and for a number taken now in each queue,
    a plain one and one of a priority class (`due`). A queue that no window will serve has no
    range."""

    tickets: Mapping[str, Range]
    queues: Mapping[str, Range]
    due: Mapping[str, Range]


def forecast(
    now: Now, laws: Laws, policy: Policy, at: datetime, rng: Random, runs: int = RUNS
) -> Forecast:
    """When everybody who waits will be called: `runs` runs of the hall's own rule from now on.

    Each run draws the service times, the absent and a stored day's arrivals anew, and calls by
    the order of `calling.choose` (queue-policy §2: 40 runs; the median is the estimate 预计等候,
    10 to 90 % the range). Pure: nothing is read or kept, the same Random gives the same answer.

    >>> from hall_server.rules.calling import Due, Waiting, WindowDuty
    >>> at = datetime(2026, 5, 1, 9)
    >>> state = Now(
    ...     waiting=[Waiting(f"A{n:03d}", "tax", Due.PLAIN, n, at) for n in (1, 2, 3)],
    ...     windows=[WindowNow("1", WindowDuty(("tax",)))],
    ...     midnight=datetime(2026, 5, 1),
    ... )
    >>> told = forecast(state, learn({"tax": 9}), Policy(), at, Random(1))
    >>> told.tickets["A001"].median
    0.0
    >>> 10 < told.tickets["A003"].median < 25 and told.queues["tax"].high > 25
    True
    """
    twin = Twin(now, laws, policy, at)
    calls: dict[str, list[float]] = {one.ticket: [] for one in now.waiting}
    plain: dict[str, list[float]] = {queue: [] for queue in twin.queues}
    due: dict[str, list[float]] = {queue: [] for queue in twin.queues}
    for _ in range(runs):
        waiting, questions, _ = twin.play(str(rng.getrandbits(64)))
        for one in waiting:
            if one.called >= 0:
                calls[one.name].append(one.called)
        for one in questions:
            if one.called >= 0:
                asked = due if one.due == Due.DUE else plain
                asked[twin.queues[one.line]].append(one.called)
    return Forecast(_ranges(calls), _ranges(plain), _ranges(due))


def _ranges(calls: Mapping[str, list[float]]) -> dict[str, Range]:
    return {name: Range(tuple(sorted(found))) for name, found in calls.items() if found}
