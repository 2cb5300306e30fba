"""The look of the hall: colours, type and shapes from look.toml, for screens, pages and paper."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

CONFIG = Path(__file__).parent
FILE = CONFIG / "look.toml"
READABLE = 4.5  # WCAG 2.1 AA, contrast of text against its ground

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$")]
Size = Annotated[float, Field(ge=1, le=400)]
Inside = Annotated[str, StringConstraints(pattern=r"^(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_.-]*$")]
Rgba = tuple[float, float, float, float]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")
    )


class Palette(_Part):
    """One set of colours (配色), by what they are for."""

    blue: Colour
    blue_deep: Colour
    red: Colour
    green: Colour
    amber: Colour
    amber_ground: Colour
    ink: Colour
    ink_2: Colour
    ground: Colour
    card: Colour
    line: Colour
    on_blue: Colour
    on_deep: Colour
    call_on_deep: Colour

    def rgba(self, name: str) -> Rgba:
        """A colour as Kivy takes it: four parts of 1."""
        return rgba(str(getattr(self, name)))


class Pair(NamedTuple):
    """A text colour and the ground it may stand on."""

    text: str
    ground: str


# Every pairing that any screen, page or paper uses; a pairing not listed here is not used.
PAIRS = (
    *(Pair(text, ground) for text in ("ink", "ink_2") for ground in ("ground", "card")),
    *(Pair(text, ground) for text in ("blue", "red", "green") for ground in ("ground", "card")),
    *(Pair("on_blue", ground) for ground in ("blue", "red", "green")),
    *(Pair(text, "blue_deep") for text in ("on_deep", "call_on_deep")),
    Pair("amber", "amber_ground"),
)


class Outline(_Part):
    normal: int = Field(ge=0, le=8)
    high_contrast: int = Field(ge=0, le=8)


class ScreenType(_Part):
    """Text heights of one face, largest first."""

    number: Size
    title: Size
    section: Size | None = None
    body: Size
    note: Size


class PaperType(_Part):
    """Least text heights on paper, in millimetres."""

    number: Size
    body: Size
    large_number: Size
    large_body: Size


class Type(_Part):
    kiosk: ScreenType
    window: ScreenType
    phone: ScreenType
    paper: PaperType


class Scale(_Part):
    large_text: float = Field(ge=1, le=2)
    second_language: float = Field(ge=0.3, le=1)
    reading_distance: float = Field(ge=50, le=400)


class Space(_Part):
    grid: int = Field(ge=1, le=64)
    gap: int = Field(ge=0, le=128)
    gap_wide: int = Field(ge=0, le=128)
    radius_kiosk: int = Field(ge=0, le=64)
    radius_page: int = Field(ge=0, le=64)
    touch_mm: int = Field(ge=10, le=60)
    reach_mm: int = Field(ge=150, le=1000)
    touch_px: int = Field(ge=24, le=120)
    touch_apart: int = Field(ge=0, le=64)


class Motion(_Part):
    flash_hz: float = Field(ge=0, le=3)  # above 3 flashes a second can cause seizures (WCAG 2.3.1)
    flash_seconds: float = Field(ge=0, le=30)
    notice_seconds: float = Field(ge=3, le=120)
    loading_after_ms: int = Field(ge=0, le=2000)


class Logo(_Part):
    logo: Inside = Field(max_length=80)


class Fonts(_Part):
    regular: Inside = Field(max_length=80)
    bold: Inside = Field(max_length=80)
    rare: Inside = Field(max_length=80)


class Sounds(_Part):
    call: Inside = Field(max_length=80)
    touch: Inside = Field(max_length=80)


class Look(_Part):
    """All of look.toml. Paths are below config/."""

    hall: Logo
    colours: Palette
    high_contrast: Palette
    outline: Outline
    type: Type
    scale: Scale
    space: Space
    motion: Motion
    fonts: Fonts
    sounds: Sounds

    def palette(self, high_contrast: bool = False) -> Palette:
        """The colours in use."""
        return self.high_contrast if high_contrast else self.colours

    def css(self) -> str:
        """The look as CSS custom properties; a page asks for high contrast with the class
        ``high-contrast`` on its root, and gets it where the visitor's system asks for it."""
        colours = _rules(_colours(self.colours, self.outline.normal))
        contrast = _rules(_colours(self.high_contrast, self.outline.high_contrast))
        sizes = _rules(self._sizes())
        return (
            f":root {{\n{colours}{sizes}}}\n"
            f":root.high-contrast {{\n{contrast}}}\n"
            f"@media (prefers-contrast: more) {{ :root {{\n{contrast}}} }}\n"
        )

    def _sizes(self) -> dict[str, str]:
        sizes: dict[str, str] = {}
        for face in ("window", "phone", "kiosk"):
            for name, size in getattr(self.type, face).model_dump(exclude_none=True).items():
                sizes[f"{face}-{name}"] = f"{size:g}px"
        for name in ("grid", "gap", "gap_wide", "radius_page", "touch_px", "touch_apart"):
            sizes[name.replace("_", "-")] = f"{getattr(self.space, name)}px"
        sizes["large-text"] = f"{self.scale.large_text:g}"
        sizes["second-language"] = f"{self.scale.second_language:g}"
        sizes["flash-seconds"] = f"{self.motion.flash_seconds:g}s"
        return sizes


def file(inside: str) -> Path | None:
    """The file of a logo, font or sound named in look.toml; None where none is named."""
    return CONFIG / inside if inside else None


@lru_cache(maxsize=1)
def look() -> Look:
    """The look of this hall, read once."""
    return read(FILE.read_text(encoding="utf-8-sig"))


def read(text: str) -> Look:
    """Read the text of a look.toml; a colour or size out of bounds raises ValueError."""
    return Look.model_validate(tomllib.loads(text))


def rgba(colour: str) -> Rgba:
    """#0B4EA2 as four parts of 1."""
    red, green, blue = (int(part, 16) / 255 for part in re.findall("..", colour[1:]))
    return red, green, blue, 1.0


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgba(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _colours(palette: Palette, outline: int) -> dict[str, str]:
    return palette.model_dump(by_alias=True) | {"outline": f"{outline}px"}


def _rules(values: Mapping[str, str]) -> str:
    return "".join(f"  --{name}: {value};\n" for name, value in values.items())
