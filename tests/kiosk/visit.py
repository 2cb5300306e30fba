"""A citizen at the flow of a sample hall, without a screen, with a clock that a test sets."""

from datetime import datetime
from typing import Any

from drivers.ticket_paper import CHINA
from kiosk.flow import Flow, Intent, Narrow, Purpose
from kiosk.flow.duty import TOUCHES
from kiosk.search import Catalogue
from tests.kiosk import halls

KIOSK = "kiosk-1"
CODE = "135790"  # of the maintenance page
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=CHINA)


class Visit:
    """A citizen at a kiosk of the sample hall, or of one with other items."""

    def __init__(self, catalogue: Catalogue | None = None, lang: str = "zh", large: bool = False):
        self.flow = Flow(halls.state())
        self.flow.joined(True, KIOSK)
        self.flow.catalogued(catalogue or halls.sample()[1])
        self.flow.offered(tuple(item.code for item in self.flow.hall.catalogue.items[:10]))
        self.clock = 1000.0
        if lang == "en":
            self.do(Intent.LANGUAGE)
        if large:
            self.do(Intent.LARGE)

    def do(self, intent: Intent, value: str = "", after: float = 1.0) -> Any:
        self.clock += after
        return self.flow.do(intent, value, self.clock)

    def scan(self, text: str) -> Any:
        """Hold a code before the scanner."""
        self.clock += 1
        return self.flow.scanned(text, self.clock)

    def without_hall(self, queues: frozenset[str] | None = None, in_hours: bool = True) -> None:
        """The line is gone; there are offline numbers of these queues, or of every one."""
        every = frozenset(item.queue for item in self.flow.hall.catalogue.items)
        self.flow.joined(False)
        self.flow.without_hall(every if queues is None else queues, in_hours)

    def slots(self, item: str, **answer: Any) -> None:
        """Pick an item to book, and see its days."""
        self.do(Intent.BOOK, Narrow.LETTERS)
        self.do(Intent.PICK_ITEM, item)
        question = self.do(Intent.SLOTS, item)
        self.flow.answered(question.id, halls.slots(**answer))

    def book(self, item: str, slot: str = "2026-11-24 10:30") -> Any:
        """Book a half hour of an item; the wish."""
        self.slots(item)
        self.do(Intent.PICK_DAY, slot.split()[0])
        self.do(Intent.PICK_SLOT, slot)
        return self.do(Intent.CONFIRM)

    def shows(self, **told: Any) -> None:
        """Show an appointment by the last four of a phone; the hall answers with it."""
        self.do(Intent.SHOW, Purpose.CHECK_IN)
        for key in "1234":
            self.do(Intent.TYPE, key)
        question = self.do(Intent.CHECK)
        self.flow.answered(question.id, {"state": "booked", "ticket": None, **halls.booked(**told)})

    def proofs(self) -> "Visit":
        """At a kiosk with a card reader, that also knows phones."""
        self.flow.hall.reads_cards, self.flow.hall.mark = True, "phone:{}".format
        self.flow.holding.phones = True
        return self

    def pick(self, item: str) -> Any:
        self.do(Intent.NARROW, Narrow.LETTERS)
        return self.do(Intent.PICK_ITEM, item)

    def priority(self, item: str) -> None:
        """Pick an item and ask for a priority number."""
        self.pick(item)
        self.do(Intent.PRIORITY)

    def helper(self, state: str) -> None:
        """The hall tells how this kiosk's call for a helper stands; "" when it is over."""
        call = {"place": f"kiosk/{KIOSK}", "state": state, "helper": None, "escalated": False}
        others = {k: v for k, v in self.flow.hall.state.items() if k != "helper/c1"}
        self.flow.hall.state = others | ({"helper/c1": call} if state else {})

    def show(self, purpose: Purpose = Purpose.MINE, **facts: Any) -> Any:
        """Type number and code of a paper; the hall answers with the ticket."""
        self.do(Intent.SHOW, purpose)
        for key in "F0127K3F":
            self.do(Intent.TYPE, key)
        question = self.do(Intent.CHECK)
        self.flow.answered(question.id, halls.held(**facts))
        return question

    def knock(self, code: str = "") -> None:
        """The hidden gesture of whoever looks after the kiosk, and the code."""
        self.flow.lock.code = CODE
        for _touch in range(TOUCHES):
            self.do(Intent.CLOCK, after=0.4)
        if code:
            self.open_duty(code)

    def open_duty(self, code: str = CODE) -> None:
        """Type the code of the maintenance page."""
        for key in code:
            self.do(Intent.TYPE, key)
        self.do(Intent.CHECK)

    def take(self, item: str, **reply: Any) -> str:
        """Pick an item, no priority, and get a number; the wish's id."""
        self.pick(item)
        wish = self.do(Intent.PICK_CLASS, "")
        self.flow.taken(wish.id, halls.reply(**({"item": item} | reply)))
        return str(wish.id)
