"""The item page's part of the flow: the guidance (办事指南) asked for, and its paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import PrintState, Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.hall import Hall
from kiosk.flow.meanings import Handout, Intent, Page, Question


@dataclass
class Guiding(Errand):
    """What one citizen reads of one item; None until the hall has told it."""

    hall: Hall = field(repr=False, compare=False)
    guidance: Mapping[str, Any] | None = None
    print: PrintState | None = None  # of the one-time notice; None: not asked for
    _question: str = ""
    _handout: str = ""

    def ask(self, code: str) -> Question:
        """The question for an item's guidance."""
        self._question = new_id()
        return Question(self._question, "item", {"code": code})

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.ITEM, Intent.BACK):
                return Move(Page.ITEMS)
            case Touch(Page.ITEM, Intent.PRINT_NOTICE):
                return self._hand_out()
        return None

    def _hand_out(self) -> Move | None:
        """The one-time notice (一次性告知单); one at a time."""
        if self.guidance is None or self.print is PrintState.PRINTING:
            return None
        self.print, self._handout = PrintState.PRINTING, new_id()
        paper = Handout(self._handout, self.guidance, self.hall.catalogue.version)
        return Move(asked=paper)

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The guidance came; that of another item is too late."""
        if asked == self._question:
            self.guidance = dict(answer)
        return None

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        """No guidance, or no paper, will come of this."""
        if asked == self._question:
            self._question = ""
        self.printed(asked, PrintState.FAILED, "")
        return None

    @property
    def waiting(self) -> bool:
        """Whether the guidance may still come."""
        return self.guidance is None and self._question != ""

    def printed(self, asked: str, state: PrintState, trouble: str) -> None:
        if self._handout and asked == self._handout:
            self.print = state
