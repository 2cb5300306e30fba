"""One day of a hall played by a rule, and the book that is kept of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from hall_server.rules import calling
from hall_server.rules.forecast.lines import PLAIN, Visitor
from hall_server.rules.forecast.run import Desk, Habits, Run
from hall_server.simulate.halls import OPEN, HallPlan
from hall_server.simulate.rule import Rule, TrueRun, line_of, moment
from hall_server.simulate.visitors import People, Person, as_visitor, minutes_of, people_of

LUNCH, LUNCH_MINUTES = (720.0, 765.0), 45.0  # two groups, 12:00 and 12:45
CALLING = Habits().calling


@dataclass(frozen=True, slots=True)
class Truth:
    """How a hall really is; the published minutes only resemble it."""

    means: tuple[float, ...]  # minutes of each line
    speeds: tuple[float, ...]  # of each window, as a factor on the minutes


@dataclass(slots=True)
class Row:
    """What became of one visitor. Times are minutes after midnight."""

    visitor: Visitor
    line: int
    arrived: float
    due: int
    group: str  # plain, priority, booked
    may_come: float  # from when he waits: his ticket, or 10 minutes before his slot
    slot: float | None
    ahead: int  # who waited before him at his coming
    calls_before: int  # calls of the line up to then
    older: int = 0  # transferred and returned people with a lower number who came after him
    calls: int = 0  # calls of the line until his, his own counted
    overtaken: int = 0  # later plain tickets called before him
    by_later: int = 0  # later tickets of any kind called before him

    @property
    def wait(self) -> float:
        return max(0.0, self.visitor.called - self.may_come)


class Counted(Protocol):
    """What the book asks of a line: who waits now, and the calls made today."""

    waiting: int
    calls: int


@dataclass(slots=True)
class Book:
    """Everything that is counted on a day."""

    lines: Sequence[Counted]
    rows: dict[int, Row] = field(default_factory=dict)
    waiting: list[dict[int, Row]] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    # (start, line, window, minutes) of each service; and by window (line, start, end) of the last
    services: list[tuple[float, int, int, float]] = field(default_factory=list)
    at_desk: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    last: float = 0.0

    def joined(self, visitor: Visitor, line: int, now: float, *, again: bool) -> None:
        waiting = self.waiting[line]
        if again:
            for seq, row in waiting.items():
                row.older += visitor.seq < seq
            return
        row = self.rows[visitor.seq]
        row.ahead, row.calls_before = self.lines[line].waiting, self.lines[line].calls
        waiting[visitor.seq] = row

    def called(self, visitor: Visitor, line: int, desk: int, now: float) -> None:
        self.last = now
        self.at_desk[desk] = (line, now, now + CALLING)
        row = self.waiting[line].pop(visitor.seq, None)
        if row is None:
            return
        row.calls = self.lines[line].calls - row.calls_before
        for seq, other in self.waiting[line].items():
            other.by_later += seq < visitor.seq
            other.overtaken += seq < visitor.seq and row.group == "plain"

    def served(self, visitor: Visitor, desk: int, minutes: float, *, helped: bool) -> None:
        self.busy[desk] += minutes
        self.services.append((self.last, visitor.line, desk, minutes))
        self.at_desk[desk] = (visitor.line, self.last, self.last + minutes)


@dataclass(slots=True)
class Day:
    """A played day: the run as it stands at its end, and its book."""

    run: Run
    book: Book
    end: float


def truth_of(hall: HallPlan, seed: int) -> Truth:
    """What is true of this hall: minutes 15 % around the published, windows 15 % fast or slow."""
    rng = Random(f"truth {hall.name} {seed}")
    return Truth(
        tuple(minutes_of(line.minutes, 0.15, rng) for line in hall.lines),
        tuple(minutes_of(1.0, 0.15, rng) for _ in hall.windows),
    )


def crowd(hall: HallPlan, truth: Truth, people: People, seed: int) -> list[Person]:
    """The people of one day; the same seed gives the same people to every rule."""
    return people_of(hall, people, truth.means, Random(f"day {hall.name} {seed}"))


def play(
    hall: HallPlan,
    truth: Truth,
    coming: Sequence[Person],
    rule: Rule,
    *,
    true: bool = False,
    seen: Callable[[Run, Book, Visitor], None] | None = None,
    absent: Sequence[int] = (),
) -> Day:
    """Play one day from the doors' opening until the last visitor is served.

    `true` lets `calling.choose` make every call instead of its quick twin. `seen` is asked right
    after each ticket. `absent` windows stay closed.
    """
    names = [line.name for line in hall.lines]
    policy = rule.policy
    lines = [line_of(name, policy) for name in names]
    desks = [Desk((), (), speed) for speed in truth.speeds]
    for number, window in enumerate(hall.windows):
        if number in absent:
            continue
        own = tuple(names.index(name) for name in window.queues)
        backup = tuple(names.index(name) for name in window.backup)
        desks[number].changes = [
            (LUNCH[number % 2], LUNCH_MINUTES, None),
            (OPEN, 0.0, (own, backup)),
        ]
    book = Book(lines, waiting=[{} for _ in lines], busy=[0.0] * len(desks))

    def arriving() -> Iterator[Visitor]:
        before: Visitor | None = None
        for seq, person in enumerate(coming, 1):
            if seen is not None and before is not None:
                seen(run, book, before)
            before = takes(person, seq, rule, book)
            yield before

    run = (TrueRun if true else Run)(lines, desks, arriving(), Habits(), book)
    if isinstance(run, TrueRun):
        run.names, run.policy = names, policy
    return Day(run, book, run.play(0.0))


def takes(person: Person, seq: int, rule: Rule, book: Book) -> Visitor:
    """He takes his number: as what he is, or as one of many where first come is first served."""
    slot = None if person.slot is None else moment(person.slot)
    due, kept = calling.standing(
        priority=person.priority, slot=slot, taken_at=moment(person.arrives), policy=rule.policy
    )
    group = {calling.Due.DUE: "priority", calling.Due.BOOKED: "booked"}.get(due, "plain")
    booked = kept is not None and person.slot is not None
    may_come = max(person.arrives, person.slot - 10) if booked else person.arrives  # type: ignore[operator]
    visitor = as_visitor(
        person, seq, PLAIN if rule.plain else int(due), person.slot if booked else None
    )
    book.rows[seq] = Row(
        visitor,
        person.line,
        person.arrives,
        int(due),
        group,
        may_come,
        person.slot if booked else None,
        0,
        0,
    )
    return visitor
