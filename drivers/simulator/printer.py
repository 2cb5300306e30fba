"""A ticket printer that is not there: slow, with a small buffer, paper that ends, and faults."""

import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

from drivers.simulator.line import VirtualLine
from drivers.simulator.paper import Paper, Slip

_NEAR_END = 2000  # mm left when the near-end sensor speaks
_MOST_SLIPS = 100
_MOST_FILES = 1000
_MOST_ANSWERS = 100
_REAL_TIME = re.compile(rb"\x10\x04[\x01-\x04]", re.DOTALL)


class VirtualPrinter:
    """A thermal printer on a pty. Switch its faults by assignment at any time.

    baud: of the line; speed: dot rows a second the head prints; buffer: bytes it can hold — what
    comes beyond is lost and counted; width: dots; paper: mm on the roll. Each slip is kept in
    `slips` (the last 100), given to `on_slip`, and saved as PNG and text when `out` is a folder.
    """

    def __init__(
        self,
        name: str = "printer",
        *,
        baud: int = 9600,
        speed: int = 480,
        buffer: int = 4096,
        width: int = 384,
        paper: int = 30_000,
        font: Path | None = None,
        out: Path | None = None,
        on_slip: Callable[[Slip], None] | None = None,
    ) -> None:
        self.name = name
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.paper_mm = float(paper)
        self.cover_open = self.cutter_jammed = self.overheated = False
        self.silent = False  # answers nothing, as some do with the cover open
        self.noise = b""  # said before each answer
        self.repeats = False  # says each answer twice
        self.merged = False  # keeps each answer until there are two
        self.late = 0.0  # seconds before an answer
        self.slowness = 1  # how many times slower the head is than it should be
        self.shrunk: int | None = None  # bytes of the buffer that work
        self.slips: deque[Slip] = deque(maxlen=_MOST_SLIPS)
        self.received = self.lost = self.printed = 0
        self._speed, self._room = speed, buffer
        self._out, self._on_slip = out, on_slip
        self._buffer = bytearray()
        self._tail = b""
        self._credit = 0.0
        self._clock = 0.0
        self._first = b""
        self._answers: deque[tuple[float, bytes]] = deque(maxlen=_MOST_ANSWERS)
        self._power_cut = False
        self._head = Paper(width, font, self._reply, self._finish)

    @property
    def unknown(self) -> list[bytes]:
        """Commands this printer did not know, as real ones print rubbish for them."""
        return self._head.unknown

    @property
    def stopped(self) -> bool:
        """Whether the head stands still and the buffer waits for a person."""
        return self.cover_open or self.cutter_jammed or self.overheated or self.paper_mm <= 0

    def power_cycle(self) -> None:
        """Off and on: the buffer is gone, the half slip is torn off, a banner is said."""
        self._power_cut = True

    def status(self, number: int) -> int:
        """The answer to DLE EOT 1 to 4; every one has the fixed bits 0xx1xx10."""
        out, near = self.paper_mm <= 0, self.paper_mm <= _NEAR_END
        stuck = self.cutter_jammed or self.overheated
        return 0x12 | {
            1: 0x08 * self.stopped,
            2: 0x04 * self.cover_open | 0x20 * out | 0x40 * stuck,
            3: 0x08 * self.cutter_jammed | 0x40 * self.overheated,
            4: 0x0C * near | 0x60 * out,
        }.get(number, 0)

    def _reply(self, data: bytes) -> None:
        if not self.silent:
            said = (self.noise + data) * (1 + self.repeats)
            if self.merged and not self._first:
                self._first = said
                return
            said, self._first = self._first + said, b""
            self._answers.append((self._clock + self.late, said))
            self._answer()

    def _answer(self) -> None:
        """Say what it is time to say."""
        while self._answers and self._answers[0][0] <= self._clock:
            self.line.say(self._answers.popleft()[1])

    def _heard(self, data: bytes) -> None:
        self.received += len(data)
        seen = self._tail + data
        for request in _REAL_TIME.finditer(seen):  # answered at once, even with a full buffer
            self._reply(bytes([self.status(request[0][2])]))
        self._tail = b"" if _REAL_TIME.search(seen[-3:]) else seen[-2:]
        room = self._room if self.shrunk is None else self.shrunk
        kept = data[: max(0, room - len(self._buffer))]
        self._buffer += kept
        self.lost += len(data) - len(kept)

    def _tick(self, passed: float) -> None:
        self._clock += passed
        self._answer()
        if self._power_cut:
            self._power_cut = False
            self._buffer.clear()
            self._answers.clear()
            self._first = b""
            self._head.part(cut=False)
            self._head.reset()
            self._reply(b"\xffREADY\r\n")
        fed = passed * self._speed / self.slowness
        self._credit = min(self._credit + fed, fed)
        while self._credit > 0 and self._buffer and not self.stopped:
            done = self._head.take(self._buffer)
            if done is None:
                return
            used, rows = done
            del self._buffer[:used]
            self._credit -= rows
            self.paper_mm -= rows / 8

    def _finish(self, slip: Slip) -> None:
        self.slips.append(slip)
        self.printed += 1
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            file = self._out / f"{self.name}-{(self.printed - 1) % _MOST_FILES + 1:04}"
            slip.picture().save(file.with_suffix(".png"))
            file.with_suffix(".txt").write_text("\n".join(slip.lines) + "\n", "utf-8")
        if self._on_slip is not None:
            self._on_slip(slip)
