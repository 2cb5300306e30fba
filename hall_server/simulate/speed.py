"""How quick the rule, the forecast and the advice are: processor time of one core."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import thread_time

from hall_server.rules import calling
from hall_server.rules.calling import Due, Waiting, WindowDuty
from hall_server.rules.forecast import Now, forecast, learn
from hall_server.rules.forecast.lines import Visitor
from hall_server.rules.forecast.run import Run
from hall_server.rules.policy import Policy
from hall_server.rules.whatif import best_moves
from hall_server.simulate.day import Book, crowd, play, truth_of
from hall_server.simulate.forecasting import history_of
from hall_server.simulate.halls import HallPlan
from hall_server.simulate.observed import now_of, served
from hall_server.simulate.rule import PROMISE, moment
from hall_server.simulate.visitors import People

CHOICES, CROWD, TURNS = 4_000, 500, 5


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds: one choice of 500 who wait (p99), one refresh of the forecast, one advice."""

    waiting: int
    choice: float
    refresh: float
    advice: float


def speed(hall: HallPlan, seed: int) -> Speed:
    """Measure at the fullest moment of a busy day, with 15 days of history."""
    truth, people = truth_of(hall, seed), People(load=1.05)
    kept = history_of(hall, truth, people, 15, seed)
    fullest: list[tuple[int, float, Now]] = []

    def seen(run: Run, book: Book, visitor: Visitor) -> None:
        waiting = sum(line.waiting for line in run.lines)
        if not fullest or waiting > fullest[0][0]:
            fullest[:] = [(waiting, visitor.taken, now_of(hall, run, book, visitor.taken))]

    day = play(hall, truth, crowd(hall, truth, people, seed + 15), PROMISE, seen=seen)
    waiting, minute, now = fullest[0]
    published = {line.name: line.minutes for line in hall.lines}
    laws = learn(published, kept.served, served(hall, day, minute), kept.days)
    policy, at = PROMISE.policy, moment(minute)
    told = forecast(now, laws, policy, at, Random(seed))
    return Speed(
        waiting,
        _choice(Random(seed)),
        min(_took(lambda: forecast(now, laws, policy, at, Random(seed))) for _ in range(TURNS)),
        _took(lambda: best_moves(now, laws, policy, at, told, Random(seed))),
    )


def _choice(rng: Random) -> float:
    heads = [
        Waiting(
            str(seq),
            rng.choice("ab"),
            rng.choice(list(Due)),
            seq,
            moment(600 + seq / 10),
            after_call=5,
            queue_calls=5,
            slot=moment(650 + 30 * rng.random()),
        )
        for seq in range(CROWD)
    ]
    duty, at = WindowDuty(("a",), ("b",)), moment(660)
    took = sorted(_took(lambda: calling.choose(heads, duty, Policy(), at)) for _ in range(CHOICES))
    return took[int(0.99 * CHOICES)]


def _took(deed: Callable[[], object]) -> float:
    begun = thread_time()
    deed()
    return thread_time() - begun
