"""The twin of a hall: its present state played forward by its own rule, many times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp, log
from random import Random
from statistics import NormalDist

from hall_server.rules.calling import Waiting, WindowDuty
from hall_server.rules.forecast.laws import FIRST_SPREAD, Arrival, Law, Laws
from hall_server.rules.forecast.lines import (
    DUE,
    MINUTE,
    PLAIN,
    RETURNED,
    Line,
    Visitor,
    line_values,
)
from hall_server.rules.forecast.run import Desk, Habits, Run
from hall_server.rules.policy import Policy

LAST = 2_147_483_647  # after every number that was taken
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Shift:
    """What a window does from an instant on: its lines, or for so long a break (休息)."""

    at: datetime
    duty: WindowDuty | None = None
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class WindowNow:
    """A window at this moment: its lines (none while it is closed), whom it serves since when,
    and what is planned there."""

    window: str
    duty: WindowDuty
    serving: str | None = None
    since: datetime | None = None
    plan: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Now:
    """A hall at this moment: all who wait, every window, and the midnight of its day.

    `calls` and `runs` by queue are those of the last call (see calling.Waiting); they are needed
    here too because a queue in which nobody waits has them as well. No number is taken from
    `doors` on. `last_hour`: who came within the last hour, for a hall that has no stored day yet.
    """

    waiting: Sequence[Waiting]
    windows: Sequence[WindowNow]
    midnight: datetime
    calls: Mapping[str, int] = field(default_factory=dict)
    runs: Mapping[str, int] = field(default_factory=dict)
    doors: datetime | None = None
    last_hour: Sequence[Arrival] = ()


def again(hour: Sequence[Arrival], since_midnight: timedelta) -> list[Arrival]:
    """A first day goes on as its last hour went: the same people again, for three hours."""
    found = []
    for n in (1, 2, 3):
        later = n * timedelta(hours=1)
        for one in hour:
            slot = None if one.slot is None else one.slot + later
            found.append(replace(one, after=one.after + later, slot=slot))
    return [one for one in found if one.after > since_midnight]


class Twin:
    """A hall that can be played forward from one moment as often as one likes."""

    def __init__(self, now: Now, laws: Laws, policy: Policy, at: datetime) -> None:
        self.now, self.laws, self.policy, self.at = now, laws, policy, at
        self.queues = tuple(laws.service)
        self.number = {queue: n for n, queue in enumerate(self.queues)}
        self.habits = Habits(laws.absent, laws.absent_a_minute, laws.calling, laws.helping)
        self._laws = [laws.service[queue] for queue in self.queues]
        self._rest = [self._rest_of(window) for window in now.windows]
        # Numbers merged from offline kiosks share the seq of another: they go by ticket.
        known = now.waiting
        order = sorted(range(len(known)), key=lambda n: (known[n].seq, known[n].ticket))
        places = {n: seq for seq, n in enumerate(order)}
        self._waiting = [self._known(one, places[n]) for n, one in enumerate(known)]
        self._lines = [line_values(queue, policy) for queue in self.queues]
        self._desks = [self._desk_values(window) for window in now.windows]
        minute_now = (at - now.midnight) / MINUTE
        self._days = [self._coming(day, minute_now) for day in laws.days] or [
            self._coming(again(now.last_hour, at - now.midnight), minute_now)
        ]

    def play(
        self,
        seed: str,
        *,
        ask: bool = True,
        until: float = float("inf"),
        drained: bool = False,
    ) -> tuple[list[Visitor], list[Visitor], list[Visitor]]:
        """One run: those who wait now, the questions (two for each queue: a plain number taken
        now, and one of a priority class), and those who come before `until` (minutes from now),
        who are followed to their call only if `drained`.

        The same seed brings the same people and the same services, whatever the windows do.
        """
        rng = Random(seed)
        gauss, draw = rng.gauss, rng.random
        hall = exp(gauss(0, FIRST_SPREAD)) if any(law.spread for law in self._laws) else 1.0
        parameters = []
        for law in self._laws:
            unsure = hall * exp(gauss(0, law.spread)) if law.spread else 1.0
            parameters.append((law.mu + log(unsure), law.sigma))
        lines = [Line(*values) for values in self._lines]
        desks = []
        for own, backup, speed, changes in self._desks:
            desk = Desk(own, backup, speed)
            desk.changes = list(changes)
            desks.append(desk)
        for n, queue in enumerate(self.queues):
            lines[n].calls = self.now.calls.get(queue, 0)
            lines[n].run = self.now.runs.get(queue, 0)
        rest = [None if law is None else law(draw()) for law in self._rest]
        day = self._days[rng.randrange(len(self._days))]

        def person(seq: int, taken: float, line: int, due: int, slot: float, name: str) -> Visitor:
            mu, sigma = parameters[line]
            one = Visitor(seq, taken, line, due, slot, exp(mu + sigma * gauss(0, 1)), draw())
            if draw() < self.laws.returns:
                one.back = rng.expovariate(1 / self.laws.back_after)
            one.name = name
            return one

        waiting = []
        for seq, taken, number, due, slot, after_call, name in self._waiting:
            one = person(seq, taken, number, due, slot, name)
            one.luck = 2.0 if due == RETURNED else one.luck
            waiting.append((one, after_call))
        came: list[Visitor] = []

        def coming() -> Iterator[Visitor]:
            for n, (taken, number, due, slot) in enumerate(day):
                if taken >= until:
                    break
                one = person(2 * LAST + n, taken, number, due, slot, "x" if drained else "")
                if drained:
                    run.left += 1
                    came.append(one)
                yield one
            run.left -= drained  # from now on only those who are here count

        run = Run(lines, desks, coming(), self.habits)
        for one, after_call in waiting:
            if one.due == RETURNED:
                lines[one.line].waiting += 1
                lines[one.line].give_back(one, after_call)
            else:
                run.wait(one, 0.0)
        asked = []
        if ask:
            for due, first in ((PLAIN, LAST), (DUE, LAST + len(lines))):
                for number, line in enumerate(lines):
                    question = Visitor(first + number, 0.0, number, due, 0.0, -1.0, 2.0)
                    line.add(question)
                    asked.append(question)
        for number, minutes in enumerate(rest):
            if minutes is not None:
                run.busy(number, minutes)
        run.left = len(waiting) + len(asked) + drained
        run.play(0.0)
        return [one for one, _ in waiting], asked, came

    def minutes_to(self, at: datetime) -> float:
        """Minutes from this moment."""
        return (at - self.at) / MINUTE

    def coming_from(self, at: datetime) -> list[dict[str, int]]:
        """How many would come from an instant on, by queue, on each of the days it plays."""
        first = self.minutes_to(at)
        found = []
        for day in self._days:
            people = dict.fromkeys(self.queues, 0)
            for taken, number, _, _ in day:
                people[self.queues[number]] += taken >= first
            found.append(people)
        return found

    def _known(self, one: Waiting, seq: int) -> tuple[int, float, int, int, float, int, str]:
        slot = self.minutes_to(one.slot) if one.slot is not None else 0.0
        number = self.number[one.queue]
        taken = self.minutes_to(one.taken_at)
        return seq, taken, number, int(one.due), slot, one.after_call, one.ticket

    def _lines_of(self, duty: WindowDuty) -> tuple[tuple[int, ...], tuple[int, ...]]:
        own, backup = (
            tuple(self.number[queue] for queue in queues if queue in self.number)
            for queues in (duty.queues, duty.backup)
        )
        return own, backup

    def _desk_values(
        self, window: WindowNow
    ) -> tuple[
        tuple[int, ...],
        tuple[int, ...],
        float,
        list[tuple[float, float, tuple[tuple[int, ...], tuple[int, ...]] | None]],
    ]:
        own, backup = self._lines_of(window.duty)
        changes = sorted(window.plan, key=lambda shift: shift.at, reverse=True)
        return (
            own,
            backup,
            self.laws.speeds.get(window.window, 1.0),
            [
                (
                    self.minutes_to(shift.at),
                    shift.pause / MINUTE,
                    None if shift.duty is None else self._lines_of(shift.duty),
                )
                for shift in changes
            ],
        )

    def _rest_of(self, window: WindowNow) -> Callable[[float], float] | None:
        """How much longer the visitor at a window takes, from a draw; given that he has been
        there for so long already."""
        law = self.laws.service.get(window.serving or "")
        if law is None or window.since is None:
            return None
        elapsed = max(0.0, -self.minutes_to(window.since))
        speed = self.laws.speeds.get(window.window, 1.0)
        if window.serving not in window.duty.queues:
            speed *= self.laws.helping
        return _rest(law, elapsed, speed)

    def _coming(
        self, day: Sequence[Arrival], minute_now: float
    ) -> list[tuple[float, int, int, float]]:
        """Those of a stored day who come after this time of day, in minutes from now."""
        doors = self.minutes_to(self.now.doors) if self.now.doors is not None else float("inf")
        found = []
        for one in day:
            taken = one.after / MINUTE - minute_now
            if 0 < taken < doors and one.queue in self.number:
                slot = 0.0 if one.slot is None else one.slot / MINUTE - minute_now
                found.append((taken, self.number[one.queue], int(one.due), slot))
        return sorted(found)


def _rest(law: Law, elapsed: float, speed: float) -> Callable[[float], float]:
    mu, sigma = law.mu + log(speed), law.sigma
    below = NORMAL.cdf((log(elapsed) - mu) / sigma) if elapsed > 0 else 0.0

    def rest(draw: float) -> float:
        share = min(below + draw * (1 - below), 1 - 1e-9)
        if below > 0.9999:  # far beyond the law: some more minutes, nobody knows
            return draw * law.minutes
        return max(0.0, exp(mu + sigma * NORMAL.inv_cdf(max(share, 1e-9))) - elapsed)

    return rest
