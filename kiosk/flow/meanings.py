"""What there is on the way through a kiosk: pages, what a touch can mean, what a citizen wants."""

from dataclasses import dataclass
from enum import StrEnum

FIRST_LANGUAGE = "zh"
LANGUAGES = ("zh", "en")


class Page(StrEnum):
    """The kiosk's pages; every one but home has a way home."""

    HOME = "home"
    ITEMS = "items"
    CLASSES = "classes"
    TAKING = "taking"
    TICKET = "ticket"
    NOTICE = "notice"


class Notice(StrEnum):
    """Why a citizen reads a notice instead of going on."""

    OFFLINE = "offline"
    CLOSED = "closed"
    REFUSED = "refused"
    NO_NUMBER = "no_number"
    LATE = "late"
    HELP = "help"


class Narrow(StrEnum):
    """By what the list of items is narrowed."""

    THEME = "theme"
    DEPARTMENT = "department"
    LETTERS = "letters"


class Intent(StrEnum):
    """What a touch can mean; the second word of `do` is its object."""

    NARROW = "narrow"
    PICK_GROUP = "pick_group"
    PICK_ITEM = "pick_item"
    PICK_CLASS = "pick_class"
    ANYWAY = "anyway"
    TYPE = "type"
    ERASE = "erase"
    CLEAR = "clear"
    REPRINT = "reprint"
    DONE = "done"
    BACK = "back"
    HOME = "home"
    HELP = "help"
    LANGUAGE = "language"
    LARGE = "large"
    CONTRAST = "contrast"


@dataclass(frozen=True)
class Wish:
    """What a citizen wants of the hall, under the id that makes it happen once: a number for an
    item, or the paper of `ticket` again. The title is printed as the citizen read it."""

    id: str
    item: str = ""
    title: str = ""
    priority: str = ""
    ticket: str = ""
    lang: str = FIRST_LANGUAGE
    large: bool = False
