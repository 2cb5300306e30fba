"""A call box on a serial line: what staff press, told once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from drivers.bus import Bus
from drivers.framing import Frame, FrameFile, Table, proved
from drivers.health import Health, Watch
from drivers.miswritten import Miswritten, Number, Written, read_as
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


Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")]


class BoxSection(Written):
    """[call_box] of a table's file: the command of a key, the code of each, and what digits and
    then OK mean."""

    key_command: Number
    keys: Annotated[dict[Key, Number], Field(min_length=1)]
    typed: dict[Key, Digits] = Field(default_factory=dict)


class BoxFile(FrameFile):
    """A table's file that has a call box."""

    call_box: BoxSection


def load_box_table(path: Path) -> BoxTable:
    """Read a box from TOML: [frame], [[sample]] and [call_box]; anything wrong is Miswritten."""
    file = read_as(BoxFile, path)
    box = file.call_box
    keys = {code: key for key, code in box.keys.items()}
    typed = {digits: key for key, digits in box.typed.items()}
    if len(keys) < len(box.keys) or len(typed) < len(box.typed):
        raise Miswritten("key_twice", file=path.name)
    return BoxTable(proved(file, path.name), box.key_command, keys, typed)


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
