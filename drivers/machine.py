"""The devices of one machine on their ports, told apart by window."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from drivers.bus import Bus
from drivers.call_box import CallBox, Pressed, load_box_table
from drivers.compose import Style
from drivers.devices import Devices, Line, ListedIdReader, ListedPrinter, ListedScanner, Station
from drivers.framing import load_table
from drivers.id_reader import IdReader
from drivers.led_strip import LedStrip, Sent, load_strip_table
from drivers.lettering import FONT, rare_letters
from drivers.port import Port
from drivers.printer import Printer
from drivers.profile import load_profile
from drivers.rating_pad import Rated, RatingPad, load_pad_table
from drivers.reporting import Part, left_out
from drivers.scanner import Scanned, Scanner
from drivers.sheets import Sheets
from drivers.strip_texts import Dark, Number, Wish, Words
from drivers.usable import Entry, entries, load_parts
from drivers.window_papers import WindowPrinter

log = logging.getLogger(__name__)

Told = TypeVar("Told")


@dataclass(frozen=True)
class WindowStrip:
    """The strip of one window, and what it scrolls while the window is free."""

    window: str
    notice: str
    strip: LedStrip

    def show(self, wishes: tuple[Wish, ...]) -> Future[Sent]:
        """Show the first of these that this family of strips can."""
        sent: Future[Sent] = Future()
        for wish in wishes:
            match wish:
                case Number(number, waiting):
                    sent = self.strip.show(number, waiting)
                case Words(text):
                    sent = self.strip.notice(text)
                case Dark():
                    sent = self.strip.off()
            if not (sent.done() and sent.result() is Sent.CANNOT):
                break
        return sent


class Machine:
    """All devices of one machine. What cannot be understood is left out and said; a line that is
    down is opened again for ever by its own port: none of them stops another.
    """

    def __init__(
        self,
        devices: Devices,
        tables: Path,
        *,
        ledgers: Path,
        sheets: Sheets,
        rated: Callable[[Rated], None],
        pressed: Callable[[str, Pressed], None],
        scanned: Callable[[str, Scanned], None],
    ) -> None:
        self.pads: dict[str, RatingPad] = {}
        self.strips: list[WindowStrip] = []
        self.printers: dict[str, WindowPrinter] = {}
        self.parts: list[Part] = []
        self._rated, self._pressed, self._scanned = rated, pressed, scanned
        self.ports: list[Port] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        for entry in entries(devices, tables):
            self._put(entry, tables, ledgers, sheets)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open every port; what the devices say is told in this loop."""
        self._loop = loop
        for port in self.ports:
            port.start()

    async def close(self) -> None:
        """Close every port."""
        await asyncio.gather(*(asyncio.to_thread(port.close) for port in self.ports))

    def from_port(self, hear: Callable[[Told], None]) -> Callable[[Told], None]:
        """Hand a value over from the port's thread to the event loop."""

        def tell(value: Told) -> None:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(hear, value)

        return tell

    def _put(self, entry: Entry, tables: Path, ledgers: Path, sheets: Sheets) -> None:
        listed = entry.listed
        try:
            if entry.wrong is not None:
                raise entry.wrong
            match listed:
                case Line():
                    self._put_on(listed, tables / f"{listed.table}.toml")
                case ListedScanner():
                    self._put_scanner(listed)
                case ListedIdReader():
                    self._put_id_reader(listed, tables / "id_reader.toml")
                case ListedPrinter():
                    table = tables / "printers" / f"{listed.profile}.toml"
                    self._put_printer(listed, table, ledgers, sheets)
        except (OSError, ValueError) as wrong:
            log.error("%s %s is left out: %s", entry.kind, listed.url, wrong)
            self.parts += [left_out(entry.kind, window) for window in entry.windows]

    def _put_on(self, line: Line, table: Path) -> None:
        put = {
            "call_box": self._put_box,
            "rating_pad": self._put_pad,
            "led_strip": self._put_strip,
        }
        port = Port(line.url, name=f"line {line.url}", baud=line.baud)
        bus = Bus(port, load_table(table))
        for station in line.stations:
            for name in load_parts(table):
                put[name](bus, table, station, line)
        self.ports.append(port)

    def _put_box(self, bus: Bus, table: Path, station: Station, _line: Line) -> None:
        def pressed(press: Pressed) -> None:
            self._pressed(station.window, press)

        tell = self.from_port(pressed)
        box = CallBox(bus, load_box_table(table), address=station.address, tell=tell)
        self.parts.append(Part("call_box", station.window, lambda: box.health))

    def _put_pad(self, bus: Bus, table: Path, station: Station, _line: Line) -> None:
        tell = self.from_port(self._rated)
        pad = RatingPad(bus, load_pad_table(table), address=station.address, tell=tell)
        self.pads[station.window] = pad
        self.parts.append(Part("rating_pad", station.window, lambda: pad.health))

    def _put_strip(self, bus: Bus, table: Path, station: Station, line: Line) -> None:
        strip = LedStrip(bus, load_strip_table(table), address=station.address)
        self.strips.append(WindowStrip(station.window, line.notice, strip))
        self.parts.append(Part("led_strip", station.window, lambda: strip.health))

    def _put_scanner(self, desk: ListedScanner) -> None:
        def scanned(scan: Scanned) -> None:
            self._scanned(desk.window, scan)

        port = Port(desk.url, name=f"scanner {desk.url}", baud=desk.baud, private=True)
        scanner = Scanner(port, tell=self.from_port(scanned))
        self.ports.append(port)
        self.parts.append(Part("scanner", desk.window, lambda: scanner.health))

    def _put_id_reader(self, desk: ListedIdReader, table: Path) -> None:
        """No deed of a window needs a card: none is ever asked for here, so that no key is known
        that could make its mark. How the reader is, is told."""
        port = Port(desk.url, name=f"ID reader {desk.url}", baud=desk.baud, private=True)
        reader = IdReader(
            port, load_table(table), key=secrets.token_bytes(), tell=lambda _card: None
        )
        self.ports.append(port)
        self.parts.append(Part("id_reader", desk.window, lambda: reader.health))

    def _put_printer(self, one: ListedPrinter, table: Path, ledgers: Path, sheets: Sheets) -> None:
        profile = load_profile(table)
        port = Port(one.url, name=f"printer {one.url}", baud=profile.baud, flow=profile.flow)
        ledger = ledgers / f"printed-{one.window}.txt"
        printer = Printer(port, profile, font=FONT, rare=rare_letters(), ledger=ledger)
        style = Style(width_dots=profile.width_dots, sheets=sheets)
        self.printers[one.window] = WindowPrinter(printer, style)
        self.ports.append(port)
        self.parts.append(Part("printer", one.window, lambda: printer.health))
