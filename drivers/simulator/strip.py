"""An LED strip that is not there: it shows what it was told, and says nothing."""

from collections import deque

from drivers.framing import Frame, Framer
from drivers.led_strip import StripTable
from drivers.simulator.line import VirtualLine

_MOST_SHOWN = 100


class VirtualStrip:
    """One strip at one address; `shown` is what it was told, the latest last (the last 100)."""

    def __init__(self, name: str, table: StripTable, *, address: int = 0, baud: int = 9600) -> None:
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.shown: deque[Frame] = deque(maxlen=_MOST_SHOWN)
        self._framer, self._address = Framer(table.frames), address
        self._clock = 0.0

    def _heard(self, data: bytes) -> None:
        for frame in self._framer.feed(data, self._clock):
            if frame.address == self._address:
                self.shown.append(frame)

    def _tick(self, passed: float) -> None:
        self._clock += passed
