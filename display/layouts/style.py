"""The look of the walls: fonts, colours and type from config/look.toml, as Kivy wants them."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kivy.core.text import DEFAULT_FONT, LabelBase
from kivy.core.text import Label as Lettering
from kivy.lang import Builder

from config.look import Rgba, file, look
from display.board import Shown
from display.layouts import wall_figure  # noqa: F401  its class is named in style.kv

FULL_HEIGHT = 1080  # the height in pixels for which a wall takes the sizes of look.toml

# Ground, text and quiet text of each state, and of the bright half of a flash.
GROUNDS = {
    Shown.CALLED: ("card", "red", "ink_2"),
    Shown.SERVING: ("blue", "on_blue", "line"),
    Shown.FREE: ("blue", "line", "line"),
    Shown.PAUSED: ("amber_ground", "amber", "amber"),
    Shown.CLOSED: ("blue_deep", "line", "line"),
}
LIT = ("red", "on_blue", "on_blue")


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


@lru_cache(maxsize=1)
def dress() -> None:
    """Take the hall's font for every text; before any widget is made, or 中文 becomes boxes."""
    fonts = look().fonts
    LabelBase.register(DEFAULT_FONT, str(file(fonts.regular)), fn_bold=str(file(fonts.bold)))
    Builder.load_file(str(Path(__file__).with_suffix(".kv")))


def colour(name: str) -> Rgba:
    """A colour of the look by its name."""
    return look().colours.rgba(name)


@lru_cache(maxsize=512)
def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is at this font size, in pixels."""
    return float(Lettering(font_size=size, bold=bold).get_extents(text)[0])
