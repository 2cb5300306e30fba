"""Booking's part of the flow: a day, a half hour, once more asked, and the wish for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import Refusal, Refused
from kiosk.flow.booked import Booked
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.hall import Hall
from kiosk.flow.meanings import Intent, Notice, Page, Question, Wish


@dataclass
class Booking(Errand):
    """What one citizen books (预约), or to which half hour he moves what he booked (改约)."""

    hall: Hall = field(repr=False, compare=False)
    booked: Booked = field(repr=False, compare=False)
    wanted: bool = False  # came to book, not to take a number
    item: str = ""
    queue: str = ""
    moving: str = ""  # the code of what is moved
    slots: tuple[Mapping[str, Any], ...] | None = None  # of every day; None: not told yet
    day: str = ""
    slot: str = ""  # "2026-11-23 09:30"
    refused: Refused | None = None

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME, Intent.BOOK | Intent.NARROW as intent):
                self.wanted = intent is Intent.BOOK  # the way to the item is found elsewhere
            case Touch(Page.ITEM | Page.NOTICE, Intent.SLOTS, code):
                return self._for_item(code)
            case Touch(Page.BOOKED, Intent.MOVE):
                return self._move()
            case Touch(Page.SLOTS, Intent.PICK_DAY, day):
                self.day = day
                return Move(Page.SLOTS)
            case Touch(Page.SLOTS, Intent.PICK_SLOT, slot) if self._free(slot):
                self.slot, self.refused = slot, None
                return Move(Page.CONFIRM)
            case Touch(Page.CONFIRM, Intent.PICK_SLOT, slot) if slot == self.offer:
                self.slot = slot
                return self._book()
            case Touch(Page.CONFIRM, Intent.CONFIRM) if self.refused is None:
                return self._book()
            case Touch(Page.CONFIRM, Intent.BACK):
                return self._ask()  # others book meanwhile
            case Touch(Page.SLOTS, Intent.BACK) if self.day:
                self.day = ""
                return Move(Page.SLOTS)
            case Touch(Page.SLOTS, Intent.BACK):
                return Move(Page.BOOKED if self.moving else Page.ITEM)
        return None

    @property
    def busy(self) -> bool:
        """Whether the hall is being asked."""
        return self._asked != ""

    @property
    def full(self) -> bool:
        """Whether the hall told of no half hour that is free."""
        return self.slots is not None and not any(one["free"] for one in self.slots)

    @property
    def offer(self) -> str:
        """The next best half hour, where the one that was wanted has just been taken."""
        if self.refused is None or self.refused.code is not Refusal.SLOT_TAKEN:
            return ""
        return "{next_date} {next_time}".format(**self.refused.facts)

    def _for_item(self, code: str) -> Move | None:
        item = self.hall.catalogue.item(code)
        if item is None or not item.queue:
            return None
        if not self.hall.online:
            return Move(notice=Notice.OFFLINE)
        self.item, self.queue, self.moving, self.day = code, item.queue, "", ""
        return self._ask()

    def _move(self) -> Move | None:
        if not self.booked.may_change:
            return None
        told = self.booked.appointment or {}
        self.item, self.queue = str(told["item"] or ""), str(told["queue"])
        self.moving, self.day = str(told["code"]), ""
        return self._ask()

    def _ask(self) -> Move:
        self.slots, self.refused, self._asked = None, None, new_id()
        return Move(Page.SLOTS, Question(self._asked, "slots", {"queue": self.queue}))

    def _book(self) -> Move:
        self.refused, self._asked = None, new_id()
        return Move(Page.TAKING, Wish(self._asked, self.item, book=self.slot, moves=self.moving))

    def _free(self, slot: str) -> bool:
        return any(
            f"{one['date']} {one['time']}" == slot and one["free"] for one in self.slots or ()
        )

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Move | None:
        """The half hours of every day that may be booked."""
        if self._awaits(asked):
            self._asked, self.slots = "", tuple(answer["slots"])
        return None

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        """No half hours, or not this one: then the next best is offered."""
        if not self._awaits(asked):
            return None
        self._asked, self.refused = "", refused
        return None if self.slots is None else Move(Page.CONFIRM)
