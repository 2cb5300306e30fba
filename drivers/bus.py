"""Several framed devices on one line: who hears which frame, and whose turn it is to speak."""

import time
from collections.abc import Callable
from concurrent.futures import Future

from drivers.framing import Frame, Framer, Table
from drivers.health import Health
from drivers.port import Port

REPEAT = 1.0  # seconds in which the same frame again is a bounce or a resend, not a new press
_ECHO = 0.15  # seconds in which some RS-485 adapters give back what was just sent
_MOST_KNOWN = 512  # (address, command, data) kept for the test above

Hear = Callable[[Port, Frame, bool], None]


class Bus:
    """One RS-485 line (总线) of one frame family; an address may have several listeners.

    A listener hears each frame of its address with `again` set when the same frame was heard
    within the last second: it is then acknowledged like the first, but is no new wish.
    """

    def __init__(self, port: Port, table: Table) -> None:
        self.port, self.table = port, table
        self._framer = Framer(table)
        self._listeners: dict[int, list[Hear]] = {}
        self._health: list[Callable[[Health], None]] = []
        self._idle: list[Callable[[Port], None]] = []
        self._heard: dict[Frame, float] = {}
        self._sent: tuple[Frame | None, float] = (None, 0.0)
        # An RS-485 frame begins after 3.5 silent characters; 10 bits each.
        self._gap = 35 / port.baud
        port.attach(self)

    def listen(self, address: int, hear: Hear, health: Callable[[Health], None]) -> None:
        """Hear the frames of one address and the state of the line, before the port starts."""
        self._listeners.setdefault(address, []).append(hear)
        self._health.append(health)

    def when_idle(self, call: Callable[[Port], None]) -> None:
        """Have a device called while the line is silent, before the port starts."""
        self._idle.append(call)

    def send(self, frame: Frame) -> Future[bool]:
        """Send when the line is free; the future tells whether it went out."""
        return self.port.submit(lambda line: self.send_now(line, frame), False)

    def send_now(self, line: Port, frame: Frame) -> bool:
        """Send at once; only from a listener, on the port's thread."""
        if not line.pause(self._gap):
            return False
        self._sent = (frame, time.monotonic())
        return line.write(self.table.encode(frame))

    # Called by the port.

    def opened(self, line: Port) -> None:
        """Nothing is asked of boxes that only speak when a key is pressed."""
        self._framer = Framer(self.table)
        self._tell(line.health)

    def received(self, line: Port, data: bytes) -> None:
        """Give each frame to those who listen at its address."""
        now = time.monotonic()
        for frame in self._framer.feed(data, now):
            sent, when = self._sent
            if frame == sent and now - when < _ECHO:
                self._sent = (None, 0.0)
                continue
            again = now - self._heard.get(frame, -REPEAT) < REPEAT
            self._remember(frame, now)
            for hear in self._listeners.get(frame.address, ()):
                hear(line, frame, again)

    def idle(self, line: Port) -> None:
        """Boxes and pads speak first; strips say again what they were told."""
        for call in self._idle:
            call(line)

    def down(self, health: Health) -> None:
        """The line is closed: so are all devices on it."""
        self._tell(health)

    def _tell(self, health: Health) -> None:
        for listener in self._health:
            listener(health)

    def _remember(self, frame: Frame, now: float) -> None:
        self._heard[frame] = now
        if len(self._heard) > _MOST_KNOWN:
            self._heard = {one: at for one, at in self._heard.items() if now - at < REPEAT}
