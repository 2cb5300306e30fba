"""Every page of the kiosk as a citizen can meet it, put on the screen without a hall."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from kivy.app import App
from kivy.core.window import Window

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import EntryKind, Flow, Intent, Machine, Narrow, Purpose, Task
from kiosk.screens.frame import Frame
from kiosk.search import Catalogue
from kiosk.widgets.theme import INCHES, theme
from tests.kiosk import halls
from tests.kiosk.booking_stages import bookings
from tests.kiosk.visit import NOW, Visit

MACHINE = Machine(
    "http://hall.government-service-centre.example:8600", "192.168.100.123",
    "service-hall 0.1.0 · Kivy 2.3.1 · Python 3.12.11 · Linux 6.1.0-31-amd64",
    "paper_low", 80, "printed",
)  # fmt: skip


class Gallery(App):  # type: ignore[misc]
    """The kiosk's frame alone, on a screen of so many inches."""

    def __init__(self, inches: float = INCHES) -> None:
        super().__init__()
        self.inches = inches

    def build(self) -> Frame:
        width, height = Window.size
        theme.fit(width, height, self.inches)
        return Frame()

    def put(self, flow: Flow, now: datetime = NOW) -> None:
        flow.high, flow.few_keys = theme.high, theme.small
        self.root.show(pages.view(flow, now))


def stages(catalogue: Catalogue, lang: str, large: bool) -> Iterator[tuple[str, Flow]]:
    """Each page and state by name; the item picked is the one with the longest name."""
    longest = max((i for i in catalogue.items if i.queue), key=lambda item: len(item.name)).code

    def visit() -> Visit:
        return Visit(catalogue, lang, large)

    yield "home", visit().flow
    closed = visit()
    closed.flow.hall.state = {k: v for k, v in closed.flow.hall.state.items() if k != "day"}
    yield "home-closed", closed.flow
    offline = visit()
    offline.flow.joined(False)
    yield "home-offline", offline.flow
    alone = visit()
    alone.without_hall()
    yield "home-offline-takes", alone.flow
    alone.take(longest, **halls.OFFLINE)
    yield "ticket-offline", alone.flow
    for way in Narrow:
        one = visit()
        one.do(Intent.NARROW, way)
        yield f"items-{way}", one.flow
    group = visit()
    group.do(Intent.NARROW, Narrow.DEPARTMENT)
    group.do(Intent.PICK_GROUP, max((i.department for i in catalogue.items), key=len))
    yield "items-group", group.flow
    typed = visit()
    typed.do(Intent.NARROW, Narrow.LETTERS)
    for key in "SFZ":
        typed.do(Intent.TYPE, key)
    yield "items-typed", typed.flow
    for key in "QQQ":
        typed.do(Intent.TYPE, key)
    yield "items-nothing", typed.flow
    item = visit()
    question = item.pick(longest)
    yield "item-asked", item.flow
    near = {"points": halls.guidance("SL370499-SOC-008")["points"]}
    item.flow.answered(question.id, halls.guidance(longest) | near)
    yield "item", item.flow
    paper = item.do(Intent.PRINT_NOTICE)
    yield "item-printing", item.flow
    item.flow.printed(paper.id, PrintState.FAILED)
    yield "item-not-printed", item.flow
    unknown = visit()
    unknown.flow.refuse(unknown.pick(longest).id, Refused(Refusal.STORE_UNAVAILABLE))
    yield "item-unknown", unknown.flow
    picked = visit()
    picked.priority(longest)
    yield "classes", picked.flow
    picked.do(Intent.PICK_CLASS, "")
    yield "taking", picked.flow
    picked.flow.tick(picked.clock + 5)
    yield "taking-silent", picked.flow
    refused = visit()
    refused.pick(longest)
    wish = refused.do(Intent.PICK_CLASS, "")
    refused.flow.refuse(wish.id, Refused(Refusal.QUOTA_USED_UP))
    yield "notice-refused", refused.flow
    for state, trouble in (
        (PrintState.PRINTING, ""),
        (PrintState.PRINTED, ""),
        (PrintState.UNKNOWN, ""),
        (PrintState.FAILED, "paper_out"),
    ):
        one = visit()
        one.flow.printed(one.take(longest), state, trouble)
        yield f"ticket-{state}", one.flow
    broad = visit()
    broad.flow.printed(broad.take(longest, number="W888X", code="MWWM"), PrintState.PRINTED)
    yield "ticket-broad", broad.flow
    again = one.do(Intent.REPRINT)
    one.flow.refuse(again.id, Refused(Refusal.REPRINT_LIMIT))
    yield "ticket-reprint-limit", one.flow
    only = replace(
        next(i for i in catalogue.items if i.code == longest),
        queue="",
        online_url="https://example.org/only",
    )
    guidance = Visit(Catalogue("1", (only,)), lang, large)
    question = guidance.pick(longest)
    guidance.flow.answered(question.id, halls.guidance())
    yield "item-online", guidance.flow
    help_ = visit()
    help_.do(Intent.HELP)
    yield "help", help_.flow
    asked = help_.do(Intent.CALL_HELPER)
    yield "help-asked", help_.flow
    help_.flow.refuse(asked.id, Refused(Refusal.TOO_BUSY))
    yield "help-unheard", help_.flow
    for state in ("called", "accepted", "arrived"):
        helped = visit()
        helped.helper(state)
        helped.do(Intent.HELP)
        yield f"help-{state}", helped.flow
    for purpose in (Purpose.MINE, Purpose.RATE, Purpose.CHECK_IN):
        shown = visit()
        shown.do(Intent.SHOW, purpose)
        yield f"proof-{purpose}", shown.flow
    shown = visit()
    shown.do(Intent.SHOW, Purpose.MINE)
    shown.do(Intent.TYPE, "PQRS")
    yield "proof-opened", shown.flow
    shown = visit()
    shown.do(Intent.SHOW, Purpose.MINE)
    for key in "A0127K3F":
        shown.do(Intent.TYPE, key)
    question = shown.do(Intent.CHECK)
    shown.flow.refuse(question.id, Refused(Refusal.TICKET_UNKNOWN))
    yield "proof-unknown", shown.flow
    for name in ("waiting", "called", "passed", "finished", "rated"):
        facts = halls.HELD[name]
        mine = visit()
        mine.show(item=longest, **facts)
        yield f"mine-{name}", mine.flow
        if name == "waiting":
            mine.do(Intent.CANCEL)
            yield "mine-sure", mine.flow
            deed = mine.do(Intent.CANCEL_SURE)
            mine.flow.answered(deed.id, {})
            yield "notice-cancelled", mine.flow
        if name == "finished":
            mine.do(Intent.RATE)
            yield "rate", mine.flow
            deed = mine.do(Intent.PICK_LEVEL, "1")
            mine.flow.answered(deed.id, {})
            mine.do(Intent.PICK_TAG, "109")
            yield "reasons", mine.flow
            deed = mine.do(Intent.EXPLAIN)
            mine.flow.refuse(deed.id, Refused(Refusal.TOO_BUSY))
            yield "reasons-refused", mine.flow
    told = visit()
    told.do(Intent.LEAVE, EntryKind.UNSOLVED)
    yield "entry", told.flow
    told.do(Intent.PICK_TROUBLE, "again")
    yield "contact", told.flow
    for key in "13800000000":
        told.do(Intent.TYPE, key)
    deed = told.do(Intent.SEND)
    told.flow.refuse(deed.id, Refused(Refusal.ENTRIES_FULL))
    yield "contact-refused", told.flow
    deed = told.do(Intent.SEND)
    paper = told.flow.answered(deed.id, halls.left())
    yield "notice-recorded", told.flow
    told.flow.printed(paper.id, PrintState.FAILED, "paper_out")
    yield "notice-recorded-not-printed", told.flow
    duty = visit()
    duty.knock()
    yield "duty_code", duty.flow
    duty.open_duty("11")
    yield "duty_code-wrong", duty.flow
    duty.open_duty()
    duty.flow.duty.machine = MACHINE
    yield "duty", duty.flow
    duty.do(Intent.CHORE, Task.RESTART)
    yield "duty-sure", duty.flow
    yield from bookings(visit, longest)
    late = visit()
    late.do(Intent.NARROW, Narrow.LETTERS)
    late.flow.tick(late.clock + 52)
    yield "warning", late.flow
