"""What a hall has learned of itself: how long services take, how quick windows are, who comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import exp, log, sqrt
from statistics import fmean, pstdev

from hall_server.rules.calling import Due

ENOUGH = 30  # finished services of a queue before its history counts (queue-policy §2)
TODAY = 12  # today's mean of n services weighs n / (n + 12)
SPEED = 20  # a window's own speed of n services weighs n / (n + 20)
FIRST_CV, FIRST_SPREAD = 0.7, 0.2
MOST_DAYS = 30
SHORTEST, LONGEST = 0.2, 240.0  # minutes of a service that are believed


@dataclass(frozen=True, slots=True)
class Served:
    """A finished service: its queue, its window, and its minutes from the call to the end."""

    queue: str
    window: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came on a stored day: when, counted from midnight, and how he stood."""

    after: timedelta
    queue: str
    due: Due = Due.PLAIN
    slot: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The service time of a queue: log-normal, mean minutes and coefficient of variation.

    `spread` is how unsure the mean itself is: 0 once there is history, else 0.2 for the queue
    and 0.2 for the hall in each run.
    """

    minutes: float
    cv: float = FIRST_CV
    spread: float = FIRST_SPREAD

    @property
    def mu(self) -> float:
        return log(self.minutes) - self.sigma**2 / 2

    @property
    def sigma(self) -> float:
        return sqrt(log(1 + self.cv**2))


@dataclass(frozen=True, slots=True)
class Laws:
    """Everything the forecast knows besides the present state.

    `service` by queue, `speeds` by window as a factor on the minutes, `days` of arrivals (the
    last 30 count). Of those called a share `absent` + `absent_a_minute` × minutes waited is not
    there, which costs `calling` minutes; a share `returns` of them comes back after
    `back_after` minutes on average. A window that helps is slower by `helping`.
    """

    service: Mapping[str, Law]
    speeds: Mapping[str, float] = field(default_factory=dict)
    days: Sequence[Sequence[Arrival]] = ()
    absent: float = 0.05
    absent_a_minute: float = 0.0018
    calling: float = 1.25
    helping: float = 1.1
    returns: float = 0.6
    back_after: float = 12.0


def learn(
    published: Mapping[str, float],
    history: Sequence[Served] = (),
    today: Sequence[Served] = (),
    days: Sequence[Sequence[Arrival]] = (),
) -> Laws:
    """The laws of a hall from its finished services and its stored days.

    A queue with fewer than 30 finished services has its published minutes with cv 0.7 and an
    unsure mean (冷启动); then the mean of its history. Today's mean of n services weighs
    n / (n + 12) against it.

    >>> learn({"tax": 9}).service["tax"]
    Law(minutes=9, cv=0.7, spread=0.2)
    >>> known = learn({"tax": 9}, [Served("tax", "1", 12.0)] * 30, [Served("tax", "1", 18.0)] * 12)
    >>> round(known.service["tax"].minutes, 1)
    15.0
    """
    past, now = _by_queue(history), _by_queue(today)
    service: dict[str, Law] = {}
    for queue, minutes in published.items():
        law = Law(minutes)
        if len(known := past.get(queue, [])) >= ENOUGH:
            sigma = pstdev([log(one) for one in known])
            law = Law(fmean(known), max(0.1, sqrt(exp(sigma**2) - 1)), 0.0)
        if fresh := now.get(queue):
            weight = len(fresh) / (len(fresh) + TODAY)
            law = Law((1 - weight) * law.minutes + weight * fmean(fresh), law.cv, law.spread)
        service[queue] = law
    return Laws(service, _speeds([*history, *today], service), tuple(days)[-MOST_DAYS:])


def _believed(minutes: float) -> float:
    return min(LONGEST, max(SHORTEST, minutes))


def _by_queue(services: Iterable[Served]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in services:
        found.setdefault(one.queue, []).append(_believed(one.minutes))
    return found


def _speeds(services: Iterable[Served], law: Mapping[str, Law]) -> dict[str, float]:
    """How long each window takes compared with its queues' means, drawn towards 1."""
    ratios: dict[str, list[float]] = {}
    for one in services:
        if one.queue in law:
            ratio = _believed(one.minutes) / law[one.queue].minutes
            ratios.setdefault(one.window, []).append(ratio)
    return {window: (sum(found) + SPEED) / (len(found) + SPEED) for window, found in ratios.items()}
