"""The targets P1 … P8 of performance: a ratio of one run each, and whether it holds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

WORDS = {
    "P1": "takes a second at 32 clients ÷ FastAPI route with the same durable commit",
    "P2": "take p99 at 32 clients ÷ that route's",
    "P3": "whole hall, open loop: take p99 and call → last display p99 ÷ reference hall's",
    "P4": "call → last display ÷ websockets broadcast()",
    "P5": "take p99 in one hall with all displays ÷ in halls that share them",
    "P6": "processor time of a take and of a call, long day ÷ 1,000 tickets",
    "P7": "MiB of memory with all displays",
    "P8": "numbers given twice and tickets called twice by two servers on one PostgreSQL",
}
LIMITS: dict[str, tuple[float, bool]] = {  # limit, and whether more is better
    "P1": (0.6, True),
    "P2": (2.0, False),
    "P3": (2.0, False),
    "P4": (1.3, False),
    "P5": (2.5, False),
    "P6": (1.3, False),
    "P7": (100.0, False),
    "P8": (0.0, False),
}
LEFT_OUT = {"P9": "the kiosk's and the board's, measured with a screen: ./run bench --screens"}


@dataclass(frozen=True)
class Target:
    """One target: what was reached, what is allowed, and the figures behind it.

    `holds` is None when the run did not measure it; `reason` then says why.
    """

    value: float | None
    limit: float
    holds: bool | None
    figures: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None

    def told(self) -> dict[str, Any]:
        told = asdict(self)
        return told if self.reason else {k: v for k, v in told.items() if k != "reason"}


def judge(name: str, value: float, figures: dict[str, Any], *, also: bool = True) -> Target:
    """Whether a value keeps its limit; `also` is what else the target asks for."""
    limit, more = LIMITS[name]
    kept = value >= limit if more else value <= limit
    return Target(round(value, 3), limit, kept and also, figures)


def not_measured(name: str, reason: str, figures: dict[str, Any] | None = None) -> Target:
    return Target(None, LIMITS[name][0], None, figures or {}, reason)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' ratios: what was measured side by side is compared."""
    return median(mine / its for mine, its in zip(ours, theirs, strict=True))


def typical(values: Sequence[float], digits: int = 2) -> float:
    """The median of the rounds, for people."""
    return round(median(values), digits)
