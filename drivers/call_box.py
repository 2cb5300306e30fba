"""A call box on a serial line: what staff press, told once."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.bus import Bus
from drivers.framing import Frame, Table, table_of
from drivers.health import Health, Watch
from drivers.port import Port


class Key(StrEnum):
    """What a staff member wants (呼叫器按键). The last two are typed: digits, then OK."""

    NEXT = "next"
    RECALL = "recall"
    PAUSE = "pause"
    ASK_RATING = "ask_rating"
    TRANSFER = "transfer"
    OK = "ok"
    PASS_OVER = "pass_over"
    HOLD = "hold"


@dataclass(frozen=True)
class Pressed:
    """One key at one box, with the digits typed before it, at most six."""

    address: int
    key: Key
    digits: str = ""


@dataclass(frozen=True)
class BoxTable:
    """A call box's frames, what its keys mean, and what digits before OK mean."""

    frames: Table
    key_command: int
    keys: Mapping[int, Key]
    typed: Mapping[str, Key]


def load_box_table(path: Path) -> BoxTable:
    """Read a box from TOML: [frame], [[sample]] and [call_box]; anything wrong is a ValueError."""
    source = tomllib.loads(path.read_text("utf-8"))
    frames = table_of(source, str(path))
    try:
        box = source["call_box"]
        keys = {int(code): Key(name) for name, code in box["keys"].items()}
        typed = {str(digits): Key(name) for name, digits in box.get("typed", {}).items()}
        return BoxTable(frames, int(box["key_command"]), keys, typed)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"{path}: call_box: {wrong!r}") from wrong


class CallBox:
    """One box at one address (呼叫器): a press is acknowledged by its own frame and told once."""

    def __init__(
        self,
        bus: Bus,
        table: BoxTable,
        *,
        address: int,
        tell: Callable[[Pressed], None],
        health: Callable[[Health], None] | None = None,
    ) -> None:
        self._bus, self._table, self._tell = bus, table, tell
        self._watch = Watch(f"call box {address} on {bus.port.name}", health)
        bus.listen(address, self._hear, self._line)

    @property
    def health(self) -> Health:
        """State of the line; a silent box cannot be told from an idle one."""
        return self._watch.health

    def _hear(self, line: Port, frame: Frame, again: bool) -> None:
        if frame.command != self._table.key_command or not frame.data:
            return
        self._bus.send_now(line, frame)
        key = self._table.keys.get(frame.data[-1])
        digits = frame.data[:-1]
        if again or key is None or len(digits) > 6 or any(digit > 9 for digit in digits):
            return
        word = "".join(str(digit) for digit in digits)
        if key is Key.OK and word in self._table.typed:
            self._tell(Pressed(frame.address, self._table.typed[word]))
        else:
            self._tell(Pressed(frame.address, key, word))

    def _line(self, health: Health) -> None:
        self._watch.become(health.state, health.trouble)
