"""A keyboard that is a scanner, taken away from the screen: its device file as a line (evdev)."""

import errno
import os
import select
import sys
from collections import deque

from drivers.keyboard import EVENT, Keys

SCHEME = "evdev://"
EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int), linux/input.h
_MOST_EVENTS = 64


class CannotGrab(OSError):
    """What it types would also reach the window in front, or there is no such thing here."""


class Keyboard:
    """An open device file, read like a serial line; nothing can be said to it."""

    def __init__(self, file: int, wait: float) -> None:
        self._file, self._wait = file, wait
        self._keys = Keys()
        self._typed: deque[int] = deque()

    @property
    def in_waiting(self) -> int:
        """How many characters were typed and not yet read; an OSError when it was unplugged."""
        while self._take(0):
            pass
        return len(self._typed)

    def read(self, most: int) -> bytes:
        """At most so many characters; where there are none, what comes within one wait."""
        if most and not self._typed:
            self._take(self._wait)
        return bytes(self._typed.popleft() for _ in range(min(most, len(self._typed))))

    def write(self, data: bytes) -> None:
        """Always an OSError."""
        raise OSError(errno.EBADF, "a keyboard is not written to")

    def close(self) -> None:
        """Let it go: the grab ends with it."""
        os.close(self._file)

    def _take(self, wait: float) -> bool:
        """Read one piece of events, if any came; whether any did."""
        if not select.select([self._file], [], [], wait)[0]:
            return False
        data = os.read(self._file, EVENT.size * _MOST_EVENTS)
        if not data:
            raise OSError(errno.ENODEV, "the keyboard is gone")
        self._typed.extend(self._keys.feed(data))
        return True


def grab(url: str, wait: float) -> Keyboard:
    """Open evdev:///dev/input/by-id/…-event-kbd for us alone: no other program sees its keys.

    Linux only. CannotGrab elsewhere and for a file that is no input device; other OSErrors as the
    system says them: nothing there, no permission, grabbed by another program.
    """
    if sys.platform != "linux":
        raise CannotGrab(errno.ENOSYS, "keyboards are grabbed on Linux only")
    import fcntl  # not to be had elsewhere

    file = os.open(url.removeprefix(SCHEME), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(file, EVIOCGRAB, 1)
    except OSError as failed:
        os.close(file)
        if failed.errno in (errno.ENOTTY, errno.EINVAL):
            raise CannotGrab(failed.errno, "no input device") from failed
        raise
    return Keyboard(file, wait)
