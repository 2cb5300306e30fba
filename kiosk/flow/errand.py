"""What a citizen is about: touches and answers in, moves out; one file for each errand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.words import PrintState, Refused
from kiosk.flow.meanings import Asked, Intent, Notice, Page


@dataclass(frozen=True)
class Touch:
    """One touch: on which page, what it means, its object, and when."""

    page: Page
    intent: Intent
    value: str = ""
    now: float = 0.0


@dataclass(frozen=True)
class Move:
    """What a touch or an answer leads to: a page, or a notice, and something to ask. A page that
    is there already has changed so much that a second tap must not choose on it at once."""

    page: Page | None = None
    asked: Asked | None = None
    notice: Notice | None = None


@dataclass
class Errand:
    """One thing that a citizen is about, over one page or several. None: that is not mine."""

    _asked: str = field(default="", kw_only=True)  # the id of what the hall has not answered yet

    def touch(self, touch: Touch) -> Move | None:
        """A touch on whatever page."""
        return None

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The hall told what this question asked, or did this deed."""
        return None

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        """The hall said no to what was asked under this id, or nothing."""
        return None

    def printed(self, asked: str, state: PrintState, trouble: str) -> None:
        """What became of a paper, and the printer's trouble if it had one."""

    def _awaits(self, asked: str) -> bool:
        """Whether this answers what was asked last."""
        return self._asked != "" and asked == self._asked
