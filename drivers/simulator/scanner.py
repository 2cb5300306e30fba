"""A code scanner that is not there: codes are held before it by the program."""

import queue

from drivers.simulator.line import VirtualLine


class VirtualScanner:
    """A scanner in serial mode; `suffix` may be empty, as some are set up."""

    def __init__(self, name: str, *, baud: int = 9600, suffix: bytes = b"\r") -> None:
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.suffix = suffix
        self._codes: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def scan(self, code: str | bytes) -> None:
        """Hold a code before it; text goes as UTF-8."""
        self._codes.put((code.encode() if isinstance(code, str) else code) + self.suffix)

    def _heard(self, data: bytes) -> None:
        """A scanner only speaks."""

    def _tick(self, passed: float) -> None:
        while not self._codes.empty():
            self.line.say(self._codes.get())
