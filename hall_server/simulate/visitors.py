"""The people of one simulated day, and all that the day will bring them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from random import Random

from hall_server.rules.forecast.lines import Visitor
from hall_server.simulate.halls import BY_HALF_HOUR, DOORS, LAST_TICKET, HallPlan

FIRST_SLOT, SLOTS = 540, 15  # 9:00 to 16:00 by half hour
EARLIEST = 30.0  # before that the hall lets nobody check in (签到): he comes back then


@dataclass(frozen=True, slots=True)
class People:
    """How people are (queue-policy §0): shares of 1, minutes, and spreads of a normal law."""

    load: float = 1.0
    booked: float = 0.25
    priority: float = 0.12
    no_show: float = 0.10
    early: float = 11.0
    early_spread: float = 10.0
    returns: float = 0.60
    back_after: float = 12.0
    transfers: float = 0.06
    cv: float = 0.7


@dataclass(slots=True)
class Person:
    """One visitor as he is, whatever rule the hall has."""

    arrives: float
    line: int
    priority: bool
    slot: float | None
    minutes: float
    luck: float
    back: float
    moves: int
    moved: float


def people_of(hall: HallPlan, people: People, means: Sequence[float], rng: Random) -> list[Person]:
    """Everybody who comes on one day, in the order of coming.

    `means` are the true minutes of each line, which the published ones only resemble.
    """
    day = max(0.5, rng.gauss(1, 0.06)) * people.load
    coming: list[Person] = []
    for number, line in enumerate(hall.lines):
        count = round(line.visitors * day * max(0.5, rng.gauss(1, 0.10)))
        for _ in range(count):
            slot = arrives = None
            if rng.random() < people.booked:
                slot = float(FIRST_SLOT + 30 * _slot(rng))
                early = min(EARLIEST, rng.gauss(people.early, people.early_spread))
                arrives = max(DOORS, slot - early)
                if rng.random() < people.no_show:
                    continue
            else:
                half = rng.choices(range(len(BY_HALF_HOUR)), BY_HALF_HOUR)[0]
                arrives = min(LAST_TICKET, DOORS + 30 * (half + rng.random()))
            coming.append(person_of(arrives, number, slot, None, people, means, rng))
    return sorted(coming, key=lambda person: person.arrives)


def person_of(
    arrives: float,
    line: int,
    slot: float | None,
    priority: bool | None,
    people: People,
    means: Sequence[float],
    rng: Random,
) -> Person:
    """Who comes at this time to this line, with everything the day will bring him; whether he is
    of a priority class is drawn too where it is not known."""
    moves = rng.randrange(len(means)) if rng.random() < people.transfers else -1
    return Person(
        arrives=arrives,
        line=line,
        priority=rng.random() < people.priority if priority is None else priority,
        slot=slot,
        minutes=minutes_of(means[line], people.cv, rng),
        luck=rng.random(),
        back=rng.expovariate(1 / people.back_after) if rng.random() < people.returns else -1.0,
        moves=-1 if moves == line else moves,
        moved=minutes_of(means[moves], people.cv, rng) if moves >= 0 else 0.0,
    )


def minutes_of(mean: float, cv: float, rng: Random) -> float:
    """A log-normal time of this mean and coefficient of variation, within 20 seconds and 4 h."""
    sigma = sqrt(log(1 + cv * cv))
    return min(240.0, max(0.33, exp(rng.gauss(log(mean) - sigma * sigma / 2, sigma))))


def as_visitor(person: Person, seq: int, due: int, slot: float | None) -> Visitor:
    """The person with the ticket that he was given."""
    visitor = Visitor(
        seq, person.arrives, person.line, due, slot or 0.0, person.minutes, person.luck
    )
    visitor.back, visitor.moves, visitor.moved = person.back, person.moves, person.moved
    return visitor


def _slot(rng: Random) -> int:
    weights = BY_HALF_HOUR[1 : SLOTS + 1]
    return rng.choices(range(len(weights)), weights)[0]
