"""Whether a hall's papers fit on paper: none longer than a printer takes, no word broken in two."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from config.language import languages, say
from drivers.compose import CELL_DOTS, DOTS_58, LONGEST, Style, line_of, rows_of, stands
from drivers.escpos import Image, Qr, Text, cells, clean
from drivers.miswritten import Miswritten
from drivers.profile import DOTS_PER_MM
from drivers.sample import sample_facts, sample_materials
from drivers.sheets import FACTS, Misfit, Misfits, Part, Sheets, read_sheets, shipped

log = logging.getLogger(__name__)

WIDTHS = {58: DOTS_58, 80: 576}  # millimetres of paper, and the dots that a head prints on it
_HANDY = 2_400  # rows: a ticket of more than 30 cm is too long for a hand
# Han that a fact may well have: an item's official name up to 200 (wire/items.py), others less.
_LONG = {"item": 200, "department": 60, "fee": 60} | dict.fromkeys(
    ("hall", "address", "phone", "zone", "windows", "queue", "priority", "enquiry", "complaint"), 40
)


@dataclass(frozen=True)
class Remark:
    """What does not look right on a paper, of which line, and in how which styles."""

    path: tuple[str | int, ...]
    key: str
    facts: Mapping[str, object]
    styles: tuple[Style, ...]


def papers_in_force(file: Path) -> Sheets:
    """The hall's papers; while its file is broken, or one of them would be longer than a printer
    takes, said aloud, those of the sample hall: a wrong word must not keep people from their
    numbers."""
    try:
        return fitting(file)
    except Miswritten as wrong:
        log.error("papers not taken: %s", wrong)
        return shipped()


def fitting(file: Path) -> Sheets:
    """The papers of a file, none of which gets longer than 1.5 m even where the hall's things have
    long names; Miswritten names the line that takes most."""
    sheets = read_sheets(file)
    wrong = [fault for paper in FACTS if (fault := _too_long(sheets, paper))]
    if wrong:
        raise TooLong(file.name, file.read_text("utf-8", "replace"), sheets, wrong)
    return sheets


class TooLong(Misfits):
    """Layouts that can get longer than a printer takes."""

    def __init__(
        self, file: str, text: str, sheets: Sheets, wrong: list[tuple[str, int, int, int]]
    ) -> None:
        super().__init__(file, text, sheets)
        self._wrong = wrong

    def found(self, lang: str) -> list[Misfit]:
        """The longest line of each."""
        most = f"≤ {LONGEST // DOTS_PER_MM} mm"
        return [
            ((paper, n), say("layout.paper.too_long", lang, mm=whole, own=own), most)
            for paper, n, whole, own in self._wrong
        ]


def remarks(
    sheets: Sheets, styles: Sequence[Style] = (), papers: Sequence[str] = tuple(FACTS)
) -> list[Remark]:
    """What should be looked at: words broken in two, pictures and codes made narrower, tickets
    longer than 30 cm. In these styles, else in both languages, normal and large print, on 58 and
    80 mm."""
    every = styles or tuple(
        Style(lang, large, width, sheets)
        for lang, large, width in product(languages(), (False, True), WIDTHS.values())
    )
    found: dict[tuple[str | int, ...], Remark] = {}
    for style, paper in product(every, papers):
        for path, key, facts in _looked_at(paper, style):
            known = found.get((*path, key))
            among = (*known.styles, style) if known else (style,)
            found[*path, key] = Remark(path, key, known.facts if known else facts, among)
    return list(found.values())


def _too_long(sheets: Sheets, paper: str) -> tuple[str, int, int, int] | None:
    """The paper's name, its line that takes most, and how many millimetres both take."""
    facts = dict.fromkeys(FACTS[paper], "7") | {
        name: "国" * most for name, most in _LONG.items() if name in FACTS[paper]
    }
    worst: tuple[str, int, int, int] | None = None
    for lang, large, width in product(languages(), (False, True), WIDTHS.values()):
        rows = _rows(paper, facts, Style(lang, large, width, sheets), materials=False)
        whole, n = sum(rows.values()), max(rows, key=rows.__getitem__)
        if whole > LONGEST and (worst is None or whole // DOTS_PER_MM > worst[2]):
            worst = (paper, n, whole // DOTS_PER_MM, rows[n] // DOTS_PER_MM)
    return worst


def _rows(paper: str, facts: Mapping[str, str], style: Style, *, materials: bool) -> dict[int, int]:
    """How many rows of dots each line of a paper takes, by its place. A list of materials is cut
    where the paper ends (compose), so that it makes none too long."""
    return {
        n: sum(rows_of(line_of(part, known, style), style.width_dots) for known in every)
        for n, part, every in _standing(paper, facts, style, materials=materials)
    } or {0: 0}


def _standing(
    paper: str, facts: Mapping[str, str], style: Style, *, materials: bool
) -> Iterator[tuple[int, Part, list[Mapping[str, str]]]]:
    own = sample_materials(style.lang) if materials and paper == "notice" else []
    facts = {**facts, "materials": str(len(own) or "")}
    for n, part in enumerate(getattr(style.sheets.layouts, paper)):
        every = [{**facts, **one} for one in own] if part.each else [facts]
        yield n, part, [known for known in every if stands(part, known)]


def _looked_at(
    paper: str, style: Style
) -> Iterator[tuple[tuple[str | int, ...], str, dict[str, object]]]:
    facts = sample_facts(paper, style.lang)
    for n, part, every in _standing(paper, facts, style, materials=True):
        for line in (line_of(part, known, style) for known in every):
            match line:
                case Text() if word := _broken(line, style):
                    yield (paper, n), "word", {"word": word, "size": line.size}
                case Qr() | Image() if part.mm * DOTS_PER_MM > style.width_dots:
                    room = style.width_dots // DOTS_PER_MM
                    yield (paper, n), "narrower", {"mm": part.mm, "room": room}
    rows = _rows(paper, facts, style, materials=True)
    if paper == "ticket" and sum(rows.values()) > _HANDY:
        n = max(rows, key=rows.__getitem__)
        own = rows[n] // DOTS_PER_MM
        yield (paper, n), "long", {"mm": sum(rows.values()) // DOTS_PER_MM, "own": own}


def _broken(line: Text, style: Style) -> str | None:
    """A Latin word or a number that is wider than the paper in its size."""
    room = style.width_dots // (CELL_DOTS * line.size)
    words = "".join(one if one.isascii() else " " for one in clean(line.text)).split()
    return next((word for word in words if cells(word) > room), None)
