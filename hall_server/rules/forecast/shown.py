"""What a person is told of a forecast: rounded, and never silently longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOVED_MINUTES, MOVED_SHARE = 5.0, 0.30


@dataclass(frozen=True, slots=True)
class Told:
    """What a person was told, and when: the minutes to his call, and the range."""

    at: datetime
    median: float
    low: float
    high: float

    def left(self, now: datetime) -> float:
        """What remains of it."""
        return max(0.0, self.median - (now - self.at) / timedelta(minutes=1))


def rounded(minutes: float) -> int:
    """Minutes as they are said: in steps of 1 below 10, of 5 up to an hour, of 10 above.

    >>> [rounded(minutes) for minutes in (0.2, 7.4, 12.6, 58, 83)]
    [0, 7, 15, 60, 80]
    """
    step = 1 if minutes < 10 else 5 if minutes < 60 else 10
    return int(step * ((max(0.0, minutes) + step / 2) // step))


@dataclass(frozen=True, slots=True)
class AtIssue:
    """What is at hand for a number taken now: the range of its queue as the last run had it,
    how many waited then, the minutes that one more person there adds, and whether the call
    comes more likely than not after closing."""

    median: float
    low: float
    high: float
    waiting: int
    each: float
    late: bool = False


def at_issue(known: AtIssue, ahead: int, now: datetime) -> Told:
    """What a number is told when it is taken; nobody waits for a run.

    The last run is up to 20 s old: who has come since is added, who has left is not taken off
    (a promise that is too short is the worse one).

    >>> told = at_issue(AtIssue(12.0, 6.0, 21.0, 3, 2.5), 5, datetime(2026, 5, 1, 9))
    >>> told.median, told.low, told.high
    (17.0, 11.0, 26.0)
    """
    more = max(0, ahead - known.waiting) * known.each
    return Told(now, known.median + more, known.low + more, known.high + more)


def told_again(
    before: Told | None, median: float, low: float, high: float, now: datetime
) -> tuple[Told, bool]:
    """What a person is told now, and whether it must be said aloud (推送).

    A shorter wait is shown at once. A longer one is never shown silently: as long as it has not
    moved by more than 5 minutes and 30 % the earlier word stands and runs down; then it is told
    with a notice. Something that moved as much to the shorter side is told with a notice too.
    """
    fresh = Told(now, median, low, high)
    if before is None:
        return fresh, False
    left = before.left(now)
    moved = abs(median - left) > max(MOVED_MINUTES, MOVED_SHARE * left)
    if moved or median <= left:
        return fresh, moved
    gone = before.median - left
    return Told(now, left, max(0.0, before.low - gone), max(left, before.high - gone)), False
