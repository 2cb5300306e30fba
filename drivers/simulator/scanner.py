"""A code scanner that is not there: codes are held before it by the program."""

import queue

from drivers.simulator.line import VirtualLine


class VirtualScanner:
    """A scanner in serial mode; `suffix` may be empty, as some are set up.

    Faults: `glued` keeps a code until the next, with no end between the two; `padding` is how many
    characters every code has too many.
    """

    def __init__(self, name: str, *, baud: int = 9600, suffix: bytes = b"\r") -> None:
        self.line = VirtualLine(name, baud, self._heard, self._tick)
        self.suffix = suffix
        self.glued = False
        self.padding = 0
        self._codes: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._kept = b""

    def scan(self, code: str | bytes) -> None:
        """Hold a code before it; text goes as UTF-8."""
        self._codes.put(code.encode() if isinstance(code, str) else code)

    def _heard(self, data: bytes) -> None:
        """A scanner only speaks."""

    def _tick(self, passed: float) -> None:
        while not self._codes.empty():
            code = self._codes.get() + b"0" * self.padding
            if self.glued and not self._kept:
                self._kept = code
            else:
                self.line.say(self._kept + code + self.suffix)
                self._kept = b""
