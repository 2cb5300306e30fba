"""The look of the walls: fonts, colours and type from config/look.toml, as Kivy wants them."""

from dataclasses import dataclass
from functools import lru_cache

from kivy.core.text import DEFAULT_FONT, LabelBase
from kivy.core.text import Label as Lettering

from config.look import Rgba, file, look

FULL_HEIGHT = 1080  # the height in pixels for which a wall takes the sizes of look.toml


@dataclass(frozen=True)
class Sizes:
    """The sizes of texts and of one step of the grid on a wall of some height, in pixels."""

    unit: float
    title: float
    section: float
    body: float
    note: float

    @staticmethod
    def of(height: float) -> "Sizes":
        scale, face = height / FULL_HEIGHT, look().type.kiosk
        return Sizes(
            unit=look().space.grid * scale,
            title=face.title * scale,
            section=(face.section or face.title) * scale,
            body=face.body * scale,
            note=face.note * scale,
        )


def dress() -> None:
    """Take the hall's font for every text; before any widget is made, or 中文 becomes boxes."""
    fonts = look().fonts
    LabelBase.register(DEFAULT_FONT, str(file(fonts.regular)), fn_bold=str(file(fonts.bold)))


def colour(name: str) -> Rgba:
    """A colour of the look by its name."""
    return look().colours.rgba(name)


@lru_cache(maxsize=512)
def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is at this font size, in pixels."""
    return float(Lettering(font_size=size, bold=bold).get_extents(text)[0])
