"""The state a device is in, why, and since when."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

log = logging.getLogger(__name__)


class State(StrEnum):
    """What a device can do now (设备状态)."""

    DISABLED = "disabled"
    OPENING = "opening"
    READY = "ready"
    BUSY = "busy"
    DEGRADED = "degraded"  # works, wants attention soon
    FAULT = "fault"  # needs a person
    OFFLINE = "offline"  # no line or no answer; tried again for ever


class Trouble(StrEnum):
    """Why a device is in its state (故障原因); worded for people in config/texts."""

    NONE = "none"
    SWITCHED_OFF = "switched_off"
    NO_PORT = "no_port"
    NO_PERMISSION = "no_permission"
    PORT_TAKEN = "port_taken"
    CANNOT_GRAB = "cannot_grab"  # a keyboard-like scanner that cannot be had alone
    UNPLUGGED = "unplugged"
    NO_ANSWER = "no_answer"
    NO_STATUS = "no_status"  # the model cannot tell: nothing it does is ever confirmed
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OVERHEAT = "overheat"
    DEVICE_ERROR = "device_error"
    CLOSED = "closed"
    MAILBOX_FULL = "mailbox_full"
    LOST = "lost"  # the hall says it of a machine that is away
    BAD_TABLE = "bad_table"  # what the devices file says of it cannot be used


@dataclass(frozen=True)
class Health:
    """One device's state, its reason, and the time it began (UTC)."""

    state: State
    trouble: Trouble
    since: datetime


class Watch:
    """Keeps one device's health: a change is logged once and told once, a repeat is silent. With
    trouble the log also has the last bytes of the line, where `last` gives some."""

    def __init__(
        self,
        name: str,
        tell: Callable[[Health], None] | None = None,
        last: Callable[[], str] | None = None,
    ) -> None:
        self.name = name
        self._tell, self._last = tell, last
        self.health = Health(State.OPENING, Trouble.NONE, datetime.now(UTC))

    def become(self, state: State, trouble: Trouble = Trouble.NONE) -> Health:
        """Enter a state; `since` moves only when state or trouble changed."""
        if (state, trouble) != (self.health.state, self.health.trouble):
            self.health = Health(state, trouble, datetime.now(UTC))
            log.info("%s: %s (%s)", self.name, state, trouble)
            troubled = state in (State.FAULT, State.OFFLINE) and trouble is not Trouble.CLOSED
            if troubled and self._last is not None and (said := self._last()):
                log.info("%s: last bytes: %s", self.name, said)
            if self._tell is not None:
                self._tell(self.health)
        return self.health
