"""How high figures must be to be read from where people stand, and how many then fit."""

from dataclasses import dataclass
from math import ceil, hypot

DIGIT = 0.733  # height of a digit of Noto Sans SC, in its font size
LINE = 1.448  # height of a line of it
LEAST, MOST = 0.035, 0.2  # of the screen's height: below is for desks, above nothing fits


@dataclass(frozen=True)
class Reading:
    """The screen's diagonal in inches (of the real wall, also when it is shown in a smaller
    window), the distance in metres from which it is read, and the parts of that distance which
    a figure must be high: 200, so 50 mm at 10 m."""

    inches: float
    metres: float
    parts: float = 200


def figure(reading: Reading, size: tuple[float, float]) -> float:
    """The least font size in pixels, on a screen of this size in pixels, for that height."""
    pixels_per_mm = hypot(*size) / (reading.inches * 25.4)
    needed = reading.metres * 1000 / reading.parts * pixels_per_mm / DIGIT
    return min(max(needed, LEAST * size[1]), MOST * size[1])


@dataclass(frozen=True)
class Grid:
    """A table of equal cells."""

    columns: int
    rows: int

    @property
    def room(self) -> int:
        return self.columns * self.rows

    def pages(self, cells: int) -> int:
        """How many pages these cells take, one at the least."""
        return max(1, ceil(cells / self.room))


def grid(area: tuple[float, float], cell: tuple[float, float], gap: float) -> Grid:
    """As many cells of at least this size as the area holds, one at the least."""
    columns, rows = (
        max(1, int((whole + gap) // (part + gap))) for whole, part in zip(area, cell, strict=True)
    )
    return Grid(columns, rows)


def even(whole: Grid, cells: int) -> Grid:
    """The grid without the columns and rows that these cells leave empty on every page."""
    most = ceil(cells / whole.pages(cells))
    columns = min(whole.columns, max(1, ceil(most / whole.rows)))
    return Grid(columns, min(whole.rows, max(1, ceil(most / columns))))
