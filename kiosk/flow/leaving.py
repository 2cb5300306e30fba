"""办不成事、吐槽找茬: what went wrong, told to the hall as a numbered record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.language import say
from hall_server.wire.bounds import new_id
from hall_server.words import PrintState, Refusal, Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.holding import FIGURES, Holding
from kiosk.flow.meanings import Deed, EntryKind, Intent, Notice, Page, Receipt

TROUBLES = {
    EntryKind.UNSOLVED: ("again", "unclear", "sent_around", "overdue", "nobody", "unsolved_other"),
    EntryKind.REMARK: ("waiting", "manners", "signs", "machine", "place", "remark_other"),
}
UNSURE = (Refusal.TOO_BUSY, Refusal.STORE_UNAVAILABLE, Refusal.INTERNAL)  # it may be recorded
SHORTEST_PHONE, LONGEST_PHONE = 7, 12  # figures: a town's own number; with its area code


@dataclass
class Leaving(Errand):
    """What one citizen could not get done, or found wrong, and how to call back. The ticket goes
    with it if one was shown. Never a second record of one trouble: what the hall may have, though
    its answer was lost, is sent again as it was."""

    holding: Holding = field(repr=False, compare=False)
    kind: EntryKind = EntryKind.UNSOLVED
    trouble: str = ""
    phone: str = ""
    left: Mapping[str, Any] | None = None  # the hall's answer: its number, code and term
    print: PrintState = PrintState.PRINTING
    printer: str = ""  # the printer's trouble
    refused: Refused | None = None
    _sent: Deed | None = None  # that the hall may have
    _paper: str = ""

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME | Page.MINE | Page.ENTRY, Intent.LEAVE, kind):
                self.kind = EntryKind(kind)
                return Move(Page.ENTRY)
            case Touch(Page.ENTRY, Intent.PICK_TROUBLE, trouble):
                if trouble in TROUBLES[self.kind]:
                    self._sent = self._sent if trouble == self.trouble else None
                    self.trouble = trouble
                    return Move(Page.CONTACT)
            case Touch(Page.CONTACT, Intent.SEND) if self.enough:
                return self._send()
            case Touch(Page.CONTACT, Intent.BACK):
                return Move(Page.ENTRY)
            case Touch(Page.CONTACT, intent, key) if self.may_change:
                self._key(intent, key)
            case Touch(Page.NOTICE, Intent.REPRINT):
                return self._reprint()
        return None

    def _key(self, intent: Intent, key: str) -> None:
        match intent:
            case Intent.TYPE if key in FIGURES and len(self.phone) < LONGEST_PHONE:
                self.phone += key[:1]
            case Intent.ERASE:
                self.phone = self.phone[:-1]
            case Intent.CLEAR:
                self.phone = ""

    @property
    def may_change(self) -> bool:
        """Whether the hall cannot have it yet."""
        return self._sent is None

    @property
    def enough(self) -> bool:
        """Whether it may be sent: without a telephone number, or with a whole one."""
        return not self._asked and (not self.phone or len(self.phone) >= SHORTEST_PHONE)

    def _send(self) -> Move:
        """The words are for the hall's staff, who read Chinese."""
        if self._sent is None:
            self._sent = Deed(new_id(), "leave_entry", self._facts())
        self._asked, self.refused = self._sent.id, None
        return Move(asked=self._sent)

    def _facts(self) -> dict[str, object]:
        words = [say(f"trouble.{self.trouble}")]
        if self.phone:
            words.append(say("trouble.words_phone", phone=self.phone))
        facts: dict[str, object] = {"entry_kind": self.kind.value, "words": "\n".join(words)}
        ticket = self.holding.ticket
        if ticket is not None:
            facts |= {"ticket": ticket["ticket"], "item": ticket.get("item")}
        return facts

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The record has its number, which is shown and printed."""
        if not self._awaits(asked):
            return None
        self._asked, self._sent, self.left = "", None, dict(answer)
        return Move(notice=Notice.RECORDED, asked=self._receipt())

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._awaits(asked):
            self._asked, self.refused = "", refused
            self._sent = self._sent if refused.code in UNSURE else None
        self.printed(asked, PrintState.FAILED, "")
        return None

    def printed(self, asked: str, state: PrintState, trouble: str) -> None:
        if self._paper and asked == self._paper:
            self.print, self.printer = state, trouble

    def _reprint(self) -> Move | None:
        if self.left is None or self.print is PrintState.PRINTING:
            return None
        return Move(asked=self._receipt())

    def _receipt(self) -> Receipt:
        assert self.left is not None
        self.print, self._paper = PrintState.PRINTING, new_id()
        return Receipt(self._paper, self.left, by_phone=bool(self.phone))
