"""A rating pad on a serial line: one question, at most one answer."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from drivers.bus import Bus
from drivers.framing import Frame, FrameFile, Table, proved
from drivers.health import Health, Watch
from drivers.miswritten import Byte, Hex, Number, Written, read_as
from drivers.port import Port

MOST_SECONDS = 600


@dataclass(frozen=True)
class Rated:
    """A citizen pressed a face (评价): the service that was asked about, level 5 to 1."""

    service: str
    level: int


@dataclass(frozen=True)
class PadTable:
    """A pad's frames, and which key is which of the five official levels (评价等级)."""

    frames: Table
    ask_command: int
    ask_data: bytes
    rating_command: int
    ack_command: int
    levels: Mapping[int, int]


class PadSection(Written):
    """[rating_pad] of a table's file: its frames' commands, and the official level of each key."""

    ask_command: Number
    ask_data: Hex
    rating_command: Number
    ack_command: Number
    levels: Annotated[dict[Byte, Literal[5, 4, 3, 2, 1]], Field(min_length=1)]


class PadFile(FrameFile):
    """A table's file that has a rating pad."""

    rating_pad: PadSection


def load_pad_table(path: Path) -> PadTable:
    """Read a pad from TOML: [frame], [[sample]], [rating_pad]; anything wrong is Miswritten."""
    file = read_as(PadFile, path)
    pad = file.rating_pad
    return PadTable(
        proved(file, path.name),
        pad.ask_command,
        bytes.fromhex(pad.ask_data),
        pad.rating_command,
        pad.ack_command,
        pad.levels,
    )


class RatingPad:
    """One pad at one address (评价器).

    A press counts once, for the service that was asked about last, while the question is open.
    Every other press (twice, bounced, sent again because the answer was lost, too late, for
    nobody) is acknowledged so that the pad falls silent, and is counted in `ignored`. No answer
    stays no answer: this class never invents a level.
    """

    def __init__(
        self,
        bus: Bus,
        table: PadTable,
        *,
        address: int,
        tell: Callable[[Rated], None],
        health: Callable[[Health], None] | None = None,
    ) -> None:
        self._bus, self._table, self._address, self._tell = bus, table, address, tell
        self._watch = Watch(f"rating pad {address} on {bus.port.name}", health)
        self.service: str | None = None  # what is asked about now
        self._until = 0.0
        self.ignored = 0
        bus.port.keep_from_log()
        bus.listen(address, self._hear, self._line)

    @property
    def health(self) -> Health:
        """State of the line; a pad that is never pressed cannot be told from a dead one."""
        return self._watch.health

    def ask(self, service: str, seconds: float = 30.0) -> Future[bool]:
        """Open the question for one service, at most 64 characters, 600 s; drops an open one.

        The future tells whether the pad was told; if it was not, nothing is open.
        """
        if not 1 <= len(service) <= 64 or not 0 < seconds <= MOST_SECONDS:
            raise ValueError("ask: service or seconds out of bounds")
        return self._bus.port.submit(lambda line: self._open(line, service, seconds), False)

    def cancel(self) -> Future[bool]:
        """Close the question; what is pressed from now on is for nobody."""
        return self._bus.port.submit(self._close, False)

    # On the port's thread.

    def _open(self, line: Port, service: str, seconds: float) -> bool:
        question = Frame(self._address, self._table.ask_command, self._table.ask_data)
        self.service = service if self._bus.send_now(line, question) else None
        self._until = time.monotonic() + seconds
        return self.service is not None

    def _close(self, line: Port) -> bool:
        was, self.service = self.service, None
        return was is not None

    def _hear(self, line: Port, frame: Frame, again: bool) -> None:
        if frame.command != self._table.rating_command:
            return
        self._bus.send_now(line, Frame(frame.address, self._table.ack_command, frame.data))
        level = self._table.levels.get(frame.data[0]) if len(frame.data) == 1 else None
        service = self.service
        if again or service is None or level is None or time.monotonic() > self._until:
            self.ignored += 1
            return
        self.service = None
        self._tell(Rated(service, level))

    def _line(self, health: Health) -> None:
        self._watch.become(health.state, health.trouble)
