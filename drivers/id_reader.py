"""An ID-card reader on a port: reads one card when it is asked to, and keeps nothing of it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from drivers.framing import Frame, Framer, Table
from drivers.health import Health, State, Trouble, Watch
from drivers.id_card import BLOCK, Card, Reason, read_block
from drivers.port import Port

MOST_SECONDS = 300
SHORTEST_KEY = 16
_SEEK = 0.4  # seconds between two looks for a card
_GREET = 1.0  # seconds between two looks at a reader that is not well
_POLL = 10.0  # the same at one that is
_CHINA = ZoneInfo("Asia/Shanghai")

_STATUS = Frame(0, 0x11, b"\xff")
_FIND = Frame(0, 0x20, b"\x01")
_SELECT = Frame(0, 0x20, b"\x02")
_READ = Frame(0, 0x30, b"\x01")
_HEAD = 6  # SW2, SW3 and the lengths of text and photo
GOOD, FOUND, NO_CARD = 0x90, 0x9F, 0x80
# SW3 of a reply: what it means for the citizen, or for the reader. 80 is in neither.
REASONS = {
    0x31: Reason.NOT_GENUINE,  # the card did not accept the SAM
    0x32: Reason.NOT_GENUINE,  # the SAM did not accept the card
    0x33: Reason.NOT_GENUINE,  # the card's information failed its check
    0x40: Reason.WRONG_CARD,
    0x41: Reason.MOVED,  # read failed
    0x47: Reason.MOVED,  # no random number
    0x81: Reason.MOVED,  # select failed
    0x91: Reason.UNREADABLE,  # no such content
}
NOISE = (0x10, 0x11)  # our frame came spoiled: ask again


@dataclass(frozen=True)
class CardRead:
    """A card lay on the reader while one was asked for (读到证件)."""

    card: Card


@dataclass(frozen=True)
class CardUnread:
    """A card lay there and was not taken; the question stays open."""

    reason: Reason


class IdReader:
    """One ID-card reader (身份证阅读器) with a SAM, on a private port.

    It looks for a card only while it is asked to, tells the first it can read and stops. No card
    is no event. A reason is told once until another one comes. The photo is not looked at; of the
    text only a Card is kept; number and name never reach the tape or a log.

    A kiosk makes one itself, as it does a Scanner, and asks for a card when somebody wishes it:
    CardRead and CardUnread come by `tell`. At a window the agent makes one and never asks.
    """

    def __init__(
        self,
        port: Port,
        table: Table,
        *,
        key: bytes,
        tell: Callable[[CardRead | CardUnread], None],
        health: Callable[[Health], None] | None = None,
        today: Callable[[], date] = lambda: datetime.now(_CHINA).date(),
        answer_seconds: float = 3.0,
        seek_seconds: float = _SEEK,
    ) -> None:
        """`key` (16 bytes or more) makes the mark of a card; the hall's and no other's."""
        if not port.private:
            raise ValueError("an ID-card reader needs a private port")
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"key: at least {SHORTEST_KEY} bytes")
        self._port, self._table, self._key = port, table, key
        self._tell, self._today = tell, today
        self._patience, self._seek_seconds = answer_seconds, seek_seconds
        self._watch = Watch(f"ID reader on {port.name}", health, port.tape_news)
        self._until = 0.0  # of the open question; 0 is none
        self._told: Reason | None = None
        self._next = 0.0
        port.attach(self)

    @property
    def health(self) -> Health:
        """State of the reader and its line together."""
        return self._watch.health

    def ask(self, seconds: float = 30.0) -> Future[bool]:
        """Look for a card, at most 300 s; False when the reader cannot now."""
        if not 0 < seconds <= MOST_SECONDS:
            raise ValueError("ask: seconds out of bounds")
        return self._port.submit(lambda line: self._open(line, seconds), False)

    def cancel(self) -> Future[bool]:
        """Stop looking; tells whether it was."""
        return self._port.submit(self._close, False)

    # Called by the port.

    def opened(self, line: Port) -> None:
        """See whether the SAM is well."""
        self._greet(line)

    def received(self, line: Port, data: bytes) -> None:
        """A reader answers; what it says unasked is late and dropped."""

    def idle(self, line: Port) -> None:
        """Look for a card while asked, else now and then at the reader."""
        now = time.monotonic()
        if now < self._next:
            return
        if self._until and now > self._until:
            self._until = 0.0
        if self.health.state is not State.READY or not self._until:
            self._greet(line)
        else:
            self._seek(line)
            self._next = time.monotonic() + self._seek_seconds

    def down(self, health: Health) -> None:
        """The line is closed: so is the reader."""
        self._watch.become(health.state, health.trouble)

    # On the port's thread.

    def _open(self, line: Port, seconds: float) -> bool:
        if not line.up or self.health.state is not State.READY:
            return False
        self._until, self._told, self._next = time.monotonic() + seconds, None, 0.0
        return True

    def _close(self, line: Port) -> bool:
        was, self._until = self._until, 0.0
        return was > time.monotonic()

    def _greet(self, line: Port) -> None:
        status = self._ask(line, _STATUS)
        if status is not None and status[0] == GOOD:
            self._watch.become(State.READY)
        elif status is not None:
            self._watch.become(State.FAULT, Trouble.DEVICE_ERROR)
        if self.health.state is not State.READY:
            self._next = time.monotonic() + _GREET
        elif not self._until:
            self._next = time.monotonic() + _POLL

    def _seek(self, line: Port) -> None:
        """Find, select, read: one card, once."""
        found = self._ask(line, _FIND)
        if found is None or found[0] in (NO_CARD, *NOISE):
            return
        if found[0] != FOUND:
            self._refused(found[0])
            return
        reply = b""
        for step in (_SELECT, _READ):
            answer = self._ask(line, step)
            if answer is None:  # the card may have been lifted while its text was on the way
                self._unread(Reason.MOVED)
                return
            if answer[0] != GOOD:
                self._refused(answer[0])
                return
            reply = answer[1]
        card = self._read(reply)
        if isinstance(card, Reason):
            self._unread(card)
            return
        self._until = 0.0
        self._tell(CardRead(card))

    def _read(self, reply: bytes) -> Card | Reason:
        text = reply[_HEAD : _HEAD + BLOCK]
        if reply[2:4] != BLOCK.to_bytes(2, "big") or len(text) < BLOCK:
            return Reason.MOVED
        return read_block(text, self._key, self._today())

    def _refused(self, status: int) -> None:
        reason = REASONS.get(status)
        if reason is not None or status in (NO_CARD, *NOISE):
            self._unread(reason or Reason.MOVED)
        else:
            self._watch.become(State.FAULT, Trouble.DEVICE_ERROR)

    def _unread(self, reason: Reason) -> None:
        if reason is not self._told:
            self._told = reason
            self._tell(CardUnread(reason))

    def _ask(self, line: Port, request: Frame) -> tuple[int, bytes] | None:
        """SW3 and the rest of the reply; None when no whole one came, and then we are offline.

        A framer of its own for each answer: nothing of a card stays behind in a buffer.
        """
        line.drop_input()
        framer = Framer(self._table)
        until = time.monotonic() + self._patience
        line.write(self._table.encode(request))
        while line.up and (left := until - time.monotonic()) > 0:
            for frame in framer.feed(line.read(left), time.monotonic()):
                if frame.command == 0 and len(frame.data) >= 2 and frame.data[0] == 0:
                    return frame.data[1], frame.data
        if line.up:
            self._watch.become(State.OFFLINE, Trouble.NO_ANSWER)
            self._next = 0.0
        return None
