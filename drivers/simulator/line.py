"""A device's end of a pty, with the pace of a real line."""

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress

from drivers.port import Pump

_WAIT = 0.01  # seconds one look at the line waits
_MOST_DRIPPING = 4096
_OTHERWISE = bytes(one ^ 0xB6 for one in range(256))  # what a byte is heard as at a wrong baud


class VirtualLine:
    """A pty that takes no more bytes a second than its baud allows (10 bits a byte).

    A pty itself knows neither baud nor buffer: it would swallow 14 kB at once. POSIX only.
    `heard` gets what arrives, `tick` the seconds that went by; both on the line's own thread.
    """

    def __init__(
        self, name: str, baud: int, heard: Callable[[bytes], None], tick: Callable[[float], None]
    ) -> None:
        self._name, self._rate, self._heard, self._tick = name, baud / 10, heard, tick
        self.fresh = True  # neither plugged in nor unplugged yet
        self._pump: Pump | None = None
        self._last: Pump | None = None
        self._host = self._device = -1
        self._credit = 0.0
        self._then = 0.0
        self.watch: Callable[[], None] = lambda: None  # looks for faults; may pull the cable
        self.garbled = False  # as with a wrong baud: no byte arrives as it was sent
        self.drips = False  # every byte comes alone
        self._dripping = bytearray()
        self._held = False
        self.trips: dict[str, tuple[int, Callable[[], None]]] = {}
        self.path = ""

    @property
    def held(self) -> bool:
        """Whether the device holds the line, its DTR low: the host cannot get rid of a byte."""
        return self._held

    @held.setter
    def held(self, held: bool) -> None:
        self._held = held
        if self._pump is not None:
            import termios

            termios.tcflow(self._host, termios.TCOOFF if held else termios.TCOON)

    @property
    def plugged(self) -> bool:
        """Whether there is a line to open."""
        return self._pump is not None

    def plug_in(self) -> str:
        """Connect the device; gives the path to open, a new one each time, as USB would."""
        self.fresh = False
        if self._pump is None:
            if self._last is not None:  # unplugged by its own thread, it may be in its last step
                self._last.stop()
            import tty  # not to be had on Windows, where a hall's programs run without it

            self._device, self._host = os.openpty()
            tty.setraw(self._host)
            os.set_blocking(self._device, False)
            self.path = os.ttyname(self._host)
            self._then, self._credit = time.monotonic(), 0.0
            self._dripping.clear()
            self._last = self._pump = Pump(f"simulated {self._name}", self._step)
            self.held = self._held
            self._pump.start()
        return self.path

    def unplug(self) -> None:
        """Pull the cable: the host's next read or write fails."""
        self.fresh = False
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.stop()
            os.close(self._device)
            os.close(self._host)

    def trip(self, way: str, count: int, deed: Callable[[], None]) -> None:
        """Have `deed` done when exactly `count` more bytes went by: ">" to the device, "<" back.

        Once; it runs on the line's own thread, and what follows has not yet gone by.
        """
        self.trips[way] = (count, deed)

    def say(self, data: bytes) -> None:
        """Send to the host, on the line's own thread; nothing when unplugged."""
        if self.drips:
            self._dripping += data[: _MOST_DRIPPING - len(self._dripping)]
        else:
            self._say(data)

    def _say(self, data: bytes) -> None:
        data = self._as_heard(data)
        while data and self._pump is not None:
            part = data[: self.until_trip("<", len(data))]
            with suppress(BlockingIOError):  # nobody reads: a real line forgets, too
                os.write(self._device, part)
            data = data[len(part) :]
            self._went_by("<", len(part))

    def _as_heard(self, data: bytes) -> bytes:
        return data.translate(_OTHERWISE) if self.garbled else data

    def until_trip(self, way: str, most: int) -> int:
        """Bytes that may still go by before a trip, at most `most`."""
        return min(most, self.trips[way][0]) if way in self.trips else most

    def _went_by(self, way: str, count: int) -> None:
        if way not in self.trips:
            return
        left, deed = self.trips[way]
        if left > count:
            self.trips[way] = (left - count, deed)
        else:
            del self.trips[way]
            deed()

    def _step(self) -> None:
        ready, _, _ = select.select([self._device], [], [], _WAIT)
        now = time.monotonic()
        passed, self._then = now - self._then, now
        # An idle line saves up nothing: at most one round's worth, or one byte on a slow line.
        self._credit = min(self._credit + passed * self._rate, max(1.0, passed * self._rate))
        if ready and self._credit >= 1:
            most = self.until_trip(">", min(int(self._credit), 4096))
            data = os.read(self._device, most)
            self._credit -= len(data)
            self._heard(self._as_heard(data))
            self._went_by(">", len(data))
        elif ready:
            time.sleep(1 / self._rate)
        self._tick(passed)
        if self._dripping:
            self._say(bytes([self._dripping.pop(0)]))
        self.watch()
