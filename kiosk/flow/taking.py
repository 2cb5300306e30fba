"""The number's part of the flow: whom it is for, the wish, the ticket, and its paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import PrintState, Refusal, Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.hall import Hall
from kiosk.flow.meanings import Intent, Notice, Page, Wish
from kiosk.search import Item


@dataclass
class Taking(Errand):
    """What one citizen takes a number for, what was asked of the hall, and what came of it."""

    hall: Hall = field(repr=False, compare=False)
    item: Item | None = None
    wish: Wish | None = None
    slip: dict[str, Any] | None = None
    print: PrintState = PrintState.PRINTING
    trouble: str = ""
    refused: Refused | None = None
    _first: str = ""  # the wish that the slip's number is for
    _priority: str = ""
    _late: bool = False  # told that a number taken now may be called after closing
    _anyway: bool = False

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.ITEM, Intent.PRIORITY):
                return Move(Page.CLASSES)
            case Touch(Page.ITEM | Page.CLASSES, Intent.PICK_CLASS, priority):
                self._priority = priority
                return self._take()
            case Touch(Page.NOTICE, Intent.ANYWAY) if self._late:
                self._anyway = True
                return self._take()
            case Touch(Page.CLASSES, Intent.BACK):
                return Move(Page.ITEM)
            case Touch(Page.NOTICE, Intent.BACK) if self.item is not None:
                return Move(Page.ITEM)
            case Touch(Page.TICKET, Intent.REPRINT):
                return self._reprint()
        return None

    def _take(self) -> Move | None:
        if self.item is None or not self.item.queue:
            return None
        if not self.hall.open:
            return Move(notice=Notice.CLOSED)
        if not self.hall.online and self.item.queue not in self.hall.offline:
            return Move(notice=Notice.OFFLINE)
        self._late = not self._anyway and self.hall.late(self.item.queue)
        if self._late:
            return Move(notice=Notice.LATE)
        wish = Wish(new_id(), self.item.code, priority=self._priority, queue=self.item.queue)
        return Move(Page.TAKING, wish)

    def _reprint(self) -> Move | None:
        if self.slip is None or self.print is PrintState.PRINTING:
            return None
        self.print, self.trouble, self.refused = PrintState.PRINTING, "", None
        if not self.slip["ticket"]:
            item = str(self.slip["item"] or "")
            return Move(asked=Wish(new_id(), item, offline=self._first))
        return Move(asked=paper_of(self.slip))

    def taken(self, wish: str, reply: Mapping[str, Any]) -> Move | None:
        """The hall gave this wish its number."""
        if not self._is_mine(wish):
            return None
        again = self.slip is not None
        self.slip = dict(reply)
        if again:
            return None
        self._first = wish
        return Move(Page.TICKET)

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        """The offline number (离线号) of this wish has come into its queue."""
        if self.slip is not None and wish == self._first:
            self.slip |= reply

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        """No number; where there is one already it stays on its page."""
        if not self._is_mine(asked):
            return None
        self.refused = refused
        if self.slip is not None:
            self.print = PrintState.UNKNOWN
            return None
        closed = refused.code is Refusal.DAY_CLOSED
        return Move(notice=Notice.CLOSED if closed else Notice.REFUSED)

    def printed(self, asked: str, state: PrintState, trouble: str) -> None:
        if self._is_mine(asked):
            self.print, self.trouble = state, trouble

    def _is_mine(self, wish: str) -> bool:
        return self.wish is not None and self.wish.id == wish


def paper_of(ticket: Mapping[str, Any]) -> Wish:
    """The wish for the same number's paper again (补打)."""
    return Wish(new_id(), str(ticket.get("item") or ""), ticket=str(ticket["ticket"]))
