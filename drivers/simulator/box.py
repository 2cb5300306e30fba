"""A call box and rating pad that are not there: keys are pressed by the program."""

import queue
import random

from drivers.framing import Frame, Framer
from drivers.rating_pad import PadTable
from drivers.simulator.line import VirtualLine

_RESEND = 0.3  # seconds without an acknowledgement before a frame is sent again
_MOST_SENDS = 3
_RESTLESS = 1.2  # seconds between two faces that nobody was asked for
_FOR_ALL = 0xFF  # the address that means every box on the line


class VirtualBox:
    """One address on an RS-485 line, with the rating pad beside it.

    A pressed frame is sent again, three times in all, until the host acknowledges it. Faults:
    `deaf` hears nothing, so every frame is repeated; `echo` gives the host its own bytes back;
    `bounces` is how often each key says its frame again at once; `halved` loses the end of each;
    `bad_sum` spoils a byte of it; `twin` is a second pad on this address, where the next face is
    pressed; `restless` presses a face again and again, asked or not; `storm` fills the line with
    frames for all; `hesitates` is how many seconds more a simulated citizen thinks.
    With `answers` a simulated citizen presses a face after so many per cent of the questions,
    within `patience` milliseconds. `shown` is the last data told under each other command.
    """

    def __init__(
        self,
        name: str,
        table: PadTable,
        *,
        address: int = 1,
        baud: int = 9600,
        answers: int = 0,
        patience: int = 3_000,
    ) -> None:
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.deaf = self.echo = self.halved = self.bad_sum = False
        self.twin = self.restless = self.storm = False
        self.bounces = 0
        self.hesitates = 0.0
        self.asked = self.acknowledged = self.sent = 0
        self.shown: dict[int, bytes] = {}
        self._table, self._address = table, address
        self._framer = Framer(table.frames)
        self._clock = 0.0
        self._answers, self._patience = answers, patience / 1000
        self._press_at: float | None = None
        self._next_restless = 0.0
        self._chance = random.Random(name)
        # Most people are content: the better the level, the likelier its key.
        levels = table.levels
        self._faces = (list(levels), [4 ** levels[key] for key in levels])
        self._presses: queue.SimpleQueue[tuple[Frame, int]] = queue.SimpleQueue()
        self._waiting: list[tuple[bytes, Frame, float, int]] = []

    @property
    def waiting(self) -> bool:
        """Whether a pressed frame was neither acknowledged nor given up."""
        return bool(self._waiting) or not self._presses.empty()

    def rate(self, key: int, bounces: int = 0) -> None:
        """Press a face; a bouncing key says it again at once."""
        self._press(self._face(self._address, key), bounces)

    def key(self, code: int, digits: bytes = b"", bounces: int = 0) -> None:
        """Press a key of the call box, after digits."""
        command = self._table.ack_command
        self._press(Frame(self._address, command, digits + bytes([code])), bounces)

    def _press(self, frame: Frame, bounces: int) -> None:
        self._presses.put((frame, bounces))

    def _heard(self, data: bytes) -> None:
        if self.echo:
            self.line.say(data)
        if self.deaf:
            return
        for frame in self._framer.feed(data, self._clock):
            waiting = [one for one in self._waiting if one[1] != frame]
            self.acknowledged += len(self._waiting) - len(waiting)
            if len(waiting) == len(self._waiting):
                self._heard_question(frame)
            self._waiting = waiting

    def _heard_question(self, frame: Frame) -> None:
        if frame.address != self._address:
            return
        if frame.data != self._table.ask_data:
            self.shown[frame.command] = frame.data
            return
        self.asked += 1
        if self._chance.random() * 100 < self._answers:
            patience = self._chance.uniform(0.3, 1) * self._patience
            self._press_at = self._clock + patience + self.hesitates

    def _tick(self, passed: float) -> None:
        self._clock += passed
        if self._press_at is not None and self._clock >= self._press_at:
            self._press_at = None
            self.rate(self._chance.choices(*self._faces)[0])
        if self.restless and self._clock >= self._next_restless:
            self._next_restless = self._clock + _RESTLESS
            self.rate(self._faces[0][0])
        if self.storm:
            self.line.say(self._table.frames.encode(self._face(_FOR_ALL, 0)))
        while not self._presses.empty():
            frame, bounces = self._presses.get()
            bounces += self.bounces
            raw = self._as_sent(frame)
            if self.twin and frame.command == self._table.rating_command:
                other = next(key for key in self._faces[0] if key != frame.data[0])
                raw += self._table.frames.encode(self._face(self._address, other))
            ack = Frame(frame.address, self._table.ack_command, frame.data)
            self._waiting.append((raw, ack, self._clock, _MOST_SENDS - 1))
            self.sent += 1 + bounces
            self.line.say(raw * (1 + bounces))
        self._say_again()

    def _face(self, address: int, key: int) -> Frame:
        return Frame(address, self._table.rating_command, bytes([key]))

    def _as_sent(self, frame: Frame) -> bytes:
        raw = self._table.frames.encode(frame)
        if self.bad_sum:  # a byte that the check covers
            middle = len(raw) // 2
            raw = raw[:middle] + bytes([raw[middle] ^ 0x01]) + raw[middle + 1 :]
        return raw[: len(raw) // 2] if self.halved else raw

    def _say_again(self) -> None:
        for one in list(self._waiting):
            raw, ack, since, left = one
            if self._clock - since < _RESEND:
                continue
            self._waiting.remove(one)
            if left:
                self._waiting.append((raw, ack, self._clock, left - 1))
                self.sent += 1
                self.line.say(raw)
