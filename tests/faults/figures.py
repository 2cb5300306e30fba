"""What a fault run found: counts, times, and whether it holds."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Figure:
    """One run of one fault. `wrong` lists every breach in words; a run that holds has none.

    A control is a run with one protection taken away: it is good when something breaks.
    """

    what: str
    seed: int
    count: int = 0  # kills, cuts, presses, requests
    acknowledged: int = 0
    lost: int = 0
    duplicates: int = 0
    gaps: int = 0
    times: list[float] = field(default_factory=list)  # seconds; of what, `what` says
    seconds: float = 0.0
    control: bool = False
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bitten(self) -> bool:
        """Something that must not happen has happened."""
        return bool(self.lost or self.duplicates or self.gaps or self.wrong)

    @property
    def holds(self) -> bool:
        return self.bitten if self.control else not self.bitten

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.99))]

    def tell(self, breach: str) -> None:
        """Note one breach; the first twenty are kept in words."""
        if len(self.wrong) < 20:
            self.wrong.append(breach)

    def __str__(self) -> str:
        said = (
            f"{self.what}{' (control)' if self.control else ''}: seed {self.seed}, "
            f"{self.count} in {self.seconds:.1f} s, {self.acknowledged} acknowledged, "
            f"{self.lost} lost, {self.duplicates} duplicate, {self.gaps} gaps"
        )
        if self.times:
            said += f", median {self.median:.3f} s, p99 {self.p99:.3f} s, max {max(self.times):.3f}"
        return "; ".join([said, *self.notes, *self.wrong])
