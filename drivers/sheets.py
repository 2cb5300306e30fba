"""What stands on each paper of a hall (版式), as data that a hall edits: papers.toml."""

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, NamedTuple

from PIL import Image as Picture
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from config.language import facts_of, has, say
from drivers.miswritten import Misshapen, shaped, written
from hall_server.wire.bounds import PLAIN
from hall_server.wire.fault import listed

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parents[1] / "config" / "examples" / "papers.toml"
MOST_DOTS = 4_000_000  # of a picture; a logo of 48 mm has 384 × 384

Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)]
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_]{1,40}\.[a-z_.]{1,39}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
File = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}\.(png|jpg)$")]
Size = Annotated[int, Field(strict=True, ge=1, le=8)]

# What each paper may name: texts, "" where there is none; materials says how many there are.
_PLACE = "hall address phone zone windows queue item"
FACTS: Mapping[str, frozenset[str]] = {
    "ticket": frozenset(
        f"{_PLACE} number code priority people first estimate late offline time times url".split()
    ),
    "notice": frozenset(
        f"{_PLACE} item_code version date department days fee enquiry complaint online "
        "materials".split()
    ),
    "appointment": frozenset(f"{_PLACE} code date time url".split()),
    "receipt": frozenset(
        ["hall", "address", "phone", "record", "code", "answer_by", "by_phone", "url"]
    ),
}
MATERIAL = frozenset({"n", "material", "copies", "optional", "note"})
KINDS = ("say", "text", "number", "qr", "picture", "space")


class Part(BaseModel):
    """One line of a paper: exactly one of say, text, number, qr, picture and space.

    `say` is a key of config/texts; `text` a hall's own words, `text_en` the same in English. A
    line that names an empty fact is left out, and so is one whose `only` is empty or whose
    `without` is not. `each` repeats a line for every material. Sizes are steps of 3 mm, `large`
    that of large print (大字版); `mm` is the width of a QR code or picture, `space` millimetres.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: Key | None = None
    text: Words | None = None
    text_en: Words | None = None
    number: Literal[True] | None = None
    qr: FactName | None = None
    picture: File | None = None
    space: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    only: FactName | None = None
    without: FactName | None = None
    each: Literal["materials"] | None = None
    size: Size = 1
    large: Size | None = None
    bold: bool = False
    align: Literal["left", "centre", "right"] = "left"
    mm: Annotated[int, Field(strict=True, ge=25, le=72)] = 28  # a telephone reads no QR below 25

    def kinds(self) -> list[str]:
        """What this line is; one word in a line that is right."""
        return [kind for kind in KINDS if getattr(self, kind) is not None]

    def facts(self) -> frozenset[str]:
        """The facts without which there is no such line. An odd brace is a ValueError."""
        found = {self.only} | {"number"} if self.number else {self.only}
        found |= {self.qr} | (set(facts_of(self.say)) if self.say else set())
        for words in (self.text, self.text_en):
            found |= set(_names(words or ""))
        return frozenset(name for name in found if name)

    def words(self, lang: str, facts: Mapping[str, str]) -> str:
        """The sentence of this line with its facts filled in."""
        if self.say is not None:
            return say(self.say, lang, **facts)
        own = (self.text_en if lang == "en" else None) or self.text or ""
        return own.format_map(facts)


Sheet = Annotated[tuple[Part, ...], Field(min_length=1, max_length=60)]


class Layouts(BaseModel):
    """The papers of a hall: number ticket (号票), one-time notice (一次性告知单), appointment
    slip (预约单) and receipt of a record (登记回执)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ticket: Sheet
    notice: Sheet
    appointment: Sheet
    receipt: Sheet


Misfit = tuple[tuple[str | int, ...], str, str]


class Sheets(NamedTuple):
    """Layouts, and the folder their pictures lie in."""

    layouts: Layouts
    folder: Path


def read_sheets(file: Path) -> Sheets:
    """Read papers.toml; Miswritten has every fault by file, line and field."""
    text, source = written(file)
    sheets = Sheets(shaped(Layouts, source, file.name, text), file.parent)
    wrong = Misfits(file.name, text, sheets)
    if wrong.found("zh"):
        raise wrong
    return sheets


class Misfits(Misshapen):
    """Layouts of which every field is sound, and some do not fit: `found` says which."""

    def __init__(self, file: str, text: str, sheets: Sheets) -> None:
        super().__init__(file, text)
        self._sheets = sheets

    def __str__(self) -> str:
        """File and places, for a log."""
        return f"{self.file}: {self.found('en')}"

    def found(self, lang: str) -> list[Misfit]:
        """Where, what is wrong there, and what may stand there."""
        return [*_misfits(self._sheets, lang)]


@lru_cache(maxsize=1)
def shipped() -> Sheets:
    """The papers of the sample hall."""
    return read_sheets(SHIPPED)


def _misfits(sheets: Sheets, lang: str) -> Iterator[Misfit]:
    """What no single field shows: words nobody knows, pictures that are not there, no number."""
    for paper, known in FACTS.items():
        sheet: tuple[Part, ...] = getattr(sheets.layouts, paper)
        for n, part in enumerate(sheet):
            where = (paper, n)
            kinds = part.kinds()
            if len(kinds) != 1:
                yield where, say("layout.paper.one_kind", lang), " | ".join(KINDS)
                continue
            if part.say is not None and not has(part.say):
                yield (*where, "say"), say("layout.unknown", lang, value=part.say), "config/texts"
                continue
            yield from _strangers(where, part, known, lang)
            if part.picture and not _is_picture(sheets.folder / part.picture):
                problem = say("layout.paper.no_picture", lang, value=part.picture)
                yield (*where, "picture"), problem, "PNG, JPEG"
        if "number" in known and not any(part.number for part in sheet):
            yield (paper,), say("layout.paper.no_number", lang), "{number = true}"


def _strangers(
    where: tuple[str | int, ...], part: Part, known: frozenset[str], lang: str
) -> Iterator[Misfit]:
    may = known | (MATERIAL if part.each else frozenset())
    try:
        names = part.facts() | ({part.without or "", part.each or ""} - {""})
    except ValueError:
        yield (*where, "text"), say("layout.paper.braces", lang), "{number}, {{ }}"
        return
    for name in sorted(names - may):
        yield where, say("layout.unknown", lang, value=name), listed(sorted(may), 40)


def _names(words: str) -> Iterator[str]:
    """The facts in braces; anything in the braces but a plain word is a ValueError."""
    for _, name, spec, conversion in Formatter().parse(words):
        if name is not None:
            if spec or conversion or not name.isidentifier():
                raise ValueError(f"{{{name}}}")
            yield name


def _is_picture(file: Path) -> bool:
    try:
        with Picture.open(file) as picture:
            return picture.width * picture.height <= MOST_DOTS
    except (OSError, Picture.DecompressionBombError):
        return False
