"""The item page's part of the flow: the guidance (办事指南) asked for, and its paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import PrintState
from kiosk.flow.meanings import Handout, Question


@dataclass
class Guiding:
    """What one citizen reads of one item; None until the hall has told it."""

    guidance: Mapping[str, Any] | None = None
    print: PrintState | None = None  # of the one-time notice; None: not asked for
    _question: str = ""
    _handout: str = ""

    def ask(self, code: str) -> Question:
        """The question for an item's guidance."""
        self._question = new_id()
        return Question(self._question, "item", {"code": code})

    def answered(self, question: str, answer: Mapping[str, Any]) -> None:
        """The guidance came; that of another item is too late."""
        if question == self._question:
            self.guidance = dict(answer)

    def refused(self, asked: str) -> None:
        """No guidance, or no paper, will come of this."""
        if asked == self._question:
            self._question = ""
        self.printed(asked, PrintState.FAILED)

    @property
    def waiting(self) -> bool:
        """Whether the guidance may still come."""
        return self.guidance is None and self._question != ""

    def hand_out(self, version: str, lang: str, large: bool) -> Handout | None:
        """The one-time notice (一次性告知单); one at a time."""
        if self.guidance is None or self.print is PrintState.PRINTING:
            return None
        self.print, self._handout = PrintState.PRINTING, new_id()
        return Handout(self._handout, self.guidance, version, lang, large)

    def printed(self, handout: str, state: PrintState) -> None:
        """What became of the paper."""
        if self._handout and handout == self._handout:
            self.print = state
