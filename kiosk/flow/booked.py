"""An appointment's part of the flow: just booked or shown, checked in, moved, given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import AppointmentState, PrintState, Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.hall import Hall
from kiosk.flow.holding import PHONE, Holding
from kiosk.flow.meanings import Deed, Intent, Notice, Page, Purpose, Question, Slip, Wish

AWAITED = (AppointmentState.BOOKED, AppointmentState.MISSED)


@dataclass
class Booked(Errand):
    """The appointment (预约) of one citizen, and what he may do with it."""

    hall: Hall = field(repr=False, compare=False)
    holding: Holding = field(repr=False, compare=False)
    wish: Wish | None = None  # that booked or moved it here
    appointment: Mapping[str, Any] | None = None
    print: PrintState | None = None  # of its paper; None: none was asked for
    trouble: str = ""
    left: str = ""  # by what it is known besides: "phone" or "card"
    sure: bool = False  # asked once more whether it is to be given up
    refused: Refused | None = None
    unread: str = ""  # why a card could not be read
    _paper: str = ""
    _leaves: str = ""

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.PROOF, Intent.CHECK) if self._phone and self.holding.enough:
                return Move() if self._asked else self._with_phone(self.holding.typed)
            case Touch(Page.PROOF, Intent.BACK) if self.holding.purpose is Purpose.PHONE:
                return Move(Page.BOOKED)
            case Touch(Page.NOTICE, Intent.SHOW, code) if code.isdigit():
                return self._find(code=code)
            case Touch(Page.NOTICE, Intent.SHOW) if self.appointment is not None:
                return Move(Page.BOOKED)
            case Touch(Page.BOOKED, intent):
                return self._with_appointment(intent)
        return None

    def _with_appointment(self, intent: Intent) -> Move | None:
        told = self.appointment
        if told is None or self._asked:
            return None
        self.refused, self.unread = None, ""
        match intent:
            case Intent.CHECK_IN if told["state"] in AWAITED:
                # Not by the code: wrong ones that others typed here would keep him waiting.
                return Move(Page.TAKING, Wish(new_id(), check_in=told["appointment"]))
            case Intent.CANCEL if self.may_change:
                self.sure = True
                return Move(Page.BOOKED)
            case Intent.BACK if self.sure:
                self.sure = False
                return Move(Page.BOOKED)
            case Intent.CANCEL_SURE if self.sure:
                self._asked = new_id()
                return Move(asked=Deed(self._asked, "cancel_appointment", {"code": told["code"]}))
            case Intent.LEAVE_PHONE if self.may_change and self.hall.mark:
                self.holding.purpose, self.holding.typed = Purpose.PHONE, ""
                return Move(Page.PROOF)
            case Intent.REPRINT if told["code"] and self.print is not PrintState.PRINTING:
                self.print, self._paper = PrintState.PRINTING, new_id()
                return Move(asked=Slip(self._paper, told, str(told["item"] or "")))
        return None

    @property
    def may_change(self) -> bool:
        """Whether it may be moved, given up, or known by more: who shows only the last figures of
        a phone is not told the code."""
        told = self.appointment
        return told is not None and told["state"] == AppointmentState.BOOKED and bool(told["code"])

    @property
    def is_today(self) -> bool:
        """Whether it is for the business day that is open."""
        day = self.hall.state.get("day")
        return bool(day and self.appointment and day["date"] == self.appointment["date"])

    def wants_card(self, page: Page) -> bool:
        """Whether an ID card is looked for on this page."""
        shows = page is Page.PROOF and self.holding.checks_in
        leaves = page is Page.BOOKED and self.may_change and self.left != "card" and not self.sure
        return self.hall.reads_cards and not self._asked and (shows or leaves)

    def carded(self, page: Page, mark: str) -> Move | None:
        """A card was read: it finds the appointment, or is left as another proof of it."""
        if not self.wants_card(page):
            return None
        self.unread = ""
        return self._find(person=mark) if page is Page.PROOF else self._leave("card", person=mark)

    @property
    def _phone(self) -> bool:
        short = self.holding.checks_in and len(self.holding.typed) == PHONE
        return self.hall.mark is not None and (short or self.holding.purpose is Purpose.PHONE)

    def _with_phone(self, figures: str) -> Move:
        assert self.hall.mark is not None
        mark = self.hall.mark(figures)
        if self.holding.purpose is Purpose.PHONE:
            self.holding.typed = ""
            return self._leave("phone", phone=mark)
        return self._find(phone=mark)

    def _find(self, **proof: str) -> Move:
        self.holding.refused, self._asked = None, new_id()
        return Move(asked=Question(self._asked, "appointment", proof))

    def _leave(self, what: str, **proof: str) -> Move:
        if not self.may_change or self.appointment is None:
            return Move()
        self._asked, self._leaves, self.refused = new_id(), what, None
        facts: dict[str, str | int] = {"code": self.appointment["code"], **proof}
        return Move(Page.BOOKED, Deed(self._asked, "leave_proof", facts))

    def taken(self, wish: str, reply: Mapping[str, Any]) -> Move | None:
        """The hall gave this wish its half hour."""
        if not self._is_mine(wish):
            return None
        self.appointment = {"state": AppointmentState.BOOKED.value, **reply}
        self.print, self._paper, self.left = PrintState.PRINTING, wish, ""
        return Move(Page.BOOKED)

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """It was found, given up, or known by more."""
        if not self._awaits(asked):
            return None
        self._asked = ""
        if self.sure:
            return Move(notice=Notice.UNBOOKED)
        if self._leaves:
            self.left, self._leaves = self._leaves, ""
            return None
        self.appointment, self.print = dict(answer), None
        return Move(Page.BOOKED)

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._awaits(asked):
            self._asked, self._leaves, self.sure = "", "", False
            self.refused = self.holding.refused = refused
        self.printed(asked, PrintState.FAILED, "")
        return None

    def printed(self, asked: str, state: PrintState, trouble: str) -> None:
        if self._paper and asked == self._paper:
            self.print, self.trouble = state, trouble

    def _is_mine(self, wish: str) -> bool:
        return self.wish is not None and self.wish.id == wish
