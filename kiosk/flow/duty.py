"""设备维护: the errand of whoever looks after the kiosk, behind a code."""

import hmac
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from hall_server.wire.bounds import new_id
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.meanings import Chore, Intent, Page

TOUCHES, WITHIN = 5, 3.0  # of the clock, in seconds: nobody does that by chance
TRIES, LOCKED = 5, 600.0  # wrong codes in so many seconds, whoever typed them
LONGEST = 12  # figures of a code


class Task(StrEnum):
    """What can be done on the maintenance page."""

    PRINT = "print"
    QUIETER = "quieter"
    LOUDER = "louder"
    RESTART = "restart"


@dataclass(frozen=True)
class Machine:
    """How this machine is; "" and None for what it cannot tell."""

    server: str = ""
    address: str = ""
    versions: str = ""
    printer: str = ""  # its trouble: a word of device.toml
    volume: int | None = None  # per cent
    printed: str = ""  # what became of the trial slip; "…" while it prints


@dataclass
class Lock:
    """The way to the maintenance page (设备维护); it outlives the citizens. Without a code there
    is no way."""

    code: str = field(default="", repr=False)
    _touches: deque[float] = field(default_factory=lambda: deque(maxlen=TOUCHES))
    _wrong: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))

    def touched(self, now: float) -> bool:
        """Whether this touch of the clock is the last of the hidden gesture."""
        self._touches.append(now)
        if not self.code or len(self._touches) < TOUCHES or now - self._touches[0] > WITHIN:
            return False
        self._touches.clear()
        return True

    def locked(self, now: float) -> bool:
        """Whether too many wrong codes were typed: for ten minutes no code opens."""
        return len(self._wrong) == TRIES and now - self._wrong[0] < LOCKED

    def opens(self, typed: str, now: float) -> bool:
        """Try a code."""
        if self.locked(now):
            return False
        if self.code and hmac.compare_digest(typed, self.code):
            self._wrong.clear()
            return True
        self._wrong.append(now)
        return False


@dataclass
class Duty(Errand):
    """One person's look at the machine, from the hidden gesture on."""

    lock: Lock = field(repr=False, compare=False)
    machine: Machine = field(default_factory=Machine)
    typed: str = ""
    wrong: bool = False
    locked: bool = False
    sure: bool = False  # asked once more whether to restart

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME, Intent.CLOCK) if self.lock.touched(touch.now):
                self.locked = self.lock.locked(touch.now)
                return Move(Page.DUTY_CODE)
            case Touch(Page.DUTY_CODE, Intent.CHECK):
                return self._check(touch.now)
            case Touch(Page.DUTY_CODE, intent, key):
                self._key(intent, key)
            case Touch(Page.DUTY, Intent.CHORE, task):
                return self._do(Task(task))
            case Touch(Page.DUTY, Intent.BACK) if self.sure:
                self.sure = False
                return Move(Page.DUTY)
        return None

    def _key(self, intent: Intent, key: str) -> None:
        match intent:
            case Intent.TYPE if len(self.typed) < LONGEST:
                self.typed, self.wrong = self.typed + key[:1], False
            case Intent.ERASE:
                self.typed = self.typed[:-1]
            case Intent.CLEAR:
                self.typed = ""

    def _check(self, now: float) -> Move | None:
        typed, self.typed = self.typed, ""
        if not typed:
            return None
        if self.lock.opens(typed, now):
            return Move(Page.DUTY)
        self.wrong, self.locked = True, self.lock.locked(now)
        return None

    def _do(self, task: Task) -> Move | None:
        if task is Task.RESTART and not self.sure:
            self.sure = True
            return Move(Page.DUTY)
        self.sure = False
        return Move(asked=Chore(new_id(), task))
