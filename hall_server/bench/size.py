"""How much a run measures: the whole of it, a quick look, or the least that a test needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Bounds of every measurement of one run; `seconds` are of one piece of load."""

    name: str
    rounds: int
    seconds: float
    clients: tuple[int, ...]
    displays: tuple[int, ...]
    fan_outs: int  # calls for each number of displays
    halls: int  # of the whole hall, each with `boards` displays
    boards: int
    days: tuple[int, ...]  # tickets taken today
    takes: int  # whose processor time is measured at once
    calls: int
    visits: int  # from taking to finishing, for the memory of a day
    presses: int  # on two server processes


FULL = Size(
    "full", 5, 2.0, (1, 8, 32, 128), (10, 100, 1_000), 20, 20, 25,
    (100, 1_000, 10_000, 100_000), 1_000, 200, 3_000, 20_000,
)  # fmt: skip
QUICK = Size(
    "quick", 2, 0.5, (1, 32), (10, 100, 1_000), 8, 20, 25,
    (100, 1_000, 4_000), 400, 200, 300, 2_000,
)  # fmt: skip
SMALLEST = Size(
    "smallest", 1, 0.1, (1, 2), (2, 4), 1, 2, 2, (10, 20), 10, 5, 5, 20,
)  # fmt: skip
