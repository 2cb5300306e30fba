"""The fonts of this hall's look, as what is drawn on paper takes them."""

from config import look, rare
from drivers.raster import Rare

FONT = look.file(look.look().fonts.regular)


def rare_letters() -> Rare | None:
    """The second font and its rare characters (生僻字); None where the hall names none."""
    font = rare.font()
    return Rare(font, rare.rare()) if font else None
