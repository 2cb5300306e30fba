"""A table of config/devices, a printer profile or a list of devices, proved and put into words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from config.language import say
from drivers.call_box import Key, load_box_table
from drivers.compose import Style
from drivers.devices import (
    Devices,
    Line,
    ListedIdReader,
    ListedPrinter,
    ListedScanner,
    read_devices,
)
from drivers.fitting import fitting, remarks
from drivers.framing import FrameFile, Table, load_table
from drivers.led_strip import load_strip_table
from drivers.miswritten import Miswritten, Several, Written, read_as, written
from drivers.preview import preview, sample
from drivers.profile import DOTS_PER_MM, Profile, Proof, load_profile
from drivers.raster import CELL
from drivers.rating_pad import load_pad_table
from drivers.sheets import FACTS
from drivers.usable import Listed, entries, sections
from drivers.wording import remarked

Words = Iterator[str]


class ReaderSection(Written):
    """[id_reader] of a table's file."""

    baud: Literal[9600, 19_200, 38_400, 57_600, 115_200]


class ReaderFile(FrameFile):
    """A table's file that has an ID-card reader."""

    id_reader: ReaderSection


def explain(file: Path, lang: str = "zh", tables: Path | None = None) -> list[str]:
    """Sentences that say what a file means; Miswritten says what is wrong with it.

    A file is known by what is in it: [frame] is a frame table, lines a list of devices (their
    tables are looked for in `tables`, else in the file's own folder), a paper's name the layouts
    of a hall's papers, a profile's words a printer.
    """
    _, source = written(file)
    if "frame" in source:
        return [*_table(file, source, lang)]
    if set(source) & set(Devices.model_fields):
        return [*_devices(file, lang, tables or file.parent)]
    if set(source) & set(FACTS):
        return [*_papers(file, lang)]
    if set(source) & {field.name for field in fields(Profile)}:
        return [*_profile(file, lang)]
    raise Miswritten("no_such_file", file=file.name)


def _table(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    known = sections(file)
    yield from _frames(load_table(file), lang)
    yield say("device.check.samples", lang, count=len(source["sample"]))
    for section in known:
        yield from _SECTIONS[section](file, lang)


def _frames(table: Table, lang: str) -> Words:
    yield say("device.check.frame", lang, name=table.name, parts=_parts(table.layout, table, lang))
    if "length" in table.layout:
        yield say("device.check.length", lang, parts=_parts(table.counts, None, lang))
    if table.check:
        parts = _parts(table.over, None, lang)
        yield say("device.check.sum", lang, check=table.check, parts=parts)
    if table.escape:
        pairs = ", ".join(f"{one:02X} → {code.hex(' ')}" for one, code in table.escape.items())
        yield say("device.check.escape", lang, pairs=pairs.upper())
    yield say("device.check.bounds", lang, bytes=table.max_len, ms=table.gap_ms)


def _parts(parts: Iterable[bytes | str], table: Table | None, lang: str) -> str:
    """The parts of a frame by their names, with their sizes where one byte is not all."""
    words = []
    for part in parts:
        if isinstance(part, bytes):
            words.append(part.hex(" ").upper())
            continue
        word = say(f"device.part.{part}", lang)
        fixed = table is not None and (part in table.sizes or part != "data")
        size = table.size(part) if table is not None and fixed else 1
        words.append(f"{word}({size})" if size > 1 else word)
    return " | ".join(words)


def _call_box(file: Path, lang: str) -> Words:
    box = load_box_table(file)
    ok = say("device.key.ok", lang)
    pressed = [(f"{code:02X}", key) for code, key in box.keys.items()]
    pressed += [(f"{digits} {ok}", key) for digits, key in box.typed.items()]
    named = [f"{keys} {say(f'device.key.{key}', lang)}" for keys, key in pressed]
    yield say("device.check.call_box", lang, keys=", ".join(named))
    if Key.TRANSFER in box.keys.values():
        yield say("device.check.transfer", lang)


def _rating_pad(file: Path, lang: str) -> Words:
    levels = load_pad_table(file).levels
    keys = ", ".join(f"{key:02X}→{level}" for key, level in levels.items())
    yield say("device.check.rating_pad", lang, keys=keys)
    missing = sorted({1, 2, 3, 4, 5} - set(levels.values()))
    if missing:
        yield say("device.check.no_level", lang, levels=", ".join(map(str, missing)))


def _led_strip(file: Path, lang: str) -> Words:
    shows = load_strip_table(file).shows
    named = ", ".join(say(f"device.show.{show}", lang) for show in shows)
    yield say("device.check.led_strip", lang, shows=named)


def _id_reader(file: Path, lang: str) -> Words:
    section = read_as(ReaderFile, file).id_reader
    yield say("device.check.id_reader", lang, baud=section.baud)


def _profile(file: Path, lang: str) -> Words:
    profile = load_profile(file)
    yield say(
        "device.check.printer",
        lang,
        title=profile.title,
        mm=profile.width_dots // DOTS_PER_MM,
        han=profile.width_dots // CELL,
        mode=profile.mode,
        qr=profile.qr,
    )
    seen = preview(sample(Style(lang, width_dots=profile.width_dots)), profile)
    yield say(
        "device.check.ticket",
        lang,
        bytes=seen.sent,
        baud=profile.baud,
        seconds=f"{seen.seconds:.1f}",
    )
    if seen.slow:
        yield say("device.check.slow", lang)
    if profile.proof is Proof.NONE:
        yield say("device.check.no_proof", lang)


def _papers(file: Path, lang: str) -> Words:
    sheets = fitting(file)
    counts = {paper: len(getattr(sheets.layouts, paper)) for paper in FACTS}
    yield say("device.check.papers", lang, **counts)
    for remark in remarks(sheets):
        yield say("device.check.look", lang, what=remarked(file, remark, lang))


def _devices(file: Path, lang: str, tables: Path) -> Words:
    """What the agent would use of it: all of it, or what is wrong with each that it would not."""
    listed = [*entries(read_devices(file), tables)]
    wrong = [entry.wrong for entry in listed if entry.wrong is not None]
    if wrong:
        raise Several(wrong)
    return (_entry(entry.listed, lang, tables) for entry in listed)


def _entry(listed: Listed, lang: str, tables: Path) -> str:
    match listed:
        case Line():
            windows = ", ".join(
                f"{station.window} ({station.address})" for station in listed.stations
            )
            told = {"table": listed.table, "baud": listed.baud, "windows": windows}
            return say("device.check.line", lang, url=listed.url, **told)
        case ListedPrinter():
            profile = load_profile(tables / "printers" / f"{listed.profile}.toml")
            told = {"title": profile.title, "baud": profile.baud, "window": listed.window}
            return say("device.check.window_printer", lang, url=listed.url, **told)
        case ListedScanner():
            key = "device.check.scanner"
        case ListedIdReader():
            key = "device.check.window_id_reader"
    return say(key, lang, url=listed.url, baud=listed.baud, window=listed.window)


_SECTIONS: Mapping[str, Callable[[Path, str], Words]] = {
    "call_box": _call_box,
    "rating_pad": _rating_pad,
    "led_strip": _led_strip,
    "id_reader": _id_reader,
}
