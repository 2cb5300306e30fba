"""A table of config/devices, a printer profile or a list of devices, proved and put into words."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from config.language import say
from drivers.call_box import Key, load_box_table
from drivers.compose import Style
from drivers.devices import Devices, read_devices
from drivers.framing import Table, load_table, table_of
from drivers.led_strip import load_strip_table
from drivers.machine import load_parts
from drivers.miswritten import Miswritten
from drivers.preview import preview, sample
from drivers.profile import DOTS_PER_MM, Proof, load_profile
from drivers.raster import CELL
from drivers.rating_pad import load_pad_table
from drivers.sheets import FACTS, read_sheets
from hall_server.wire.files.wrong import HallFilesRefused

MOST_BYTES = 65_536
BAUDS = (9600, 19_200, 38_400, 57_600, 115_200)
Words = Iterator[str]


def explain(file: Path, lang: str = "zh", tables: Path | None = None) -> list[str]:
    """Sentences that say what a file means; what is wrong with it is a ValueError.

    A file is known by what is in it: [frame] is a frame table, lines a list of devices (their
    tables are looked for in `tables`, else in the file's own folder), a paper's name the layouts
    of a hall's papers, all else a printer profile.
    """
    try:
        text = file.read_bytes()
        if len(text) > MOST_BYTES:
            raise ValueError(f"longer than {MOST_BYTES} bytes")
        source = tomllib.loads(text.decode("utf-8"))
    except OSError as wrong:
        raise ValueError(wrong.strerror or "cannot be read") from wrong
    try:
        return _explained(file, source, lang, tables)
    except ValueError as wrong:
        why = wrong.__cause__
        if not isinstance(why, Miswritten):
            raise
        told = [say(f"device.wrong.{code}", lang, **why.facts) for code in why.codes]
        raise ValueError(" ".join(told)) from wrong


def _explained(file: Path, source: Mapping[str, Any], lang: str, tables: Path | None) -> list[str]:
    if "frame" in source:
        return [*_table(file, source, lang)]
    if set(source) & set(Devices.model_fields):
        return [*_devices(file, lang, tables or file.parent)]
    if set(source) & set(FACTS):
        return [*_papers(file, lang)]
    return [*_profile(file, lang)]


def _table(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    strangers = set(source) - {"frame", "sample", *_SECTIONS}
    if strangers:
        raise ValueError(say("device.check.section", lang, names=", ".join(sorted(strangers))))
    yield from _frames(table_of(source, str(file)), lang)
    yield say("device.check.samples", lang, count=len(source["sample"]))
    for section, words in _SECTIONS.items():
        if section in source:
            yield from words(file, source, lang)


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


def _call_box(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    box = load_box_table(file)
    ok = say("device.key.ok", lang)
    pressed = [(f"{code:02X}", key) for code, key in box.keys.items()]
    pressed += [(f"{digits} {ok}", key) for digits, key in box.typed.items()]
    named = [f"{keys} {say(f'device.key.{key}', lang)}" for keys, key in pressed]
    yield say("device.check.call_box", lang, keys=", ".join(named))
    if Key.TRANSFER in box.keys.values():
        yield say("device.check.transfer", lang)


def _rating_pad(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    levels = load_pad_table(file).levels
    keys = ", ".join(f"{key:02X}→{level}" for key, level in levels.items())
    yield say("device.check.rating_pad", lang, keys=keys)
    missing = sorted({1, 2, 3, 4, 5} - set(levels.values()))
    if missing:
        yield say("device.check.no_level", lang, levels=", ".join(map(str, missing)))


def _led_strip(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    shows = load_strip_table(file).shows
    named = ", ".join(say(f"device.show.{show}", lang) for show in shows)
    yield say("device.check.led_strip", lang, shows=named)


def _id_reader(file: Path, source: Mapping[str, Any], lang: str) -> Words:
    section = source["id_reader"]
    baud = section.get("baud") if isinstance(section, dict) else None
    if baud not in BAUDS:
        raise ValueError(f"{file}: id_reader: baud is one of {', '.join(map(str, BAUDS))}")
    yield say("device.check.id_reader", lang, baud=baud)


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
    try:
        layouts = read_sheets(file, lang).layouts
    except HallFilesRefused as refused:
        raise ValueError(str(refused)) from refused
    counts = {paper: len(getattr(layouts, paper)) for paper in FACTS}
    yield say("device.check.papers", lang, **counts)


def _devices(file: Path, lang: str, tables: Path) -> Words:
    devices = read_devices(file)
    for line in devices.lines:
        load_parts(_there(tables / f"{line.table}.toml"))
        if line.twice:
            raise ValueError(say("device.check.twice", lang, address=line.twice[0]))
        windows = ", ".join(f"{place.window} ({place.address})" for place in line.places)
        yield say(
            "device.check.line",
            lang,
            url=line.url,
            table=line.table,
            baud=line.baud,
            windows=windows,
        )
    for desk in devices.scanners:
        yield say("device.check.scanner", lang, url=desk.url, baud=desk.baud, window=desk.window)
    for reader in devices.id_readers:
        load_table(_there(tables / "id_reader.toml"))
        told = {"url": reader.url, "baud": reader.baud, "window": reader.window}
        yield say("device.check.window_id_reader", lang, **told)
    for one in devices.printers:
        profile = load_profile(_there(tables / "printers" / f"{one.profile}.toml"))
        yield say(
            "device.check.window_printer",
            lang,
            url=one.url,
            baud=profile.baud,
            title=profile.title,
            window=one.window,
        )


def _there(table: Path) -> Path:
    if not table.is_file():
        raise ValueError(f"{table} is not there")
    return table


_SECTIONS: Mapping[str, Callable[[Path, Mapping[str, Any], str], Words]] = {
    "call_box": _call_box,
    "rating_pad": _rating_pad,
    "led_strip": _led_strip,
    "id_reader": _id_reader,
}
