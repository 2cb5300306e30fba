"""The printable lines of a job, and the dozen ESC/POS commands they become."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers import raster
from drivers.profile import DOTS_PER_MM, Mode, Profile, QrKind, Repertoire
from drivers.raster import CELL, LINE, Dots, Rare

MOST_LINES = 400
MOST_TEXT = 512
MOST_ROWS = 16_000  # two metres of paper
_GETA = "〓"  # the printers' own sign for a character they do not have (GB 2312 A1FE)
_NEVER_FIRST = "，。、；：！？）》」』】”’％,.;:!?)]}%"
_NEVER_LAST = "（《「『【“‘([{"
_PLAINER = {ord("–"): "-"}  # a Chinese font has it as wide as a Han: 3 – 5
_SKIP = 8  # blank rows worth a feed command instead of dots


class Align(StrEnum):
    """Where on the paper's width a line stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"

    @property
    def share(self) -> float:
        """The part of the free width that goes to the left of the line."""
        return {"left": 0.0, "centre": 0.5, "right": 1.0}[self]


@dataclass(frozen=True)
class Text:
    """One paragraph, wrapped to the paper; size 1 is 3 mm high, 2 is 6 mm, … 8 is 24 mm.

    That is the height of a Han; a drawn figure has 0.73 of it, so a number of 8 mm is size 4.
    At most 512 characters; control and invisible ones are dropped, so no text carries a command.
    """

    text: str
    size: int = 1
    align: Align = Align.LEFT
    bold: bool = False

    def __post_init__(self) -> None:
        """Refuse a size or length out of bounds (ValueError)."""
        if not 1 <= self.size <= 8 or len(self.text) > MOST_TEXT:
            raise ValueError(f"text: size {self.size}, {len(self.text)} characters")


@dataclass(frozen=True)
class Qr:
    """A QR code at least `side_mm` wide where the paper allows; at most 512 bytes of UTF-8."""

    data: str
    side_mm: int = 25
    align: Align = Align.CENTRE

    def __post_init__(self) -> None:
        """Refuse content or side out of bounds (ValueError)."""
        if not 1 <= len(self.data.encode()) <= MOST_TEXT or not 10 <= self.side_mm <= 100:
            raise ValueError("QR: content or side out of bounds")


@dataclass(frozen=True)
class Image:
    """A ready picture, at most as wide as the paper, such as a logo."""

    dots: Dots


@dataclass(frozen=True)
class Feed:
    """Blank paper, in dots of 1/8 mm, 1 to 1600."""

    rows: int

    def __post_init__(self) -> None:
        """Refuse a feed out of bounds (ValueError)."""
        if not 1 <= self.rows <= 1600:
            raise ValueError(f"feed: {self.rows} rows")


@dataclass(frozen=True)
class Cut:
    """Feed past the knife and cut: the end of one slip."""


Line = Text | Qr | Image | Feed | Cut
Job = Sequence[Line]


@dataclass(frozen=True)
class Piece:
    """Whole commands that are sent in one go, the paper rows they take, and whether they show."""

    data: bytes
    rows: int = 0
    ink: bool = False


def start(profile: Profile) -> Piece:
    """Bring the printer to a known state: reset, Chinese mode, our line spacing."""
    return Piece(b"\x1b@" + profile.kanji_on + b"\x1b3" + bytes([LINE]))


def encode(
    job: Job, profile: Profile, font: Path | None = None, rare: Rare | None = None
) -> list[Piece]:
    """Turn a job into pieces for one printer model; over 400 lines or 2 m is a ValueError.

    Without a font nothing can be drawn: mode `raster` is then a ValueError, and a rare character
    in `hybrid` becomes 〓 as it would in `native`. What the font lacks is drawn in the `rare` one.
    """
    if len(job) > MOST_LINES:
        raise ValueError(f"job of {len(job)} lines")
    if font is None and profile.mode is Mode.RASTER:
        raise ValueError(f"{profile.title}: mode raster needs a font")
    pieces = [start(profile)]
    for line in job:
        pieces += _encode(line, profile, font, rare)
    if sum(piece.rows for piece in pieces) > MOST_ROWS:
        raise ValueError("job longer than two metres")
    return pieces


def _encode(line: Line, profile: Profile, font: Path | None, rare: Rare | None) -> Iterator[Piece]:
    match line:
        case Text():
            yield from _text(line, profile, font, rare)
        case Qr():
            yield from _qr(line, profile)
        case Image():
            if line.dots.width > profile.width_dots:
                raise ValueError(f"image of {line.dots.width} dots on {profile.width_dots}")
            yield from _dots(line.dots, profile)
        case Feed():
            yield from _feed(line.rows)
        case Cut():
            yield from _feed(profile.feed_before_cut)
            yield Piece(profile.cut)


def clean(text: str) -> str:
    """Text without control, format, surrogate or unassigned characters; breaks become spaces, a
    dash between figures (3–5) a hyphen."""
    plain = text.translate(_PLAINER)
    spaced = (" " if one in "\t\n\r\v\f\u2028\u2029\u00a0" else one for one in plain)
    return "".join(one for one in spaced if unicodedata.category(one)[0] != "C")


def native_bytes(text: str, repertoire: Repertoire) -> bytes | None:
    """The text in the printer's own code, or None where its font lacks a character."""
    codec = "gb2312" if repertoire is Repertoire.GB2312 else "gb18030"
    parts = []
    for one in text:
        try:
            code = one.encode("gbk" if repertoire is Repertoire.GBK else codec)
        except UnicodeEncodeError:
            return None
        if len(code) > 2:
            return None
        parts.append(code)
    return b"".join(parts)


def wrap(text: str, measure: Callable[[str], float], room: float) -> list[str]:
    """Break text where the room ends, but not inside a Latin word, nor before a closing mark or
    behind an opening one."""
    lines, line = [], ""
    for one in text:
        if measure(line + one) <= room or not line:
            line += one
            continue
        kept = len(line)
        if one in _NEVER_FIRST or line[-1] in _NEVER_LAST:
            kept -= 1
        elif one.isascii() and one != " ":
            while kept and line[kept - 1].isascii() and line[kept - 1] != " ":
                kept -= 1
        kept = kept or len(line)  # a word longer than the line breaks where the line does
        lines.append(line[:kept].rstrip())
        line = (line[kept:] + one).lstrip()
    return [*lines, line]


def cells(text: str) -> int:
    """Half-width cells a line takes in the printer's own font: Latin one, Han two."""
    return sum(1 if one.isascii() else 2 for one in text)


def _text(line: Text, profile: Profile, font: Path | None, rare: Rare | None) -> Iterator[Piece]:
    text = clean(line.text)
    code = native_bytes(text, profile.repertoire)
    too_big = profile.han_by_fs and line.size > 2 and not text.isascii()
    drawn = profile.mode is Mode.RASTER or (
        profile.mode is Mode.HYBRID and (code is None or too_big)
    )
    if font is not None and drawn:
        measure = raster.text_measure(font, line.size, rare)
        for part in wrap(text, measure, profile.width_dots - 2):
            yield from _dots(
                raster.text_dots(
                    part,
                    font=font,
                    rare=rare,
                    size=line.size,
                    bold=line.bold,
                    width=profile.width_dots,
                    share=line.align.share,
                ),
                profile,
            )
        return
    if code is None:
        text = "".join(one if native_bytes(one, profile.repertoire) else _GETA for one in text)
    size = min(line.size, 2) if too_big else line.size
    style = b"\x1ba" + bytes([list(Align).index(line.align)])
    style += b"\x1bE" + bytes([line.bold]) + b"\x1d!" + bytes([(size - 1) * 0x11])
    if profile.han_by_fs:
        style += b"\x1c!" + (b"\x0c" if size == 2 else b"\x00")
    for part in wrap(text, cells, profile.width_dots // (CELL // 2 * size)):
        printed = native_bytes(part, profile.repertoire) or b""
        yield Piece(style + printed + b"\n", max(LINE, CELL * size), ink=bool(part.strip()))


def _qr(line: Qr, profile: Profile) -> Iterator[Piece]:
    modules = len(raster.qr_modules(line.data))
    wanted = -(-line.side_mm * DOTS_PER_MM // modules)
    module = max(2, min(wanted, profile.width_dots // (modules + 8)))
    if profile.mode is Mode.RASTER or profile.qr is QrKind.RASTER:
        drawn = raster.qr_dots(
            line.data, module=module, width=profile.width_dots, share=line.align.share
        )
        yield from _dots(drawn, profile)
        return
    data = line.data.encode()
    align = b"\x1ba" + bytes([list(Align).index(line.align)])
    if profile.qr is QrKind.GS_K:
        module = min(module, 16)
        store = (len(data) + 3).to_bytes(2, "little")
        code = (
            b"\x1d(k\x04\x001A2\x00"  # model 2
            + (b"\x1d(k\x03\x001C" + bytes([module]))
            + b"\x1d(k\x03\x001E1"  # error correction M
            + (b"\x1d(k" + store + b"1P0" + data)
            + b"\x1d(k\x03\x001Q0"
        )
    else:
        module = min(module, 8)
        code = b"\x1bZ\x00M" + bytes([module]) + len(data).to_bytes(2, "little") + data + b"\n"
    # Some ROMs read the QR bytes as Chinese pairs unless Chinese mode is off around them.
    whole = align + profile.kanji_off + code + profile.kanji_on
    yield from _feed(4 * module)
    yield Piece(whole, modules * module, ink=True)
    yield from _feed(4 * module)


def _feed(rows: int) -> Iterator[Piece]:
    while rows > 0:
        step = min(rows, 255)
        yield Piece(b"\x1bJ" + bytes([step]), step)
        rows -= step


def _dots(dots: Dots, profile: Profile) -> Iterator[Piece]:
    """Only ink is sent: blank rows become feeds, the blank right edge is cut off."""
    band: list[bytes] = []
    blank = 0
    for row in dots.rows():
        if not any(row):
            blank += 1
            continue
        if band and blank < _SKIP:
            band += [bytes(len(row))] * blank
        else:
            yield from _slices(band, profile)
            yield from _feed(blank)
            band = []
        blank = 0
        band.append(row)
    yield from _slices(band, profile)
    yield from _feed(blank)


def _slices(band: list[bytes], profile: Profile) -> Iterator[Piece]:
    for at in range(0, len(band), profile.slice_rows):
        rows = band[at : at + profile.slice_rows]
        wide = max(len(row.rstrip(b"\0")) for row in rows)
        head = b"\x1ba\x00\x1dv0\x00" + wide.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
        yield Piece(head + b"".join(row[:wide] for row in rows), len(rows), ink=True)
