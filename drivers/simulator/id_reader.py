"""An ID-card reader that is not there: cards are laid down and lifted by the program."""

import queue
from collections.abc import Mapping

from drivers.framing import Frame, Framer, Table
from drivers.id_card import LAYOUTS, Kind
from drivers.simulator.line import VirtualLine

_PHOTO = b"WLf\x00" + b"photo" * 204  # 1024 bytes that nobody may keep
# A fictional person: 110105 is the place of the standard's own example, the number too.
SAMPLE = {
    "name": "张三",
    "sex": "2",
    "nation": "01",
    "born": "19491231",
    "address": "北京市朝阳区某街 1 号",
    "number": "11010519491231002X",
    "issuer": "北京市公安局",
    "since": "20160101",
    "until": "长期",
}


def block(kind: Kind = Kind.RESIDENT, **fields: str) -> bytes:
    """The 256-byte text block of a card; a field too long is a ValueError."""
    known = {**SAMPLE, **fields, "flag": kind.value}
    text = b""
    for name, units in LAYOUTS[kind]:
        code = known.get(name, "").encode("utf-16-le", "surrogatepass")
        if len(code) > 2 * units:
            raise ValueError(f"{name}: longer than {units}")
        text += code + " ".encode("utf-16-le") * (units - len(code) // 2)
    return text


class VirtualIdReader:
    """A SAM on a pty. `lay` puts a block on it, `lift` takes it away; a read card must be lifted.

    Faults, by assignment: `silent` answers nothing; `status` gives an SW3 for a command and its
    parameter, such as {(0x20, 2): 0x81}; `cut_at` sends only so many bytes of a reply; `noise` is
    said before each; `lift_at` lifts the card just before that command is obeyed; `misprint` is
    text that stands on every card at a byte of its block.
    """

    def __init__(self, name: str, table: Table, *, baud: int = 115_200) -> None:
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.silent = False
        self.status: Mapping[tuple[int, int], int] = {}
        self.cut_at: int | None = None
        self.noise = b""
        self.lift_at: tuple[int, int] | None = None
        self.misprint: Mapping[int, str] = {}
        self.asked: list[tuple[int, int]] = []
        self._table, self._framer = table, Framer(table)
        self._clock = 0.0
        self._card: bytes | None = None
        self._found = self._selected = False
        self._hands: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def lay(self, card: bytes) -> None:
        """Lay a card down."""
        self._hands.put(card)

    def lift(self) -> None:
        """Take it away."""
        self._hands.put(None)

    def _heard(self, data: bytes) -> None:
        for frame in self._framer.feed(data, self._clock):
            if not self.silent and frame.data:
                self._obey((frame.command, frame.data[0]))

    def _obey(self, command: tuple[int, int]) -> None:
        del self.asked[:-500]
        self.asked.append(command)
        if command == self.lift_at:
            self._card, self.lift_at = None, None
        status, data = self._answer(command)
        status = self.status.get(command, status)
        good = status in (0x90, 0x9F)
        raw = self._table.encode(Frame(0, 0, bytes([0, status]) + (data if good else b"")))
        self.line.say(self.noise + raw[: self.cut_at])

    def _answer(self, command: tuple[int, int]) -> tuple[int, bytes]:
        match command:
            case (0x10, 0xFF) | (0x11, 0xFF):
                return 0x90, b""
            case (0x12, 0xFF):
                return 0x90, bytes(16)
            case (0x20, 1):
                if self._card is None or self._found:
                    return 0x80, b""
                return 0x9F, bytes(4)
            case (0x20, 2):
                self._selected = self._card is not None
                return (0x90, bytes(8)) if self._selected else (0x81, b"")
            case (0x30, 1):
                card, self._selected = self._card if self._selected else None, False
                if card is None:
                    return 0x41, b""
                self._found = True
                return 0x90, b"\x01\x00\x04\x00" + self._printed(card) + _PHOTO
        return 0x21, b""

    def _printed(self, card: bytes) -> bytes:
        for at, text in self.misprint.items():
            code = text.encode("utf-16-le", "surrogatepass")
            card = card[:at] + code + card[at + len(code) :]
        return card

    def _tick(self, passed: float) -> None:
        self._clock += passed
        while not self._hands.empty():
            self._card = self._hands.get()
            self._found = self._selected = False
