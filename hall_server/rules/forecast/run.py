"""One day, or the rest of one, played forward by the hall's own rule on a clock of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

from hall_server.rules.forecast.lines import BOOKED, PLAIN, RETURNED, Line, Pick, Visitor, best

FREE, BACK, LINE, DESK = range(4)


class Watcher(Protocol):
    """Who writes down what happens; the forecast needs nobody."""

    def joined(self, visitor: Visitor, line: int, now: float, *, again: bool) -> None:
        """Somebody waits from now on; `again` after a transfer or as a returned number."""

    def called(self, visitor: Visitor, line: int, desk: int, now: float) -> None:
        """A window calls somebody."""

    def served(self, visitor: Visitor, desk: int, minutes: float, *, helped: bool) -> None:
        """A window is busy with somebody for so long from now on."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What people do, in minutes and shares (queue-policy §0).

    `absent` + `absent_a_minute` × waited do not come when called; that costs `calling`. A helping
    window is slower by the factor `helping`.
    """

    absent: float = 0.05
    absent_a_minute: float = 0.0018
    calling: float = 1.25
    helping: float = 1.1


class Desk:
    """A window: its lines as numbers, and what will change there, the next change last."""

    __slots__ = ("backup", "changes", "idle", "own", "speed")

    def __init__(self, own: Sequence[int], backup: Sequence[int], speed: float = 1.0) -> None:
        self.own, self.backup, self.speed = tuple(own), tuple(backup), speed
        self.idle = False
        # (when, for how long it pauses, or else its lines from then on)
        self.changes: list[tuple[float, float, tuple[tuple[int, ...], tuple[int, ...]] | None]] = []


class Run:
    """Lines, windows and people; `play` goes on until `left` watched calls have been made."""

    def __init__(
        self,
        lines: Sequence[Line],
        desks: Sequence[Desk],
        arrivals: Iterable[Visitor],
        habits: Habits,
        watcher: Watcher | None = None,
    ) -> None:
        self.lines, self.desks, self.habits, self.watcher = lines, desks, habits, watcher
        self.arrivals: Iterator[Visitor] = iter(arrivals)
        self.left = -1  # never reached: until nothing happens any more
        self._events: list[tuple[float, int, int, int, Visitor | None]] = []
        self._n = 0
        self._serves: list[tuple[list[Line], list[Line]]] = [([], []) for _ in desks]
        for number, desk in enumerate(desks):
            self._assign(number)
            for when, _, _ in desk.changes:
                self._at(when, DESK, number)

    def busy(self, desk: int, until: float, visitor: Visitor | None = None) -> None:
        """Somebody is at this window until then; who is to be sent on goes on then."""
        self._at(until, FREE, desk, visitor)

    def wait(self, visitor: Visitor, now: float) -> None:
        """Somebody waits from before; his window is found when the play begins."""
        self.lines[visitor.line].add(visitor)
        if visitor.due == BOOKED and visitor.slot - self.lines[visitor.line].never > now:
            self._at(visitor.slot - self.lines[visitor.line].never, LINE, visitor.line)

    def play(self, now: float) -> float:
        """Let the time run; the time at which it stands still."""
        events = self._events
        busy = {event[3] for event in events if event[2] == FREE}
        for number in range(len(self.desks)):
            if number not in busy:
                self._next(number, now)
        coming = next(self.arrivals, None)
        while self.left:
            if coming is not None and (not events or coming.taken <= events[0][0]):
                now = coming.taken
                self._join(coming, now, again=False)
                coming = next(self.arrivals, None)
                continue
            if not events:
                break
            now, _, kind, number, visitor = heappop(events)
            if kind == FREE:
                if visitor is not None:
                    visitor.line, visitor.minutes, visitor.moves = visitor.moves, visitor.moved, -1
                    visitor.due = PLAIN if visitor.stands == RETURNED else visitor.stands
                    visitor.luck = 2.0  # he is at hand
                    self._join(visitor, now, again=True)
                self._next(number, now)
            elif kind == BACK:
                assert visitor is not None
                visitor.due, visitor.luck = RETURNED, 2.0
                self._join(visitor, now, again=True)
            elif kind == LINE:
                self._offer(number, now)
            elif self.desks[number].idle:
                self._next(number, now)
        return now

    def _join(self, visitor: Visitor, now: float, *, again: bool) -> None:
        if self.watcher is not None:
            self.watcher.joined(visitor, visitor.line, now, again=again)
        self.wait(visitor, now)
        self._offer(visitor.line, now)

    def _offer(self, number: int, now: float) -> None:
        """Somebody may be called in this line: an idle window takes him, its own first."""
        line, desks = self.lines[number], self.desks
        for desk in line.owners:
            if desks[desk].idle:
                self._next(desk, now)
                return
        for desk in line.helpers:
            if desks[desk].idle:
                self._next(desk, now)
                return

    def choose(self, number: int, now: float) -> tuple[Line, Pick] | None:
        """Whom this window calls."""
        return best(*self._serves[number], now)

    def _next(self, number: int, now: float) -> None:
        """A window is free: its pause, its next visitor, or nobody."""
        desk = self.desks[number]
        while desk.changes and desk.changes[-1][0] <= now:
            _, pause, lines = desk.changes.pop()
            if lines is None:
                desk.idle = False
                self._at(now + pause, FREE, number)
                return
            desk.own, desk.backup = lines
            self._assign(number)
        found = self.choose(number, now)
        while found is not None and found[1][5].minutes < 0:  # a question, not a person
            line, pick = found
            pick[5].called = now
            line.remove(pick[5], pick[6], pick[2])
            self.left -= 1
            found = self.choose(number, now) if self.left else None
        if found is None:
            desk.idle = True
            return
        desk.idle = False
        line, pick = found
        visitor = pick[5]
        line.take(pick)
        if self.watcher is not None:
            self.watcher.called(visitor, visitor.line, number, now)
        if visitor.called < 0:
            visitor.called = now
            if visitor.name:
                self.left -= 1
        habits = self.habits
        waited = now - visitor.taken
        if visitor.luck < habits.absent + habits.absent_a_minute * waited:
            self._at(now + habits.calling, FREE, number)
            if visitor.back >= 0:
                self._at(now + habits.calling + visitor.back, BACK, 0, visitor)
            return
        minutes = visitor.minutes * desk.speed
        helped = visitor.line not in desk.own
        if helped:
            minutes *= habits.helping
        if self.watcher is not None:
            self.watcher.served(visitor, number, minutes, helped=helped)
        self._at(now + minutes, FREE, number, visitor if visitor.moves >= 0 else None)

    def _assign(self, number: int) -> None:
        """The lines of a window, and the window in its lines."""
        desk = self.desks[number]
        serves = self._serves[number]
        for line in serves[0]:
            line.owners.remove(number)
        for line in serves[1]:
            line.helpers.remove(number)
        own, backup = ([self.lines[n] for n in lines] for lines in (desk.own, desk.backup))
        self._serves[number] = (own, backup)
        for line in own:
            line.owners.append(number)
        for line in backup:
            line.helpers.append(number)

    def _at(self, when: float, kind: int, number: int, visitor: Visitor | None = None) -> None:
        self._n += 1
        heappush(self._events, (when, self._n, kind, number, visitor))
