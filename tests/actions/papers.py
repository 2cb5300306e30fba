"""What lies on the sheet: papers, handlings, desks."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Paper:
    """One number that was given; id and token are the true hall's."""

    number: str
    queue: str
    priority: str | None
    order: int
    taken_at: datetime
    day: int
    state: str = "waiting"
    returned: bool = False
    after: int = 0
    passed: int = 0
    print: str = "printing"
    prints: int = 1
    window: str | None = None
    id: str = ""
    token: str = ""


@dataclass(frozen=True, order=True)
class Sent:
    """Whom one queue would send, in the order in which a window prefers them."""

    held_back: bool
    not_due: bool
    rank: datetime
    order: int
    paper: Paper = field(compare=False)
    run: int = field(compare=False)
    since: datetime = field(compare=False)


@dataclass
class Handling:
    """One ticket at one window, from its call on."""

    paper: Paper
    window: str
    queue: str
    calls: int = 1
    called: int = 0
    state: str = "called"
    rated: bool = False
    id: str = ""


@dataclass
class Desk:
    """A window."""

    state: str = "closed"
    reason: str | None = None
    generation: int = 0
    at_hand: Handling | None = None
    pad: Handling | None = None
