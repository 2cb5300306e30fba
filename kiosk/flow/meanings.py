"""What there is on the way through a kiosk: pages, what a touch can mean, what a citizen wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FIRST_LANGUAGE = "zh"
LANGUAGES = ("zh", "en")


class Page(StrEnum):
    """The kiosk's pages; every one but home has a way home."""

    HOME = "home"
    ITEMS = "items"
    ITEM = "item"
    CLASSES = "classes"
    TAKING = "taking"
    TICKET = "ticket"
    PROOF = "proof"
    MINE = "mine"
    RATE = "rate"
    REASONS = "reasons"
    ENTRY = "entry"
    CONTACT = "contact"
    SLOTS = "slots"
    CONFIRM = "confirm"
    BOOKED = "booked"
    HELP = "help"
    NOTICE = "notice"
    DUTY_CODE = "duty_code"
    DUTY = "duty"


class Notice(StrEnum):
    """Why a citizen reads a notice instead of going on."""

    OFFLINE = "offline"
    CLOSED = "closed"
    REFUSED = "refused"
    LATE = "late"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    RATED = "rated"
    UNBOOKED = "unbooked"
    NOT_OURS = "not_ours"
    RECORDED = "recorded"


class Narrow(StrEnum):
    """By what the list of items is narrowed."""

    MOST = "most"
    THEME = "theme"
    DEPARTMENT = "department"
    LETTERS = "letters"


class Purpose(StrEnum):
    """What for a citizen shows a paper."""

    MINE = "mine"
    RATE = "rate"
    CHECK_IN = "check_in"
    PHONE = "phone"  # its last four figures, left with an appointment


class EntryKind(StrEnum):
    """What a record tells of."""

    UNSOLVED = "unsolved"  # 办不成事
    REMARK = "remark"  # 吐槽找茬


class Intent(StrEnum):
    """What a touch can mean; the second word of `do` is its object."""

    NARROW = "narrow"
    PICK_GROUP = "pick_group"
    PICK_ITEM = "pick_item"
    PICK_CLASS = "pick_class"
    PRIORITY = "priority"
    PRINT_NOTICE = "print_notice"
    ANYWAY = "anyway"
    TYPE = "type"
    ERASE = "erase"
    CLEAR = "clear"
    REPRINT = "reprint"
    SHOW = "show"
    CHECK = "check"
    CANCEL = "cancel"
    CANCEL_SURE = "cancel_sure"
    RETURN = "return"
    RATE = "rate"
    PICK_LEVEL = "pick_level"
    PICK_TAG = "pick_tag"
    EXPLAIN = "explain"
    LEAVE = "leave"
    PICK_TROUBLE = "pick_trouble"
    SEND = "send"
    BOOK = "book"
    SLOTS = "slots"
    PICK_DAY = "pick_day"
    PICK_SLOT = "pick_slot"
    CONFIRM = "confirm"
    MOVE = "move"
    CHECK_IN = "check_in"
    LEAVE_PHONE = "leave_phone"
    DONE = "done"
    BACK = "back"
    HOME = "home"
    HELP = "help"
    CALL_HELPER = "call_helper"
    END_HELP = "end_help"
    LANGUAGE = "language"
    LARGE = "large"
    CONTRAST = "contrast"
    CLOCK = "clock"
    CHORE = "chore"
    LOW = "low"


@dataclass(frozen=True)
class Wish:
    """What a citizen wants of the hall, under the id that makes it happen once: a number for an
    item of `queue`, the paper of `ticket` again, or of the number that the kiosk gave offline for
    the wish `offline`, the number for whom the code (or appointment's id) `check_in` was booked, or
    the half hour `book` ("2026-11-23 09:30"), in the place of what the code `moves` has. The
    title is printed as the citizen read it."""

    id: str
    item: str = ""
    title: str = ""
    priority: str = ""
    ticket: str = ""
    offline: str = ""
    check_in: str = ""
    queue: str = ""
    book: str = ""
    moves: str = ""
    lang: str = FIRST_LANGUAGE
    large: bool = False


@dataclass(frozen=True)
class Question:
    """What the kiosk wants to know of the hall: one of its views, and of what."""

    id: str
    view: str
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """A command without paper that a citizen gives, under the id that makes it happen once."""

    id: str
    command: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Handout:
    """A one-time notice (一次性告知单) to print: the item's guidance as it was shown, under the
    catalogue's version."""

    id: str
    item: Mapping[str, Any]
    version: str
    lang: str = FIRST_LANGUAGE
    large: bool = False


@dataclass(frozen=True)
class Chore:
    """What whoever looks after the kiosk wants of this machine (设备维护)."""

    id: str
    task: str


@dataclass(frozen=True)
class Slip:
    """The paper of an appointment (预约单) again, as the hall tells of it."""

    id: str
    appointment: Mapping[str, Any]
    item: str = ""
    title: str = ""
    lang: str = FIRST_LANGUAGE
    large: bool = False


@dataclass(frozen=True)
class Receipt:
    """The paper of a record (登记回执) as the hall answered to it in `left`, and whether it will
    call back; nothing of what was said."""

    id: str
    left: Mapping[str, Any]
    by_phone: bool = False
    lang: str = FIRST_LANGUAGE
    large: bool = False


Paper = Handout | Slip | Receipt  # what is printed without the hall
Asked = Wish | Question | Deed | Paper | Chore
