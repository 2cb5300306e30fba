"""My ticket's part of the flow: shown by number and short code, followed, given up, rated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import Refused, TicketState
from kiosk.flow.meanings import Deed, Intent, Notice, Purpose, Question

LONGEST = 12  # figures and letters of a number and its code together
CODE = 4  # the last of them are the code
SHORTEST = CODE + 2
BOOKED = 8  # figures of an appointment's code
LEVELS = ("5", "4", "3", "2", "1")  # 非常满意 to 非常不满意


@dataclass
class Holding:
    """What one citizen showed, and what the hall told of it."""

    purpose: Purpose = Purpose.MINE
    typed: str = ""
    ticket: Mapping[str, Any] | None = None
    refused: Refused | None = None
    sure: bool = False  # asked once more whether the number is to be given up
    _asked: str = ""
    _done: Notice | None = None  # what is told when the deed is done

    def key(self, intent: Intent, value: str) -> None:
        """One key of the page on which number and code are typed."""
        self.refused = None
        match intent:
            case Intent.TYPE if len(self.typed) < (BOOKED if self.checks_in else LONGEST):
                self.typed += value[:1].upper()
            case Intent.ERASE:
                self.typed = self.typed[:-1]
            case Intent.CLEAR:
                self.typed = ""

    @property
    def enough(self) -> bool:
        """Whether this may be a number and a code, and nothing is being asked."""
        return len(self.typed) >= (BOOKED if self.checks_in else SHORTEST) and not self._asked

    @property
    def checks_in(self) -> bool:
        """Whether the paper is that of an appointment (预约单)."""
        return self.purpose is Purpose.CHECK_IN

    @property
    def busy(self) -> bool:
        """Whether the hall is being asked."""
        return self._asked != ""

    def check(self) -> Question | None:
        """The question for the ticket of what was typed."""
        if not self.enough:
            return None
        self.refused, self._asked = None, new_id()
        number, code = self.typed[:-CODE], self.typed[-CODE:]
        return Question(self._asked, "held_ticket", {"number": number, "code": code})

    def give_up(self) -> Deed | None:
        """Give the number up (弃号), after it was asked once more."""
        return self._do("cancel_ticket", Notice.CANCELLED) if self.sure else None

    def come_back(self) -> Deed | None:
        """Back into the queue (过号重排)."""
        passed = self.ticket is not None and self.ticket["state"] == TicketState.PASSED
        return self._do("return_passed", Notice.RETURNED) if passed else None

    def rate(self, level: str) -> Deed | None:
        """Rate the service that was finished (好差评): one touch of one face."""
        if self.ticket is None or not self.ticket["may_rate"] or level not in LEVELS or self.busy:
            return None
        self._asked, self._done, self.refused = new_id(), Notice.RATED, None
        facts = {"service": self.ticket["service"], "token": self.ticket["token"]}
        return Deed(self._asked, "rate", {**facts, "level": int(level)})

    def _do(self, command: str, done: Notice) -> Deed | None:
        if self.ticket is None or self.busy:
            return None
        self._asked, self._done, self.refused = new_id(), done, None
        return Deed(self._asked, command, {"ticket": self.ticket["ticket"]})

    def answered(self, answer: Mapping[str, Any]) -> Notice | None:
        """The ticket came, or the deed is done: then what is to be told."""
        self._asked = ""
        if self._done is None:
            self.ticket = dict(answer)
        return self._done

    def asks(self, asked: str) -> bool:
        """Whether this answer is ours."""
        return self._asked != "" and asked == self._asked

    def refuse(self, refused: Refused) -> None:
        """The hall said no."""
        self._asked, self._done, self.refused, self.sure = "", None, refused, False
