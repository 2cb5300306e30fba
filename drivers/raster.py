"""Text and QR codes as black dots, for printers whose own font cannot be trusted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import qrcode
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

CELL = 24  # rows of one line of normal text: 3 mm, the smallest body text of a ticket
LINE = 30  # the same with the space under it
_INK = 110  # grey above which a dot burns: thin strokes of a 24-dot Han survive
_QUIET = 4  # modules of white round a QR code (ISO/IEC 18004)


@dataclass(frozen=True)
class Dots:
    """A black-and-white picture (点阵): rows of bytes, leftmost dot in the high bit, 1 is ink."""

    width: int
    bits: bytes

    def __post_init__(self) -> None:
        """Refuse a width that is not whole bytes, or a torn last row (ValueError)."""
        if self.width % 8 or not 8 <= self.width <= 832 or len(self.bits) % (self.width // 8):
            raise ValueError(f"dots: {len(self.bits)} bytes do not fill rows of {self.width}")

    @property
    def height(self) -> int:
        """Rows of dots."""
        return len(self.bits) * 8 // self.width

    def rows(self) -> Iterator[bytes]:
        """The rows from the top."""
        step = self.width // 8
        return (self.bits[at : at + step] for at in range(0, len(self.bits), step))


def from_picture(picture: Picture.Image, width: int, left: int) -> Dots:
    """Put a grey picture (white is ink) on paper of `width` dots, `left` dots in."""
    paper = Picture.new("L", (width, picture.height))
    paper.paste(picture, (left, 0))
    return Dots(width, paper.point(lambda grey: 255 * (grey > _INK)).convert("1").tobytes())


class Rare(NamedTuple):
    """A second font, and the characters of names (生僻字) that the first one lacks."""

    font: Path
    letters: frozenset[str]


def text_measure(font: Path, size: int, rare: Rare | None = None) -> Callable[[str], float]:
    """A function from text to its width in dots at this size."""

    def measure(text: str) -> float:
        return sum(_face(one, size).getlength(run) for one, run in _runs(text, font, rare))

    return measure


def _runs(text: str, font: Path, rare: Rare | None) -> list[tuple[Path, str]]:
    """The text in pieces of one font each."""
    if rare is None or rare.letters.isdisjoint(text):
        return [(font, text)]
    runs = groupby(text, key=rare.letters.__contains__)
    return [(rare.font if strange else font, "".join(run)) for strange, run in runs]


def stroke(size: int, bold: bool) -> int:
    """Dots a bold letter is thickened on each side; more would close the holes of a Han."""
    return max(1, size // 2) if bold else 0


def text_dots(
    text: str,
    *,
    font: Path,
    size: int,
    bold: bool,
    width: int,
    share: float,
    rare: Rare | None = None,
) -> Dots:
    """Draw one line; `share` of the free space goes left of it (0 left, 0.5 centre, 1 right)."""
    room = min(width, int(text_measure(font, size, rare)(text)) + 2)
    picture = Picture.new("L", (room, LINE * size))  # the tail of a p stands below the em box
    # A CJK em box stands 0.88 above its baseline and 0.12 below, whatever the font's line gap says.
    base = int(CELL * size * 0.88)
    pen, left, thick = ImageDraw.Draw(picture), 1.0, stroke(size, bold)
    for name, run in _runs(text, font, rare):
        face = _face(name, size)
        pen.text((left, base), run, fill=255, font=face, anchor="ls", stroke_width=thick)
        left += face.getlength(run)
    return from_picture(picture, width, int((width - room) * share))


@lru_cache(maxsize=64)
def qr_modules(data: str) -> list[list[bool]]:
    """The matrix of a QR code, error correction M, without quiet zone; at most 512 UTF-8 bytes."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(data.encode())
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_dots(data: str, *, module: int, width: int, share: float) -> Dots:
    """Draw a QR code with its quiet zone, each module `module` dots square."""
    matrix = qr_modules(data)
    side = len(matrix)
    picture = Picture.new("L", (side, side))
    picture.putdata([255 * module for row in matrix for module in row])
    picture = picture.resize((side * module, side * module), Picture.Resampling.NEAREST)
    framed = Picture.new("L", (picture.width, picture.height + 2 * _QUIET * module))
    framed.paste(picture, (0, _QUIET * module))
    return from_picture(framed, width, int((width - framed.width) * share))


@lru_cache(maxsize=16)
def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), CELL * size)
