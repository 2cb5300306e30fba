"""A rating pad on a serial line: one question, at most one answer."""

import time
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from drivers.bus import Bus
from drivers.framing import Frame, Table, table_of
from drivers.health import Health, Watch
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


def load_pad_table(path: Path) -> PadTable:
    """Read a pad from TOML: [frame], [[sample]], [rating_pad]; anything wrong is a ValueError."""
    source = tomllib.loads(path.read_text("utf-8"))
    frames = table_of(source, str(path))
    try:
        pad = source["rating_pad"]
        levels = {int(key): int(level) for key, level in pad["levels"].items()}
        table = PadTable(
            frames,
            int(pad["ask_command"]),
            bytes.fromhex(pad["ask_data"]),
            int(pad["rating_command"]),
            int(pad["ack_command"]),
            levels,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"{path}: rating_pad: {wrong!r}") from wrong
    if not levels or not set(levels.values()) <= {1, 2, 3, 4, 5}:
        raise ValueError(f"{path}: levels are the official 5 to 1")
    return table


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
