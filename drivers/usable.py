"""What of a devices file can be used, and why the rest cannot: asked by the check and the agent."""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from drivers.call_box import load_box_table
from drivers.devices import Devices, Line, ListedIdReader, ListedPrinter, ListedScanner
from drivers.evdev import SCHEME
from drivers.framing import load_table
from drivers.led_strip import load_strip_table
from drivers.miswritten import Miswritten, written
from drivers.profile import load_profile
from drivers.rating_pad import load_pad_table

T = TypeVar("T")
Kind = Literal["line", "scanner", "id_reader", "printer"]
Listed = Line | ListedScanner | ListedIdReader | ListedPrinter

_LOAD: Mapping[str, Callable[[Path], object]] = {
    "call_box": load_box_table,
    "rating_pad": load_pad_table,
    "led_strip": load_strip_table,
}
SECTIONS = (*_LOAD, "id_reader")
_PRIVATE = ("scanner", "id_reader")  # what is heard there is kept nowhere
_SIMULATED: Mapping[str, Sequence[str]] = {"line": tuple(_LOAD)}
_SCHEMES = ("", "socket", "rfc2217", "hwgrep", "spy", "sim", "evdev")  # "": a path or COM3


@dataclass(frozen=True)
class Entry:
    """One entry of a devices file: what it is, its windows, and why it is left out, if it is."""

    kind: Kind
    windows: tuple[str, ...]
    listed: Listed
    wrong: Miswritten | None


def entries(devices: Devices, tables: Path) -> Iterator[Entry]:
    """Every entry, in the order of the file's kinds. The second of two that cannot both be is the
    one that is left out."""
    before = _Before()
    for line in devices.lines:
        windows = tuple(station.window for station in line.stations)
        yield Entry("line", windows, line, _why(before.line, line, tables))
    for scanner in devices.scanners:
        yield Entry("scanner", (scanner.window,), scanner, _why(before.scanner, scanner, tables))
    for reader in devices.id_readers:
        yield Entry("id_reader", (reader.window,), reader, _why(before.id_reader, reader, tables))
    for printer in devices.printers:
        yield Entry("printer", (printer.window,), printer, _why(before.printer, printer, tables))


def prove_url(kind: Kind, url: str) -> None:
    """Whether such a device may stand on this URL (端口); Miswritten when not.

    A private line is not spied on; only a scanner is a keyboard; a simulated device is one of its
    kind, with settings that it has.
    """
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme not in _SCHEMES:
        known = ", ".join(f"{one}://" for one in _SCHEMES if one)
        raise Miswritten("url_scheme", url=url, known=known)
    if scheme == "spy" and kind in _PRIVATE:
        raise Miswritten("url_spied", url=url)
    if url.startswith(SCHEME) and kind != "scanner":
        raise Miswritten("url_keyboard", url=url)
    if scheme == "sim":
        kinds = _SIMULATED.get(kind, (kind,))
        try:
            # By name, as the port does: real halls never load it.
            fits = urlsplit(url).netloc in kinds
            if fits:
                importlib.import_module("drivers.simulator").device(url)
        except (OSError, ValueError) as wrong:
            raise Miswritten("url_simulated", url=url, known=", ".join(kinds)) from wrong
        if not fits:
            raise Miswritten("url_simulated", url=url, known=", ".join(kinds))


def load_parts(table: Path) -> list[str]:
    """Which devices a table describes, each proved; Miswritten when one is wrong, or none is."""
    known = [kind for kind in _LOAD if kind in sections(table)]
    if not known:
        raise Miswritten("no_device", file=table.name, known=", ".join(_LOAD))
    for kind in known:
        _LOAD[kind](table)
    return known


def sections(table: Path) -> list[str]:
    """The sections of a table's file that describe a device; Miswritten for one nobody knows."""
    _, source = written(table)
    strangers = sorted(set(source) - {"frame", "sample", *SECTIONS})
    if strangers:
        raise Miswritten("section", file=table.name, names=", ".join(strangers))
    return [section for section in SECTIONS if section in source]


class _Before:
    """What the entries before this one have taken."""

    def __init__(self) -> None:
        self._urls: set[str] = set()
        self._pads: set[str] = set()
        self._printers: set[str] = set()

    def line(self, line: Line, tables: Path) -> None:
        known = load_parts(tables / f"{line.table}.toml")
        self._url("line", line.url)
        if line.twice:
            raise Miswritten("address_twice", url=line.url, address=str(line.twice[0]))
        windows = [station.window for station in line.stations]
        two = [one for one in windows if one in self._pads or windows.count(one) > 1]
        if "rating_pad" in known:
            if two:  # one of them would never be asked
                raise Miswritten("two_pads", url=line.url, window=two[0])
            self._pads |= set(windows)

    def scanner(self, scanner: ListedScanner, _tables: Path) -> None:
        self._url("scanner", scanner.url)

    def id_reader(self, reader: ListedIdReader, tables: Path) -> None:
        load_table(tables / "id_reader.toml")
        self._url("id_reader", reader.url)

    def printer(self, printer: ListedPrinter, tables: Path) -> None:
        load_profile(tables / "printers" / f"{printer.profile}.toml")
        self._url("printer", printer.url)
        if printer.window in self._printers:
            raise Miswritten("two_printers", url=printer.url, window=printer.window)
        self._printers.add(printer.window)

    def _url(self, kind: Kind, url: str) -> None:
        prove_url(kind, url)
        if url in self._urls:
            raise Miswritten("url_twice", url=url)
        self._urls.add(url)


def _why(prove: Callable[[T, Path], None], listed: T, tables: Path) -> Miswritten | None:
    try:
        prove(listed, tables)
    except Miswritten as wrong:
        return wrong
    return None
