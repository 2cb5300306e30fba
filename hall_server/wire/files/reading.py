"""Reads the files of one hall: hall.toml, items.csv and the calendars, whole or not at all."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from config.language import say
from hall_server.wire.files.items_csv import ITEMS, read_catalogue
from hall_server.wire.files.toml_lines import lines_of, nearest
from hall_server.wire.files.wrong import FileFault, HallFilesRefused, named, parted, shown, told
from hall_server.wire.hours import Calendar, CalendarYear
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import Fault, Layout, faults

HALL = "hall.toml"
CALENDARS = "calendars/"
M = TypeVar("M", bound=BaseModel)


class HallFiles(NamedTuple):
    """A hall that was read whole; remarks are what a person should know but need not correct."""

    layout: Layout
    catalogue: Catalogue
    remarks: list[str]


def read_hall(
    texts: Mapping[str, str],
    lang: str = "zh",
    also: Callable[[Layout, str], Sequence[Fault]] = lambda _layout, _lang: (),
) -> HallFiles:
    """Read the texts of one hall by file name, as config.hall_files finds them.

    `also` finds what else is wrong with a layout that is sound by itself: the rules of calling,
    which the wire does not know. Raises HallFilesRefused with every fault of every file,
    worded in ``lang``.
    """
    wrong: list[FileFault] = []
    names = sorted(name for name in texts if name.startswith(CALENDARS))
    years = [_year(name, texts[name], wrong, lang) for name in names]
    layout = _toml(Layout, HALL, texts.get(HALL, ""), wrong, lang)
    if layout:
        known = tuple(year for year in years if year)
        layout = layout.model_copy(update={"calendar": Calendar(years=known)})
        found = [*faults(layout, lang), *also(layout, lang)]
        wrong += _misfits(found, texts[HALL])
    catalogue = Catalogue()
    if ITEMS in texts:
        catalogue, bad = read_catalogue(texts[ITEMS], layout, lang)
        wrong += bad
    if wrong or layout is None:
        raise HallFilesRefused(wrong)
    return HallFiles(layout, catalogue, _remarks(layout, catalogue, lang))


def read_one(model: type[M], name: str, text: str, lang: str = "zh") -> M:
    """Read one TOML text as a model; HallFilesRefused has every fault."""
    wrong: list[FileFault] = []
    found = _toml(model, name, text, wrong, lang)
    if found is None:
        raise HallFilesRefused(wrong)
    return found


def _year(name: str, text: str, wrong: list[FileFault], lang: str) -> CalendarYear | None:
    """One calendar; its file is named after its year, so that no year stands twice."""
    year = _toml(CalendarYear, name, text, wrong, lang)
    if year and name != f"{CALENDARS}{year.year}.toml":
        problem = say("layout.other_year", lang, value=year.year)
        line = nearest(lines_of(text), ("year",))
        wrong.append(FileFault(name, line, "year", problem, f"{CALENDARS}{year.year}.toml"))
        return None
    return year


def _toml(model: type[M], name: str, text: str, wrong: list[FileFault], lang: str) -> M | None:
    try:
        tree = tomllib.loads(text)
        if model is Layout and "calendar" in tree:
            line = nearest(lines_of(text), ("calendar",))
            wrong.append(FileFault(name, line, "calendar", say("layout.own_file", lang), CALENDARS))
            return None
        return model.model_validate(tree)
    except ValidationError as error:
        lines = lines_of(text)
        for path, problem, allowed in told(error, lang):
            line = nearest(lines, path)
            wrong.append(FileFault(name, line, named(path), problem, allowed))
    except (ValueError, RecursionError) as error:  # also numbers and nests beyond all reason
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        wrong.append(FileFault(name, line, "", say("layout.not_toml", lang), shown(error, 100)))
    return None


def _misfits(found: Sequence[Fault], text: str) -> list[FileFault]:
    """The faults between the parts of a sound layout, each at its line."""
    lines, wrong = lines_of(text), []
    for place, field, problem, allowed in found:
        if place.startswith("calendar "):
            name = f"{CALENDARS}{place.removeprefix('calendar ')}.toml"
            wrong.append(FileFault(name, 1, field, problem, allowed))
        else:
            line = nearest(lines, parted(f"{place}.{field}"))
            wrong.append(FileFault(HALL, line, f"{place}.{field}", problem, allowed))
    return wrong


def _remarks(layout: Layout, catalogue: Catalogue, lang: str) -> list[str]:
    bare = len(catalogue.without_guidance())
    lost = sum(item.queue is None for item in catalogue.items)
    remarks = [
        say("layout.remark.unpublished", lang, year=year.year)
        for year in layout.calendar.years
        if not year.published
    ]
    if bare:
        remarks.append(say("layout.remark.without_guidance", lang, items=bare))
    if lost:
        remarks.append(say("layout.remark.without_queue", lang, items=lost))
    codes = {item.code for item in catalogue.items}
    for point in layout.points if codes else ():
        for code in point.items:
            if code not in codes:
                remarks.append(
                    say("layout.remark.point_without_item", lang, point=point.name, item=code)
                )
    return remarks
