"""Who is called next (顺呼): a pure function of the heads, the window, the policy and the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from hall_server.words import Refusal, Refused, WindowState


class Due(IntEnum):
    """How a waiting ticket stands in its queue."""

    DUE = 1  # 优先类别 now, appointments later: before the plain order
    PLAIN = 2
    RETURNED = 3  # 过号重排: comes after some more calls of its queue


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket as the rule sees it. seq is the order of taking; a transferred or
    returned ticket keeps its own. `after_call` is met once the queue made that many calls."""

    ticket: str
    queue: str
    due: Due
    seq: int
    taken_at: datetime
    after_call: int = 0
    queue_calls: int = 0

    @property
    def ready(self) -> bool:
        """False while a returned ticket must let others go first."""
        return self.due is not Due.RETURNED or self.queue_calls >= self.after_call


@dataclass(frozen=True, slots=True)
class WindowDuty:
    """What a window calls: its own queues, and those it helps (支援)."""

    queues: tuple[str, ...]
    backup: tuple[str, ...] = ()


HELP_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a hall calls; each value is layout data. help_after, by queue: a window helps a backup
    queue whose head has waited this much longer than its own head (queue-policy §1, "older by
    10")."""

    help_after: Mapping[str, timedelta] = field(default_factory=dict)


def choose(heads: Sequence[Waiting], duty: WindowDuty, policy: Policy, now: datetime) -> Waiting:
    """The ticket that this window calls next, of the heads of its queues.

    Due tickets go before the plain order, in both the oldest first. Own queues come before
    backup queues, unless a backup head has waited `help_after` longer. A returned ticket
    whose turn has not come is called only when nobody else waits. Raises
    Refused(no_one_waiting).

    >>> at = datetime(2026, 5, 1, 9)
    >>> plain = Waiting("t1", "social", Due.PLAIN, 1, at)
    >>> due = Waiting("t2", "social", Due.DUE, 2, at)
    >>> choose([plain, due], WindowDuty(("social",)), Policy(), at).ticket
    't2'
    """
    own = _first([head for head in heads if head.queue in duty.queues])
    other = _first([head for head in heads if head.queue in duty.backup])
    if own is None or other is None:
        first = own or other
        if first is None:
            raise Refused(Refusal.NO_ONE_WAITING)
        return first
    if (own.ready, other.ready) == (False, True):
        return other
    help_after = policy.help_after.get(other.queue, HELP_AFTER)
    helps = own.ready == other.ready and other.taken_at + help_after <= own.taken_at
    return other if helps else own


def _first(heads: Sequence[Waiting]) -> Waiting | None:
    """The order inside one line: ready first, due before plain, then by seq."""
    return min(
        heads,
        key=lambda head: (not head.ready, head.due is not Due.DUE, head.seq),
        default=None,
    )


def may_call(state: WindowState, window: str) -> None:
    """Only an open window calls: Refused(window_paused) or Refused(window_not_open)."""
    if state is WindowState.PAUSED:
        raise Refused(Refusal.WINDOW_PAUSED, window=window)
    if state is not WindowState.OPEN:
        raise Refused(Refusal.WINDOW_NOT_OPEN, window=window)


def holds_lease(given: int, present: int, window: str, *, by_key: bool) -> None:
    """A window obeys the last who opened it. `by_key` is the call box on its own desk, which
    has no lease of its own. Raises Refused(window_taken_over)."""
    if not (by_key and given == 0) and given != present:
        raise Refused(Refusal.WINDOW_TAKEN_OVER, window=window)


def within_returns(passed: int, limit: int, number: str) -> None:
    """A passed number may return `limit` times (queue-policy §5: 2); then a new number."""
    if passed > limit:
        raise Refused(Refusal.RETURN_LIMIT, number=number, limit=limit)
