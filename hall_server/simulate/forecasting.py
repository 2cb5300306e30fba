"""The forecast held against simulated days: at issue, after days of history and without any."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from hall_server.rules.forecast import forecast, learn
from hall_server.rules.forecast.laws import Arrival, Served
from hall_server.rules.forecast.lines import Visitor
from hall_server.rules.forecast.run import Run
from hall_server.rules.forecast.score import Kept, Score, score
from hall_server.simulate.day import Book, Truth, crowd, play, truth_of
from hall_server.simulate.halls import CLOSE, HallPlan
from hall_server.simulate.observed import arrivals, now_of, served
from hall_server.simulate.rule import PROMISE, moment
from hall_server.simulate.visitors import People


@dataclass(frozen=True, slots=True)
class Compared:
    """The forecast's score, and the error of the usual formula on the same tickets:
    (ahead + 1) × published minutes / windows (叫号机常用算法)."""

    score: Score
    usual_error: float

    @property
    def share(self) -> float:
        return self.score.error / self.usual_error


@dataclass(slots=True)
class _Asked:
    visitor: Visitor
    queue: str
    median: float
    low: float
    high: float
    usual: float
    at: float


@dataclass(slots=True)
class History:
    """What the hall has kept of its days."""

    served: list[Served] = field(default_factory=list)
    days: list[Sequence[Arrival]] = field(default_factory=list)


def history_of(hall: HallPlan, truth: Truth, people: People, days: int, seed: int) -> History:
    """So many days of a hall, one after the other."""
    kept = History()
    for day in range(days):
        played = play(hall, truth, crowd(hall, truth, people, seed + day), PROMISE)
        kept.served += served(hall, played)
        kept.days.append(arrivals(hall, played))
    return kept


def compare(
    hall: HallPlan,
    *,
    seed: int,
    learned: int,
    days: int,
    every: int,
    people: People | None = None,
    runs: int = 40,
) -> Compared:
    """Forecast every so many tickets of some days at their issue, after `learned` days.

    Who is called at once is left out: nobody needs a forecast then.
    """
    people = people or People()
    truth = truth_of(hall, seed)
    kept = history_of(hall, truth, people, learned, 1_000 * seed)
    published = {line.name: line.minutes for line in hall.lines}
    asked: list[_Asked] = []
    rng = Random(f"forecast {seed}")

    def seen(run: Run, book: Book, visitor: Visitor) -> None:
        if visitor.seq % every or visitor.called >= 0 or visitor.taken > CLOSE:
            return
        now = visitor.taken
        laws = learn(published, kept.served, served(hall, book, now), kept.days)
        state = now_of(hall, run, book, now)
        told = forecast(state, laws, PROMISE.policy, moment(now), rng, runs)
        line = hall.lines[visitor.line]
        windows = sum(line.name in window.queues for window in hall.windows)
        span = told.tickets[str(visitor.seq)]
        ahead = run.lines[visitor.line].waiting - 1
        usual = (ahead + 1) * line.minutes / windows
        asked.append(_Asked(visitor, line.name, span.median, span.low, span.high, usual, now))

    for day in range(days):
        coming = crowd(hall, truth, people, 1_000 * seed + learned + day)
        play(hall, truth, coming, PROMISE, seen=seen)
    rows = [
        Kept(one.queue, one.median, one.low, one.high, one.visitor.called - one.at) for one in asked
    ]
    usual = sum(abs(one.usual - row.waited) for one, row in zip(asked, rows, strict=True)) / len(
        rows
    )
    return Compared(score(rows)["*"], usual)
