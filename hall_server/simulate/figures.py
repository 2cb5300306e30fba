"""What a rule does to people: waits by class, punctuality, overtaking, use of the windows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import fmean

from hall_server.rules.policy import RATIO
from hall_server.simulate.arrivals import Came, who_came
from hall_server.simulate.day import Book, Row, Truth, crowd, play, truth_of
from hall_server.simulate.halls import PAID_MINUTES, HallPlan
from hall_server.simulate.rule import Rule
from hall_server.simulate.visitors import People, Person

PUNCTUAL = 10.0  # minutes around the slot
HOURS = tuple(range(8, 17))


@dataclass(frozen=True, slots=True)
class Figures:
    """One rule in one hall, over all its days. Waits in minutes, shares of 1."""

    hall: str
    rule: str
    people: int
    mean: float
    p95: float
    longest: float
    plain_mean: float
    plain_p95: float
    priority_mean: float
    priority_p95: float
    booked_mean: float
    punctual: float  # of the booked who came by their slot, those called within 10 minutes of it
    overtaken: float  # later tickets called before a plain one, on average
    beyond: int  # plain tickets that waited beyond the bound of their rule
    busy: float  # the windows' time in service, lunch left out
    by_hour: tuple[float, ...] = field(default=())


# Who plays a day: the rules alone, or the real Hall.
Engine = Callable[[HallPlan, Truth, Sequence[Person], Rule, Callable[[float], None]], Book]


def figures(
    hall: HallPlan,
    rule: Rule,
    people: People,
    seeds: Iterable[int],
    *,
    hall_seeds: Sequence[int] = (1, 2, 3, 4),
    progress: Callable[[float], None] = lambda _: None,
    engine: Engine | None = None,
    came: Sequence[Came] = (),
) -> Figures:
    """Play each hall (its true minutes differ by hall seed) on each day; all rules that are
    given the same seeds meet the same people: those who `came`, else drawn ones. `progress` is
    told the part of a day that was played."""
    rows: list[Row] = []
    busy: list[float] = []
    days = list(seeds)
    for hall_seed in hall_seeds:
        truth = truth_of(hall, hall_seed)
        for seed in days:
            rng = Random(f"arrivals {hall.name} {hall_seed} {seed}")
            coming = (
                who_came(came, people, truth.means, rng)
                if came
                else crowd(hall, truth, people, 10_000 * hall_seed + seed)
            )
            book = (engine or by_rules)(hall, truth, coming, rule, progress)
            rows += book.rows.values()
            busy.append(fmean(book.busy) / PAID_MINUTES)
    return _figures(hall, rule, rows, fmean(busy))


def by_rules(
    hall: HallPlan,
    truth: Truth,
    coming: Sequence[Person],
    rule: Rule,
    progress: Callable[[float], None],
) -> Book:
    """A day played by the pure rules alone: a hundred times as fast as through the Hall."""
    book = play(hall, truth, coming, rule).book
    progress(1.0)
    return book


def _figures(hall: HallPlan, rule: Rule, rows: list[Row], busy: float) -> Figures:
    groups = {name: [row.wait for row in rows if row.group == name] for name in GROUPS}
    waits = [row.wait for row in rows]
    slots = [
        row.visitor.called - row.slot
        for row in rows
        if row.slot is not None and row.arrived <= row.slot
    ]
    plain = [row for row in rows if row.group == "plain"]
    by_hour = [[row.wait for row in rows if int(row.arrived // 60) == hour] for hour in HOURS]
    return Figures(
        hall=hall.name,
        rule=rule.name,
        people=len(rows),
        mean=fmean(waits),
        p95=_part(waits, 0.95),
        longest=max(waits),
        plain_mean=_mean(groups["plain"]),
        plain_p95=_part(groups["plain"], 0.95),
        priority_mean=_mean(groups["priority"]),
        priority_p95=_part(groups["priority"], 0.95),
        booked_mean=_mean(groups["booked"]),
        punctual=_mean([float(abs(one) <= PUNCTUAL) for one in slots]),
        overtaken=_mean([float(row.by_later) for row in plain]),
        beyond=sum(_beyond(row, hall, rule) for row in plain),
        busy=busy,
        by_hour=tuple(_mean(found) for found in by_hour),
    )


GROUPS = ("plain", "priority", "booked")


def _beyond(row: Row, hall: HallPlan, rule: Rule) -> bool:
    """Whether a plain ticket waited longer than (ratio + 1)(n + 1) calls of its queue. A rule
    without a ratio is held against the hall's usual one."""
    ratio = rule.policy.ratio.get(hall.lines[row.line].name, RATIO)
    bound = (ratio if ratio < 10 else RATIO) + 1
    return row.calls > bound * (row.ahead + row.older + 1)


def _mean(found: Sequence[float]) -> float:
    return fmean(found) if found else 0.0


def _part(found: Sequence[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(share * len(found)))] if found else 0.0
