"""My ticket's part of the flow: shown by number and short code, followed, given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import Refused, TicketState
from kiosk.codes import appointment_code, ticket_token
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.meanings import Deed, Intent, Notice, Page, Purpose, Question, Wish
from kiosk.flow.taking import paper_of

LONGEST = 12  # figures and letters of a number and its code together
CODE = 4  # the last of them are the code
SHORTEST = CODE + 2
BOOKED = 8  # figures of an appointment's code
PHONE = 4  # the last figures of a phone
FIGURES = tuple("0123456789")


@dataclass
class Holding(Errand):
    """What one citizen showed, and what the hall told of it."""

    purpose: Purpose = Purpose.MINE
    phones: bool = False  # the last four figures of a phone are a proof too
    typed: str = ""
    opened: str = ""  # letters of one key, where there is no room for all
    ticket: Mapping[str, Any] | None = None
    refused: Refused | None = None
    sure: bool = False  # asked once more whether the number is to be given up
    _token: str = ""  # of the ticket that was scanned
    _done: Notice | None = None  # what is told when the deed is done

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME, Intent.SHOW, purpose):
                self.purpose = Purpose(purpose)
                return Move(Page.PROOF)
            case Touch(Page.PROOF, Intent.CHECK):
                return self._check() if self.enough else None
            case Touch(Page.PROOF, intent, key):
                self._key(intent, key)
            case Touch(Page.MINE, intent):
                return self._with_ticket(intent)
        return None

    def scanned(self, text: str) -> Move:
        """A paper was held before the scanner: an appointment checks in, a ticket is looked up,
        anything else is told."""
        if (code := appointment_code(text)) is not None:
            return Move(Page.TAKING, Wish(new_id(), check_in=code))
        token = ticket_token(text)
        if token is None:
            return Move(notice=Notice.NOT_OURS)
        if self.purpose is not Purpose.RATE:
            self.purpose = Purpose.MINE
        self._asked, self._token = new_id(), token
        return Move(Page.PROOF, Question(self._asked, "ticket", {"token": token}))

    def _key(self, intent: Intent, key: str) -> None:
        """One key of the page on which number and code are typed."""
        self.refused, self.opened = None, ""
        match intent:
            case Intent.TYPE if len(key) != 1:
                self.opened = key
            case Intent.TYPE if len(self.typed) < self._most and (key in FIGURES or self.letters):
                self.typed += key[:1].upper()
            case Intent.ERASE:
                self.typed = self.typed[:-1]
            case Intent.CLEAR:
                self.typed = ""

    @property
    def letters(self) -> bool:
        """Whether what is to be typed has letters too: a number and its code."""
        return self.purpose not in (Purpose.CHECK_IN, Purpose.PHONE)

    @property
    def enough(self) -> bool:
        """Whether this may be a number and a code, and nothing is being asked."""
        if not self.letters:
            whole = len(self.typed) in (self._most, PHONE if self.phones else self._most)
        else:
            whole = len(self.typed) >= SHORTEST
        return whole and not self._asked

    @property
    def _most(self) -> int:
        return {Purpose.CHECK_IN: BOOKED, Purpose.PHONE: PHONE}.get(self.purpose, LONGEST)

    @property
    def checks_in(self) -> bool:
        """Whether the paper is that of an appointment (预约单)."""
        return self.purpose is Purpose.CHECK_IN

    def _check(self) -> Move:
        """For the ticket of what was typed; an appointment asks for its number at once."""
        if self.checks_in:
            return Move(Page.TAKING, Wish(new_id(), check_in=self.typed))
        self.refused, self._asked = None, new_id()
        number, code = self.typed[:-CODE], self.typed[-CODE:]
        return Move(asked=Question(self._asked, "held_ticket", {"number": number, "code": code}))

    def _with_ticket(self, intent: Intent) -> Move | None:
        if self.ticket is None:
            return None
        match intent:
            case Intent.CANCEL:
                self.sure = True
                return Move(Page.MINE)
            case Intent.BACK if self.sure:
                self.sure = False
                return Move(Page.MINE)
            case Intent.CANCEL_SURE if self.sure:
                return self._do(self.ticket, "cancel_ticket", Notice.CANCELLED)
            case Intent.RETURN if self.ticket["state"] == TicketState.PASSED:
                return self._do(self.ticket, "return_passed", Notice.RETURNED)
            case Intent.RATE if self.ticket.get("may_rate"):
                return Move(Page.RATE)
            case Intent.REPRINT if not self._asked:
                return Move(Page.TAKING, paper_of(self.ticket))
        return None

    def _do(self, ticket: Mapping[str, Any], command: str, done: Notice) -> Move | None:
        if self._asked:
            return None
        self._asked, self._done, self.refused = new_id(), done, None
        return Move(asked=Deed(self._asked, command, {"ticket": ticket["ticket"]}))

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The ticket came, or the deed is done: then that is told."""
        if not self._awaits(asked):
            return None
        self._asked = ""
        if self._done is not None:
            return Move(notice=self._done)
        self.ticket = {"token": self._token, **answer}
        rates = self.purpose is Purpose.RATE and answer["may_rate"]
        return Move(Page.RATE if rates else Page.MINE)

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._awaits(asked):
            self._asked, self._done, self.refused, self.sure = "", None, refused, False
        return None
