"""What a printer makes of the bytes it gets: lines of text, and dots on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers import raster
from drivers.raster import CELL

MOST_ROWS = 32_000


@dataclass(frozen=True)
class Slip:
    """One piece of paper: its text as the printer read it, its dots, and whether it was cut off."""

    lines: tuple[str, ...]
    width: int
    bits: bytes
    cut: bool

    def picture(self) -> Image.Image:
        """The slip as a picture, black on white."""
        rows = len(self.bits) * 8 // self.width
        ink = bytes(255 - byte for byte in self.bits)
        return Image.frombytes("1", (self.width, rows), ink).convert("L")


class Paper:
    """A print head over paper: reads one command at a time and keeps the open slip."""

    def __init__(
        self,
        width: int,
        font: Path | None,
        reply: Callable[[bytes], None],
        finish: Callable[[Slip], None],
    ) -> None:
        self.width, self._font, self._reply, self._finish = width, font, reply, finish
        self.unknown: list[bytes] = []
        self._rows: list[bytes] = []
        self._lines: list[str] = []
        self._qr = b""
        self._module = 3
        self._drawing = (0, 0)  # bytes a row and rows still to come of an open GS v 0
        self.reset()

    def reset(self) -> None:
        """Power-up or ESC @: normal text, Chinese mode on, nothing half read."""
        self._text = b""
        self._size, self._han, self._bold, self._share, self._spacing = 1, 1, False, 0.0, 30
        self._chinese = True
        self._drawing = (0, 0)

    def take(self, bytes_: bytearray) -> tuple[int, int] | None:
        """Do the first command: the bytes it was and the paper rows it took; None: wait."""
        wide, left = self._drawing
        if left:
            if len(bytes_) < wide:
                return None
            self._drawing = (wide, left - 1)
            row = bytes(bytes_[:wide])[: self.width // 8]
            return wide, self._advance([row.ljust(self.width // 8, b"\0")])
        first = bytes_[0]
        if first in b"\x1b\x1c\x1d\x10":
            return self._command(bytes_)
        if first == 0x0A:
            return 1, self._end_line()
        if first not in b"\0\r":
            self._text += bytes_[:1]
        return 1, 0

    def part(self, cut: bool) -> None:
        """Part the paper printed so far from the roll; without ink on it nobody cares."""
        rows, lines = self._rows, self._lines
        self._rows, self._lines = [], []
        if any(any(row) for row in rows):
            self._finish(Slip(tuple(lines), self.width, b"".join(rows), cut))

    def _command(self, got: bytearray) -> tuple[int, int] | None:
        """Parameters by the first two bytes; what is not listed is noted and skipped."""
        key = bytes(got[:2])
        if len(got) < 2:
            return None
        if key in (b"\x1d(", b"\x1bZ", b"\x1dv"):
            return self._long(key, got)
        length = _LENGTHS.get(key)
        if length is None:
            self.unknown.append(key)
            return 1, 0
        if key == b"\x1dV" and len(got) > 2:
            length = 4 if got[2] in (65, 66) else 3
        if len(got) < length:
            return None
        return length, self._short(key, got[length - 1])

    def _short(self, key: bytes, n: int) -> int:
        match key:
            case b"\x1b@":
                self.part(cut=False)  # the next job begins: a slip without a cut was torn off
                self.reset()
            case b"\x1dV" | b"\x1bi":
                self.part(cut=True)
            case b"\x1ba":
                self._share = (0.0, 0.5, 1.0)[n % 3]
            case b"\x1bE":
                self._bold = bool(n & 1)
            case b"\x1d!":
                self._size = (n & 7) + 1
                self._han = self._size
            case b"\x1c!":
                self._han = 2 if n & 0x0C == 0x0C else 1
            case b"\x1c&" | b"\x1c.":
                self._chinese = key == b"\x1c&"
            case b"\x1b3":
                self._spacing = n
            case b"\x1bJ":
                return self._end_line(n)
            case b"\x1bd":
                return self._end_line() + self._advance([self._blank()] * self._spacing * n)
            case b"\x1dr":
                self._reply(b"\x00")
        return 0

    def _long(self, key: bytes, got: bytearray) -> tuple[int, int] | None:
        if len(got) < (5 if key == b"\x1d(" else 8):
            return None
        if key == b"\x1dv":
            self._drawing = (int.from_bytes(got[4:6], "little"), int.from_bytes(got[6:8], "little"))
            return 8, 0
        if key == b"\x1bZ":
            length = 7 + int.from_bytes(got[5:7], "little")
            if len(got) < length:
                return None
            return length, self._draw_qr(bytes(got[7:length]), got[4])
        length = 5 + int.from_bytes(got[3:5], "little")
        if len(got) < length:
            return None
        what, rest = bytes(got[5:7]), bytes(got[7:length])
        if what == b"1C":
            self._module = rest[0]
        elif what == b"1P":
            self._qr = rest[1:]
        elif what == b"1Q":
            return length, self._draw_qr(self._qr, self._module)
        return length, 0

    def _draw_qr(self, data: bytes, module: int) -> int:
        text = data.decode("utf-8", "replace")
        self._lines.append(f"[qr {text}]")
        matrix = raster.qr_modules(text)
        picture = Image.new("L", (len(matrix), len(matrix)))
        picture.putdata([255 * black for row in matrix for black in row])
        side = len(matrix) * module
        return self._put(picture.resize((side, side), Image.Resampling.NEAREST))

    def _end_line(self, rows: int | None = None) -> int:
        code, self._text = self._text, b""
        least = self._spacing if rows is None else rows
        if not code:
            return self._advance([self._blank()] * least)
        text = code.decode("gb18030" if self._chinese else "cp437", "replace")
        self._lines.append(text)
        sizes = [self._size if one.isascii() else self._han for one in text]
        cells = [
            size * CELL // (2 if one.isascii() else 1)
            for one, size in zip(text, sizes, strict=True)
        ]
        picture = Image.new("L", (min(sum(cells), self.width), CELL * max(sizes)))
        draw, left = ImageDraw.Draw(picture), 0
        for one, size, cell in zip(text, sizes, cells, strict=True):
            box = (left + 2, 2, left + cell - 3, CELL * size - 3)
            if self._font is None or not one.isprintable():
                draw.rectangle(box, outline=255)
            else:
                picture.paste(self._letter(one, size, cell), (left, 0))
            left += cell
        took = self._put(picture)
        return took + self._advance([self._blank()] * max(0, least - took))

    def _letter(self, one: str, size: int, cell: int) -> Image.Image:
        """One letter of the printer's own font. Its Latin ones are narrow and low enough for
        their cell, which ours are not: they are made so."""
        high = CELL * size
        face = ImageFont.truetype(str(self._font), high if not one.isascii() else high * 7 // 8)
        bold = raster.stroke(size, self._bold)
        wide = max(cell, int(face.getlength(one)) + 2 * bold)
        letter = Image.new("L", (wide, high))
        at = (wide // 2, int(high * (0.88 if not one.isascii() else 0.8)))
        ImageDraw.Draw(letter).text(at, one, 255, face, "ms", stroke_width=bold)
        return letter.resize((cell, high))

    def _put(self, picture: Image.Image) -> int:
        left = int((self.width - picture.width) * self._share)
        return self._advance(list(raster.from_picture(picture, self.width, left).rows()))

    def _advance(self, rows: list[bytes]) -> int:
        if len(self._rows) < MOST_ROWS:
            self._rows += rows
        return len(rows)

    def _blank(self) -> bytes:
        return bytes(self.width // 8)


_LENGTHS = {
    b"\x1b@": 2,
    b"\x1ba": 3,
    b"\x1bE": 3,
    b"\x1bJ": 3,
    b"\x1bd": 3,
    b"\x1b3": 3,
    b"\x1bi": 2,
    b"\x1c&": 2,
    b"\x1c.": 2,
    b"\x1c!": 3,
    b"\x1d!": 3,
    b"\x1dV": 3,
    b"\x1dr": 3,
    b"\x10\x04": 3,
}
