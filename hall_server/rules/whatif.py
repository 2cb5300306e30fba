"""What if (如果…会怎样): a move tried on the twin, with the same people, and what it costs whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt
from random import Random
from statistics import fmean, stdev

from hall_server.rules.calling import WindowDuty
from hall_server.rules.forecast import RUNS, Forecast
from hall_server.rules.forecast.laws import Laws
from hall_server.rules.forecast.twin import Now, Shift, Twin, WindowNow
from hall_server.rules.policy import Policy

HORIZON = timedelta(minutes=90)
SIFT_RUNS, KEPT_MOVES = 6, 6
SURE = 1.96  # 95 %
FELT = 0.5  # minutes; less is not worth a line on a screen
MOST_CANDIDATES = 40
NEVER = 240.0  # minutes after the horizon: the wait of somebody whom no window will call


@dataclass(frozen=True, slots=True)
class OpenFor:
    """A window takes a queue as its own for a while (开窗支援); its own lines become its backup."""

    window: str
    queue: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CloseDoors:
    """No number is taken from this time on (停止取号)."""

    at: datetime


Move = OpenFor | CloseDoors


@dataclass(frozen=True, slots=True)
class Change:
    """A queue's mean wait in minutes before and after a move; `by` is the difference, sure to
    within `give` in 95 of 100 cases. Below 0 people wait less. `away`: how many more people get
    no number for it until the day's usual end (取不到号), sure to within `away_give`."""

    queue: str
    before: float
    after: float
    by: float
    give: float
    away: float = 0.0
    away_give: float = 0.0

    @property
    def felt(self) -> bool:
        """Whether the runs agree that it matters."""
        return abs(self.by) > max(FELT, self.give)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does to every queue, to all visitors together, and which queue pays most
    for it, if one does (代价)."""

    move: Move
    queues: Mapping[str, Change]
    hall: Change

    @property
    def pays(self) -> Change | None:
        losers = [change for change in self.queues.values() if change.felt and change.by > 0]
        return max(losers, key=lambda change: change.by, default=None)

    @property
    def gains(self) -> Change | None:
        winners = [change for change in self.queues.values() if change.felt and change.by < 0]
        return min(winners, key=lambda change: change.by, default=None)


Waits = Mapping[str, tuple[float, int]]  # by queue: minutes waited in all, and by how many
People = Sequence[Mapping[str, int]]  # by queue, on each of several days


def what_if(
    now: Now,
    laws: Laws,
    policy: Policy,
    at: datetime,
    move: Move,
    rng: Random,
    *,
    until: datetime | None = None,
    runs: int = RUNS,
) -> Effect:
    """The effect of one move on those who wait now or come until `until` (90 minutes from now);
    of closed doors on those who have a number by then, and how many get none.

    Both halls are played with the same people and the same services (queue-policy §4: 40 paired
    runs are worth hundreds of independent ones). Raises ValueError for a window or queue that
    the state does not have, and for a move that ends before it starts.
    """
    horizon = (until or at + HORIZON) - at
    seeds = [str(rng.getrandbits(64)) for _ in range(runs)]
    twin = Twin(now, laws, policy, at)
    away: People = ()
    last = horizon
    if isinstance(move, CloseDoors):
        # The mean of fewer people is no gain: both halls count who is in before the doors close.
        away, last = twin.coming_from(move.at), min(horizon, move.at - at)
    before = _plays(twin, seeds, horizon, last)
    after = _plays(_moved(now, laws, policy, at, move), seeds, horizon, last)
    return _effect(move, before, after, away)


def best_moves(
    now: Now,
    laws: Laws,
    policy: Policy,
    at: datetime,
    told: Forecast,
    rng: Random,
    *,
    most: int = 3,
    runs: int = RUNS,
) -> list[Effect]:
    """The moves of one window for the next 90 minutes that save the hall most (忙闲不均).

    Tried are the queues with the longest forecast wait and the windows of the shortest, first
    with a few runs each and the best with all. Only moves that the runs agree on are told.
    """
    end = at + HORIZON
    seeds = [str(rng.getrandbits(64)) for _ in range(runs)]
    before = _plays(Twin(now, laws, policy, at), seeds, HORIZON)
    sifted: list[tuple[float, OpenFor]] = []
    for window, queue in _candidates(now, laws, told):
        move = OpenFor(window, queue, at, end)
        after = _plays(_moved(now, laws, policy, at, move), seeds[:SIFT_RUNS], HORIZON)
        sifted.append((_effect(move, before[:SIFT_RUNS], after).hall.by, move))
    found = []
    for _, move in sorted(sifted, key=lambda one: one[0])[:KEPT_MOVES]:
        after = _plays(_moved(now, laws, policy, at, move), seeds, HORIZON)
        effect = _effect(move, before, after)
        if effect.gains is not None and effect.hall.by < 0:
            found.append(effect)
    return sorted(found, key=lambda effect: effect.hall.by)[:most]


def after_closing(told: Forecast, queue: str, at: datetime, closing: datetime) -> float:
    """How likely a number taken now would only be called after closing: 0 to 1. A queue that no
    window serves any more is called by nobody: 1."""
    span = told.queues.get(queue)
    return 1.0 if span is None else span.chance_after((closing - at) / timedelta(minutes=1))


def _moved(now: Now, laws: Laws, policy: Policy, at: datetime, move: Move) -> Twin:
    """The twin of the hall after the move."""
    if isinstance(move, CloseDoors):
        doors = move.at if now.doors is None else min(move.at, now.doors)
        return Twin(replace(now, doors=doors), laws, policy, at)
    if move.end <= move.start:
        raise ValueError("a move that ends before it starts")
    if move.queue not in laws.service:
        raise ValueError(f"no queue {move.queue}")
    if all(window.window != move.window for window in now.windows):
        raise ValueError(f"no window {move.window}")
    windows = [
        _at_work(window, move, at) if window.window == move.window else window
        for window in now.windows
    ]
    return Twin(replace(now, windows=windows), laws, policy, at)


def _at_work(window: WindowNow, move: OpenFor, at: datetime) -> WindowNow:
    usual = window.duty
    for shift in sorted(window.plan, key=lambda shift: shift.at):
        if shift.at <= move.start and shift.duty is not None:
            usual = shift.duty
    others = (*usual.queues, *usual.backup)
    duty = WindowDuty((move.queue,), tuple(queue for queue in others if queue != move.queue))
    kept = [
        shift for shift in window.plan if shift.duty is None or not move.start < shift.at < move.end
    ]
    if move.start <= at:
        plan = (*kept, Shift(move.end, usual))
        return replace(window, duty=duty, plan=plan)
    return replace(window, plan=(*kept, Shift(move.start, duty), Shift(move.end, usual)))


def _plays(
    twin: Twin, seeds: Iterable[str], horizon: timedelta, last: timedelta | None = None
) -> list[Waits]:
    until = horizon / timedelta(minutes=1)
    counted = until if last is None else last / timedelta(minutes=1)
    return [_play(twin, seed, until, counted) for seed in seeds]


def _play(twin: Twin, seed: str, until: float, counted: float) -> Waits:
    """What those wait who are there or come before `counted`, while people come before `until`."""
    waiting, _, came = twin.play(seed, ask=False, until=until, drained=True)
    found: dict[str, tuple[float, int]] = {}
    for one in (*waiting, *(one for one in came if one.taken < counted)):
        queue = twin.queues[one.line]
        minutes, n = found.get(queue, (0.0, 0))
        called = one.called if one.called >= 0 else until + NEVER
        found[queue] = (minutes + called - max(0.0, one.taken), n + 1)
    return found


def _effect(
    move: Move, before: Sequence[Waits], after: Sequence[Waits], away: People = ()
) -> Effect:
    waited = {queue for waits in (*before, *after) for queue in waits}
    queues = sorted(waited | {queue for day in away for queue, people in day.items() if people})
    return Effect(
        move,
        {queue: _change(queue, before, after, away, [queue]) for queue in queues},
        _change("*", before, after, away, queues),
    )


def _change(
    name: str,
    before: Sequence[Waits],
    after: Sequence[Waits],
    away: People,
    queues: Sequence[str],
) -> Change:
    pairs = [
        (_mean(one, queues), _mean(other, queues)) for one, other in zip(before, after, strict=True)
    ]
    by, give = _sure([other - one for one, other in pairs])
    turned_away = [float(sum(day.get(queue, 0) for queue in queues)) for day in away]
    return Change(
        name,
        fmean(one for one, _ in pairs),
        fmean(other for _, other in pairs),
        by,
        give,
        *_sure(turned_away or [0.0]),
    )


def _sure(values: Sequence[float]) -> tuple[float, float]:
    """Their mean, and within how much of it one may be sure."""
    give = SURE * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return fmean(values), give


def _mean(waits: Waits, queues: Sequence[str]) -> float:
    found = [waits[queue] for queue in queues if queue in waits]
    people = sum(n for _, n in found)
    return sum(minutes for minutes, _ in found) / people if people else 0.0


def _candidates(now: Now, laws: Laws, told: Forecast) -> list[tuple[str, str]]:
    """Windows of the shortest waits, or closed ones, for the queues of the longest."""
    waits = {
        queue: told.queues[queue].median if queue in told.queues else float("inf")
        for queue in laws.service
    }
    longest = sorted(waits, key=lambda queue: -waits[queue])[:5]

    def own_wait(window: WindowNow) -> float:
        return max((waits.get(queue, 0.0) for queue in window.duty.queues), default=-1.0)

    givers = sorted(now.windows, key=own_wait)
    found: list[tuple[str, str]] = []
    for queue in longest:
        lines: set[tuple[str, ...]] = set()
        for window in givers:
            # Windows with the same lines would save the same: one of them is tried.
            if own_wait(window) < waits[queue] and window.duty.queues not in lines:
                lines.add(window.duty.queues)
                found.append((window.window, queue))
            if len(lines) == MOST_CANDIDATES // 5:
                break
    return found
