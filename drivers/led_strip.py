"""LED strips and number boards: what they are told to show, by tables."""

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from drivers.bus import Bus
from drivers.escpos import clean, native_bytes
from drivers.framing import Frame, FrameFile, Table, proved
from drivers.health import Health, State, Trouble, Watch
from drivers.miswritten import Miswritten, Number, Written, read_as
from drivers.port import Port
from drivers.profile import Repertoire

MOST_TEXT = 200  # characters of a notice
NEVER = float("inf")
REFRESH = 30.0  # seconds: nothing confirms a frame, so it is said again
_PART = re.compile(r"(number|waiting):(little|big|text|digits[1-6])|text")
_DARK = 0x0A  # a digit that is not lit
_FIGURES = re.compile(r"[^0-9]*([0-9]+)")  # 051 of A051; none of A051X, which is somebody else
_GETA = "〓".encode("gb2312")


class Sent(StrEnum):
    """What became of a wish to show something; these devices never say what they show."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # the line is down; it is sent when it is up again
    CANNOT = "cannot"  # this family has no frame for it, or no room


@dataclass(frozen=True)
class Show:
    """One thing a strip can do: its command, and its data as bytes and named parts."""

    command: int
    data: tuple[bytes | str, ...]


@dataclass(frozen=True)
class StripTable:
    """A strip's frames and what it can show (条屏能力): number, notice, off."""

    frames: Table
    shows: Mapping[str, Show]

    def frame(self, show: str, address: int, facts: Mapping[str, str]) -> Frame | None:
        """The frame for it; None when the family has none, or the facts do not fit in one."""
        meant = self.shows.get(show)
        if meant is None:
            return None
        parts = [one if isinstance(one, bytes) else _part(one, facts) for one in meant.data]
        known = [part for part in parts if part is not None]
        frame = Frame(address, meant.command, b"".join(known))
        try:
            self.frames.encode(frame)
        except ValueError:
            return None
        return frame if len(known) == len(parts) else None


class ShowSection(Written):
    """[led_strip.number], .notice or .off: its command, and its data part by part."""

    command: Number = 0
    data: tuple[str, ...]


class StripFile(FrameFile):
    """A table's file that has an LED strip."""

    led_strip: Annotated[dict[Literal["number", "notice", "off"], ShowSection], Field(min_length=1)]


def load_strip_table(path: Path) -> StripTable:
    """Read a strip from TOML: [frame], [[sample]], [led_strip.*]; anything wrong is Miswritten."""
    file = read_as(StripFile, path)
    frames = proved(file, path.name)
    try:
        table = StripTable(frames, {name: _show(one) for name, one in file.led_strip.items()})
    except ValueError as odd:
        raise Miswritten("strip_part", file=path.name, part=str(odd)) from odd
    facts = {"number": "1", "waiting": "1", "text": "1"}
    unsent = [name for name in table.shows if not table.frame(name, 0, facts)]
    if unsent:
        raise Miswritten("strip_show", file=path.name, names=", ".join(unsent))
    return table


class LedStrip:
    """One strip at one address (条屏).

    What it was told last is said again every 30 s and when the line is back: such devices forget
    at a power cut, and nobody hears a lost frame. Its health is READY while the line is open, with
    the trouble `no_status`: nothing it shows is ever confirmed.
    """

    def __init__(
        self,
        bus: Bus,
        table: StripTable,
        *,
        address: int = 0,
        health: Callable[[Health], None] | None = None,
        refresh: float = REFRESH,
    ) -> None:
        self._bus, self._table, self._address, self._refresh = bus, table, address, refresh
        self._watch = Watch(f"LED strip {address} on {bus.port.name}", health)
        self._wished: Frame | None = None
        self._next = NEVER  # when it is said again
        bus.listen(address, self._hear, self._line)
        bus.when_idle(self._again)

    @property
    def health(self) -> Health:
        """State of the line; a dark strip cannot be told from a lit one."""
        return self._watch.health

    def show(self, number: str, waiting: int | None = None) -> Future[Sent]:
        """Show a number, and how many wait where the family has room for it.

        A family of digits shows the digits of A012 only: 12; of an offline number (离线号) such
        as A051X none, for they are those of A051. At most 16 characters.
        """
        if not 1 <= len(number) <= 16 or not 0 <= (waiting or 0) <= 9999:
            raise ValueError("show: number or waiting out of bounds")
        told = "" if waiting is None else str(waiting)
        return self._tell("number", {"number": number, "waiting": told})

    def notice(self, text: str) -> Future[Sent]:
        """Show a text, at most 200 characters; a long one scrolls where the family scrolls."""
        if not 1 <= len(text) <= MOST_TEXT:
            raise ValueError("notice: length out of bounds")
        return self._tell("notice", {"text": text})

    def off(self) -> Future[Sent]:
        """Show nothing, as at night."""
        return self._tell("off", {})

    def _tell(self, show: str, facts: Mapping[str, str]) -> Future[Sent]:
        frame = self._table.frame(show, self._address, facts)
        if frame is None:
            cannot: Future[Sent] = Future()
            cannot.set_result(Sent.CANNOT)
            return cannot
        self._wished = frame  # also where so much waits already that this is not queued
        return self._bus.port.submit(self._send, Sent.NOT_SENT)

    # On the port's thread.

    def _send(self, line: Port) -> Sent:
        """Send what was wished last: what was wished before it is old by now."""
        frame, self._next = self._wished, time.monotonic() + self._refresh
        sent = frame is not None and self._bus.send_now(line, frame)
        return Sent.SENT if sent else Sent.NOT_SENT

    def _again(self, line: Port) -> None:
        if time.monotonic() >= self._next:
            self._send(line)

    def _hear(self, line: Port, frame: Frame, again: bool) -> None:
        """A strip says nothing; a frame on its line is another's."""

    def _line(self, health: Health) -> None:
        up = health.state is State.READY
        self._watch.become(health.state, Trouble.NO_STATUS if up else health.trouble)
        if up and self._next < NEVER:
            self._next = 0.0


def _show(section: ShowSection) -> Show:
    """A part that nobody knows is a ValueError of it."""
    parts: list[bytes | str] = []
    for one in section.data:
        try:
            parts.append(one if _PART.fullmatch(one) else bytes.fromhex(one))
        except ValueError:
            raise ValueError(one) from None
    return Show(section.command, tuple(parts))


def _part(part: str, facts: Mapping[str, str]) -> bytes | None:
    """The bytes of a named part; None when the fact does not fit."""
    name, _, form = part.partition(":")
    fact = facts.get(name, "")
    if form in ("", "text"):
        text = clean(fact)
        return b"".join(native_bytes(one, Repertoire.GB2312) or _GETA for one in text)
    figures = _FIGURES.fullmatch(fact)
    digits = figures[1] if figures else ""
    if form in ("little", "big"):
        value = int(digits) if digits else -1
        if not 0 <= value <= 0xFFFF:
            return None
        return value.to_bytes(2, "little" if form == "little" else "big")
    room = int(form.removeprefix("digits"))
    shown = str(int(digits)) if digits else ""
    if len(shown) > room:
        return None
    return bytes([_DARK] * (room - len(shown)) + [int(one) for one in shown])
