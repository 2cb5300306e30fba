"""The last bytes of one line, each way, with their times: what an integrator asks for first."""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime

TAPE_BYTES = 4096
_TOGETHER = 0.05  # seconds between two pieces that were one on the line
_ROW = 24  # bytes in one row of hex
_NEWS = 6  # pieces told in a log
_NEWS_BYTES = 24


@dataclass(frozen=True)
class Piece:
    """Bytes that went by together: ">" to the device, "<" from it; zeros where they are hidden."""

    way: str
    data: bytes
    at: float
    hidden: bool

    def hex(self) -> str:
        """The bytes; of hidden ones only how many."""
        return f"[{len(self.data)} B]" if self.hidden else self.data.hex(" ").upper()


class Tape:
    """The last 4 kB of one line (最近收发). What is personal never gets here: nothing that comes on
    a private line, and of what is sent only pieces of at most `longest` bytes, where that is set.
    """

    def __init__(self, *, private: bool) -> None:
        self.longest: int | None = None
        self.discreet = False  # what comes is not for a log: faces that were pressed
        self._private = private
        self._pieces: deque[Piece] = deque()
        self._bytes = 0
        self._told: Piece | None = None

    def record(self, way: str, data: bytes, at: float) -> None:
        """Write down what went by just now."""
        long = self.longest is not None and len(data) > self.longest
        hidden = self._private if way == "<" else long
        self._pieces.append(Piece(way, bytes(len(data)) if hidden else data, at, hidden))
        self._bytes += len(data)
        while self._bytes > TAPE_BYTES and len(self._pieces) > 1:
            self._bytes -= len(self._pieces.popleft().data)

    def pieces(self) -> list[Piece]:
        """What is kept, oldest first, in the pieces in which it was read and written."""
        return list(self._pieces.copy())

    def rows(self) -> list[str]:
        """The same for people: time, way and hex, what came together in one row of 24 bytes."""
        rows = []
        for one in _joined(self.pieces()):
            time = datetime.fromtimestamp(one.at).astimezone().strftime("%m-%d %H:%M:%S.%f")[:-3]
            parts = [one.data[at : at + _ROW] for at in range(0, len(one.data), _ROW)]
            shown = [one.hex()] if one.hidden else [part.hex(" ").upper() for part in parts]
            rows += [f"{time} {one.way} {part}" for part in shown]
        return rows

    def news(self) -> str:
        """The last few pieces since this was asked last, in one row for a log; "" for none."""
        kept = self.pieces()
        known = next((n for n, one in enumerate(kept) if one is self._told), -1)
        fresh = _joined(kept[known + 1 :])[-_NEWS:]
        self._told = kept[-1] if kept else None
        return "  ".join(f"{one.way} {self._short(one).hex()}" for one in fresh)

    def _short(self, one: Piece) -> Piece:
        if one.hidden or (self.discreet and one.way == "<"):
            return replace(one, hidden=True)
        return replace(one, data=one.data[-_NEWS_BYTES:])


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    until = 0.0
    for one in pieces:
        last = joined[-1] if joined else None
        if last and (last.way, last.hidden) == (one.way, one.hidden) and one.at < until:
            joined[-1] = Piece(last.way, last.data + one.data, last.at, last.hidden)
        else:
            joined.append(one)
        until = one.at + _TOGETHER
    return joined
