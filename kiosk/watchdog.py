"""Tells systemd that the kiosk lives: the three words of sd_notify(3) that it needs."""

import logging
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)

READY, ALIVE, STOPPING = b"READY=1", b"WATCHDOG=1", b"STOPPING=1"


class Watchdog:
    """The line to whoever started this program; without one, as on a laptop, it says nothing.

    `alive` is said from the screen's own loop, so that a screen that hangs is started again."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._line: socket.socket | None = None
        if not address.startswith(("/", "@")):
            return
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.setblocking(False)
        self._line.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)

    def ready(self) -> None:
        """The first page is on the screen."""
        self._say(READY)

    def alive(self) -> None:
        """The screen still turns; said each second."""
        self._say(ALIVE)

    def stopping(self) -> None:
        """The program ends of its own will."""
        self._say(STOPPING)

    def close(self) -> None:
        """Say no more."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _say(self, word: bytes) -> None:
        if self._line is None:
            return
        try:
            self._line.send(word)
        except OSError as deaf:  # it will start us again, and that is all it can do for us
            log.warning("systemd does not hear: %s", deaf)
