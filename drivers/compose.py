"""A paper's layout and its facts put together: the lines of a print job."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image as Picture

from config.language import say
from drivers import raster
from drivers.escpos import MOST_TEXT, Align, Cut, Feed, Image, Line, Qr, Text, cells, clean, wrap
from drivers.profile import DOTS_PER_MM
from drivers.raster import LINE
from drivers.sheets import Part, Sheets, shipped

NUMBER_SIZE = 4  # 12 mm; 8 mm is the least a number may have
DOTS_58 = 384
TALLEST = 8
CELL_DOTS = 12  # half-width cell of size 1
LONGEST = 12_000  # rows, 1.5 m: a printer takes 2 m, and letters that are drawn may take more room
_HOLE = re.compile(r"(?<=\S) {2,}")  # what a fact that is a space leaves between two others
_INK = 128  # grey of a logo below which it is black

Facts = Mapping[str, str]


@dataclass(frozen=True)
class Style:
    """How one paper is printed: in which language, in large print (大字版) or not, on paper how
    many dots wide, by which layouts."""

    lang: str = "zh"
    large: bool = False
    width_dots: int = DOTS_58
    sheets: Sheets = field(default_factory=shipped)


def compose(paper: str, facts: Facts, style: Style, materials: Sequence[Facts] = ()) -> list[Line]:
    """The lines of one paper, cut at its end; a line whose facts are empty is left out.

    With so many materials that it would be longer than 1.5 m it is not in large print; if that is
    not enough, as many materials stand on it as there is room for, and how many are missing.
    """
    shown = len(materials)
    while True:
        lines = [*_tidied(_lines(paper, facts, style, materials, shown)), Cut()]
        if not shown or sum(rows_of(line, style.width_dots) for line in lines) <= LONGEST:
            return lines
        if style.large:
            style = replace(style, large=False)
        else:
            shown -= 1


def _lines(
    paper: str, facts: Facts, style: Style, materials: Sequence[Facts], shown: int
) -> Iterator[Line]:
    """Lines side by side that are there for each material stand together, material by material."""
    if materials:
        facts = {**facts, "materials": str(len(materials))}
    for each, parts in groupby(getattr(style.sheets.layouts, paper), key=lambda part: part.each):
        group = [*parts]
        for own in materials[:shown] if each else [{}]:
            known = {**facts, **own}
            yield from (line_of(part, known, style) for part in group if stands(part, known))
        if each and shown < len(materials):
            yield Text(say("paper.more", style.lang, count=len(materials) - shown), 2, bold=True)


@lru_cache(maxsize=512)
def rows_of(line: Line, width_dots: int) -> int:
    """About how many rows of dots a line takes, in letters as wide as the printer's own."""
    match line:
        case Text():
            room = width_dots // (CELL_DOTS * line.size)
            return LINE * line.size * len(wrap(clean(line.text), cells, room))
        case Qr():
            return line.side_mm * DOTS_PER_MM * 3 // 2  # with the white round it
        case Image():
            return line.dots.height
        case Feed():
            return line.rows
    return 0


def stands(part: Part, facts: Facts) -> bool:
    """Whether there is such a line: nothing it needs is empty."""
    unwanted = part.without is not None and facts.get(part.without)
    return not unwanted and all(facts.get(name) for name in part.facts())


def line_of(part: Part, facts: Facts, style: Style) -> Line:
    """One line of a paper as it is printed."""
    align = Align(part.align)
    if part.space is not None:
        return Feed(part.space * DOTS_PER_MM)
    if part.qr is not None:
        return Qr(facts[part.qr], side_mm=part.mm, align=align)
    if part.picture is not None:
        wide = min(part.mm * DOTS_PER_MM, style.width_dots)
        file = style.sheets.folder / part.picture
        return Image(_picture(file, wide, style.width_dots, align.share))
    if part.number:
        number = facts["number"]
        return Text(number, number_size(number, style.width_dots), align, bold=part.bold)
    size = part.large if style.large and part.large is not None else part.size
    words = _HOLE.sub(" ", part.words(style.lang, facts)).rstrip()[:MOST_TEXT]
    return Text(words, size, align, bold=part.bold)


def number_size(number: str, width_dots: int) -> int:
    """12 mm on 58 mm paper, half as much again on 80 mm, less for a number that would not fit."""
    wanted = NUMBER_SIZE if width_dots <= DOTS_58 else NUMBER_SIZE * 3 // 2
    return max(3, min(wanted, TALLEST, width_dots // (CELL_DOTS * len(number))))


def _tidied(lines: Iterable[Line]) -> Iterator[Line]:
    """No space above the first line nor below the last; the widest where spaces meet."""
    space, begun = 0, False
    for line in lines:
        if isinstance(line, Feed):
            space = max(space, line.rows)
            continue
        if space and begun:
            yield Feed(space)
        space, begun = 0, True
        yield line


@lru_cache(maxsize=16)
def _picture(file: Path, wide: int, width_dots: int, share: float) -> raster.Dots:
    with Picture.open(file) as opened:
        clear = opened.convert("RGBA")
    paper = Picture.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    grey = paper.convert("L").resize((wide, max(1, clear.height * wide // clear.width)))
    ink = grey.point(lambda dot: 255 * (dot < _INK))
    return raster.from_picture(ink, width_dots, int((width_dots - wide) * share))
