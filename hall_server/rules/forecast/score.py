"""How good the forecast was (预计等候的准头): error, bias and coverage by queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Kept:
    """What one ticket was told at its issue, and what came. Minutes."""

    queue: str
    median: float
    low: float
    high: float
    waited: float


@dataclass(frozen=True, slots=True)
class Score:
    """Of `n` tickets: mean absolute error, bias (told minus waited: below 0 is too short), the
    share whose wait fell into the range, its mean width, the mean wait, and the share that
    waited over 10 minutes longer than told."""

    n: int
    error: float
    bias: float
    coverage: float
    width: float
    waited: float
    far_too_short: float


ALL = "*"
ROUNDING = 0.5  # a range of 0 to 0 minutes is kept by a call after 20 seconds


def score(kept: Iterable[Kept]) -> Mapping[str, Score]:
    """The score of each queue, and of all under "*"; empty where nothing was kept.

    >>> told = [Kept("tax", 10, 5, 20, 14), Kept("tax", 10, 5, 20, 24)]
    >>> found = score(told)["tax"]
    >>> found.error, found.bias, found.coverage
    (9.0, -9.0, 0.5)
    """
    found: dict[str, list[Kept]] = {}
    for one in kept:
        found.setdefault(one.queue, []).append(one)
        found.setdefault(ALL, []).append(one)
    return {queue: _score(rows) for queue, rows in found.items()}


def _score(rows: list[Kept]) -> Score:
    return Score(
        n=len(rows),
        error=fmean(abs(row.median - row.waited) for row in rows),
        bias=fmean(row.median - row.waited for row in rows),
        coverage=fmean(row.low - ROUNDING <= row.waited <= row.high + ROUNDING for row in rows),
        width=fmean(row.high - row.low for row in rows),
        waited=fmean(row.waited for row in rows),
        far_too_short=fmean(row.waited - row.median > 10 for row in rows),
    )
