"""One owner thread per serial line: the only place that opens, reads, writes and reopens it."""

import importlib
import logging
import queue
import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

import serial

from drivers import evdev
from drivers.health import Health, State, Trouble, Watch
from drivers.tape import Tape

log = logging.getLogger(__name__)
T = TypeVar("T")

CHUNK = 256  # bytes handed to the line at once, so that a stuck one is noticed soon
MOST_UNREAD = 4096  # what a flood leaves for the next read: its last bytes
MAILBOX = 64
_ROUND = 0.05  # seconds one read waits: the delay before new work is seen
_WRITE = 3.0  # seconds a chunk may take; without a limit a stopped device blocks for ever
_RETRY = (0.5, 15.0)  # first and longest wait between two tries to open


class Pump:
    """One thread that repeats a step until it is stopped; a step must return within seconds."""

    def __init__(self, name: str, step: Callable[[], None]) -> None:
        self._step = step
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end and wait for it, at most 5 s."""
        self.stopped.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(5)

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                self._step()
            except Exception:
                log.exception("%s: a step failed", self._thread.name)
                self.stopped.wait(0.5)


class Device(Protocol):
    """What stands on a port. All four are called on the port's thread, never at the same time."""

    def opened(self, line: "Port") -> None:
        """The line is open and its stale input dropped: greet the device."""

    def received(self, line: "Port", data: bytes) -> None:
        """Bytes came that nobody was waiting for."""

    def idle(self, line: "Port") -> None:
        """Nothing came and nothing is to do; called about 20 times a second."""

    def down(self, health: Health) -> None:
        """The line is not open, and why."""


class Port:
    """One line, by URL (串口): a path, COM3, socket://, rfc2217://, spy://, sim:// or a keyboard
    by evdev://; "" is off.

    Opened exclusively and without what was said before; reopened for ever, 0.5 s after a loss,
    doubling to 15 s, with jitter. Trouble never raises; it shows in `health`, in a False from
    `write` and in an empty `read`. What comes on a `private` line (ID cards, scanned codes) is not
    kept: its tape has zeros in its place, and spy:// is refused (ValueError).
    """

    def __init__(
        self,
        url: str,
        *,
        name: str = "",
        baud: int = 9600,
        flow: str = "none",
        tell: Callable[[Health], None] | None = None,
        retry: tuple[float, float] = _RETRY,
        private: bool = False,
    ) -> None:
        if private and url.lower().startswith("spy:"):
            raise ValueError("a private line is not spied on")
        self.private = private
        self.url, self.baud, self._flow = url, baud, flow
        self._tape = Tape(private=private)
        self._watch = Watch(name or url, tell, self._tape.news)
        self._device: Device | None = None
        self._serial: serial.SerialBase | evdev.Keyboard | None = None
        self._mailbox: queue.Queue[Callable[[], None]] = queue.Queue(MAILBOX)
        self._retry, self._wait, self._next_try = retry, retry[0], 0.0
        self._opened = 0.0
        self._told = ""  # why it did not open, the last time
        self._inbox = bytearray()
        self._pump = Pump(f"port {self._watch.name}", self._round)

    @property
    def name(self) -> str:
        """What people call this port; its URL when it has no name."""
        return self._watch.name

    @property
    def health(self) -> Health:
        """State of the line itself; the device on it has a health of its own."""
        return self._watch.health

    @property
    def up(self) -> bool:
        """Whether the line is open and not about to be closed."""
        return self._serial is not None and not self._pump.stopped.is_set()

    def attach(self, device: Device, *, longest: int | None = None) -> None:
        """Put the one device (or bus) on this port, before start(). With `longest` the tape keeps
        nothing longer of what is sent: what goes to a printer is somebody's paper."""
        self._device, self._tape.longest = device, longest

    def start(self) -> None:
        """Open the line and keep it open; once only."""
        self._pump.start()

    def close(self) -> None:
        """Close for good; work still waiting is run with the line down, so every future ends."""
        self._pump.stop()
        self._drop(Trouble.CLOSED)
        while not self._mailbox.empty():
            self._mailbox.get_nowait()()

    def submit(self, work: Callable[["Port"], T], full: T) -> Future[T]:
        """Have `work` run on the port's thread, up or down, in order; `full` if 64 already wait.

        A future that is cancelled before its turn is not run.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work(self))
            except Exception as bug:
                log.exception("%s: work failed", self.name)
                future.set_exception(bug)

        try:
            self._mailbox.put_nowait(run)
        except queue.Full:
            future.set_result(full)
            return future
        if self._pump.stopped.is_set():  # close() may have emptied the mailbox just before
            self.close()
        return future

    def tape(self) -> list[tuple[str, bytes]]:
        """The last 4 kB of this line, oldest first: (">", sent) and ("<", received)."""
        return [(one.way, one.data) for one in self._tape.pieces()]

    def tape_rows(self) -> list[str]:
        """The same for people, with times."""
        return self._tape.rows()

    def keep_from_log(self) -> None:
        """Never log what comes on this line, only how much: faces that citizens pressed."""
        self._tape.discreet = True

    def tape_news(self) -> str:
        """What of it was not told yet, for a log."""
        return self._tape.news()

    # Below: for the device, on the port's thread.

    def write(self, data: bytes) -> bool:
        """Send all of it, in chunks; False when the line was lost or stuck, and it is then down."""
        for at in range(0, len(data), CHUNK):
            if self._serial is None:
                return False
            chunk = data[at : at + CHUNK]
            try:
                self._serial.write(chunk)
            except (OSError, ValueError) as lost:  # serial's exceptions are OSErrors
                self._drop(_why(lost))
                return False
            self._tape.record(">", chunk, time.time())
        return self._serial is not None

    def read(self, seconds: float, enough: int = 1) -> bytes:
        """What comes until `enough` bytes or the time is over; empty when nothing came or lost."""
        until = time.monotonic() + seconds
        while len(self._inbox) < enough and time.monotonic() < until:
            if not self._take() or self._pump.stopped.is_set():
                break
        data = bytes(self._inbox)
        self._inbox.clear()
        return data

    def pause(self, seconds: float) -> bool:
        """Let the device work, keeping what it says for a later read; False if the line is gone."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._pump.stopped.is_set():
            if left < _ROUND:
                time.sleep(left)
            elif not self._take():
                return False
        return self.up

    def drop_input(self) -> bytes:
        """Take everything said so far, waiting for nothing."""
        self._take(wait=False)
        return self.read(0)

    # Below: the thread's own.

    def _round(self) -> None:
        if self._serial is None and time.monotonic() >= self._next_try:
            self._open()
        try:
            work = self._mailbox.get(block=not self.up, timeout=_ROUND)
        except queue.Empty:
            work = None
        if work is not None:
            work()
        elif self.up and self._take() and self._device is not None:
            if self._inbox:
                self._device.received(self, self.read(0))
            else:
                self._device.idle(self)

    def _open(self) -> None:
        if not self.url:
            self._next_try = float("inf")
            self._down(State.DISABLED, Trouble.SWITCHED_OFF)
            return
        try:
            self._serial = _open_line(self.url, self.baud, self._flow)
        except (OSError, ValueError, re.error) as failed:  # hwgrep:// has a pattern
            self._tell_once(str(failed))
            self._drop(_why(failed))
            return
        self._tell_once("")
        self._opened = time.monotonic()
        self._inbox.clear()
        self._watch.become(State.READY)
        if self._device is not None:
            self._device.opened(self)

    def _tell_once(self, reason: str) -> None:
        """Why it does not open, in the system's words, for whoever wired or named it wrong."""
        if reason and reason != self._told:
            log.warning("%s: %s", self.name, reason)
        self._told = reason

    def _take(self, wait: bool = True) -> bool:
        """Move what has come into the inbox; False when the line is lost."""
        if self._serial is None:
            return False
        try:
            waiting = self._serial.in_waiting
            data = self._serial.read(min(waiting, MOST_UNREAD) or int(wait))
        except (OSError, ValueError, TypeError) as lost:  # TypeError: closed under pyserial's feet
            self._drop(_why(lost))
            return False
        if data:
            self._tape.record("<", data, time.time())
            self._inbox += data
            del self._inbox[:-MOST_UNREAD]
        return True

    def _drop(self, trouble: Trouble) -> None:
        line, self._serial = self._serial, None
        if line is not None:
            try:
                line.close()
            except OSError as failed:
                log.warning("%s: close failed: %s", self.name, failed)
        if line is not None and time.monotonic() - self._opened > self._retry[1]:
            self._wait = self._retry[0]  # one that is lost at once each time is no better than none
        self._next_try = time.monotonic() + self._wait * random.uniform(0.8, 1.2)
        self._wait = min(self._wait * 2, self._retry[1])
        self._inbox.clear()
        if self.health.state is not State.DISABLED:
            self._down(State.OFFLINE, trouble)

    def _down(self, state: State, trouble: Trouble) -> None:
        health = self._watch.become(state, trouble)
        if self._device is not None:
            self._device.down(health)


def _open_line(url: str, baud: int, flow: str) -> serial.SerialBase | evdev.Keyboard:
    if url.startswith(evdev.SCHEME):
        return evdev.grab(url, _ROUND)
    if url.startswith("sim://"):
        # By name, because the simulator stands on this file: real halls never load it.
        url = importlib.import_module("drivers.simulator").plug(url)
    return serial.serial_for_url(
        url,
        baudrate=baud,
        timeout=_ROUND,
        # pyserial refuses one for rfc2217://, whose socket has 5 s of its own.
        write_timeout=None if url.lower().startswith("rfc2217:") else _WRITE,
        xonxoff=flow == "xonxoff",
        rtscts=flow == "rtscts",
        exclusive=True,
    )


def _why(failed: Exception) -> Trouble:
    """Read pyserial's words: it puts errno only in some of its exceptions, and text in all."""
    number, text = getattr(failed, "errno", None), str(failed)
    if isinstance(failed, evdev.CannotGrab):
        return Trouble.CANNOT_GRAB
    if isinstance(failed, serial.SerialTimeoutException):
        return Trouble.NO_ANSWER
    unopened = "could not open port" in text
    # What Windows denies is a port that another program holds.
    taken = "exclusively lock" in text or (unopened and "PermissionError(13" in text)
    if number in (11, 16) or taken:
        return Trouble.PORT_TAKEN
    if number == 13:
        return Trouble.NO_PERMISSION
    if number == 2 or unopened or isinstance(failed, ValueError | re.error):
        return Trouble.NO_PORT
    return Trouble.UNPLUGGED
