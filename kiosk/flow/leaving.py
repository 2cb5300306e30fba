"""办不成事、吐槽找茬: what went wrong, told to the hall as a numbered record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.language import say
from hall_server.wire.bounds import new_id
from hall_server.words import Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.holding import Holding
from kiosk.flow.meanings import Deed, EntryKind, Intent, Notice, Page

TROUBLES = {
    EntryKind.UNSOLVED: ("again", "unclear", "sent_around", "overdue", "nobody", "unsolved_other"),
    EntryKind.REMARK: ("waiting", "manners", "signs", "machine", "place", "remark_other"),
}
FIGURES = tuple("0123456789")
SHORTEST_PHONE, LONGEST_PHONE = 7, 12  # figures: a town's own number; with its area code


@dataclass
class Leaving(Errand):
    """What one citizen could not get done, or found wrong, and how to call back. The ticket goes
    with it if one was shown."""

    holding: Holding = field(repr=False, compare=False)
    kind: EntryKind = EntryKind.UNSOLVED
    trouble: str = ""
    phone: str = ""
    record: str = ""  # the number that the hall gave it
    refused: Refused | None = None

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME | Page.MINE | Page.ENTRY, Intent.LEAVE, kind):
                self.kind = EntryKind(kind)
                return Move(Page.ENTRY)
            case Touch(Page.ENTRY, Intent.PICK_TROUBLE, trouble):
                if trouble in TROUBLES[self.kind]:
                    self.trouble = trouble
                    return Move(Page.CONTACT)
            case Touch(Page.CONTACT, Intent.SEND) if self.enough:
                return self._send()
            case Touch(Page.CONTACT, Intent.BACK):
                return Move(Page.ENTRY)
            case Touch(Page.CONTACT, intent, key):
                self._key(intent, key)
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
    def enough(self) -> bool:
        """Whether it may be sent: without a telephone number, or with a whole one."""
        return not self._asked and (not self.phone or len(self.phone) >= SHORTEST_PHONE)

    def _send(self) -> Move:
        """The words are for the hall's staff, who read Chinese."""
        words = [say(f"trouble.{self.trouble}")]
        if self.phone:
            words.append(say("trouble.words_phone", phone=self.phone))
        facts: dict[str, object] = {"entry_kind": self.kind.value, "words": "\n".join(words)}
        ticket = self.holding.ticket
        if ticket is not None:
            facts |= {"ticket": ticket["ticket"], "item": ticket.get("item")}
        self._asked, self.refused = new_id(), None
        return Move(asked=Deed(self._asked, "leave_entry", facts))

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The record has its number."""
        if not self._awaits(asked):
            return None
        self._asked, self.record = "", str(answer["record"])
        return Move(notice=Notice.RECORDED)

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._awaits(asked):
            self._asked, self.refused = "", refused
        return None
