"""Every page of the kiosk as a citizen can meet it, put on the screen without a hall."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kivy.app import App
from kivy.core.window import Window

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import Flow, Intent, Narrow
from kiosk.printout import CHINA
from kiosk.screens.frame import Frame
from kiosk.search import Catalogue
from kiosk.widgets.theme import theme
from tests.kiosk import halls

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=CHINA)


class Gallery(App):  # type: ignore[misc]
    """The kiosk's frame alone."""

    def build(self) -> Frame:
        theme.fit(*Window.size)
        return Frame()

    def put(self, flow: Flow) -> None:
        self.root.show(pages.view(flow, NOW))


class Visit:
    """A citizen at a kiosk of the sample hall, or of one with other items."""

    def __init__(self, catalogue: Catalogue | None = None, lang: str = "zh", large: bool = False):
        self.flow = Flow(halls.state())
        self.flow.joined(True)
        self.flow.catalogued(catalogue or halls.sample()[1])
        self.clock = 1000.0
        if lang == "en":
            self.do(Intent.LANGUAGE)
        if large:
            self.do(Intent.LARGE)

    def do(self, intent: Intent, value: str = "") -> Any:
        self.clock += 1
        return self.flow.do(intent, value, self.clock)

    def pick(self, item: str) -> None:
        self.do(Intent.NARROW, Narrow.LETTERS)
        self.do(Intent.PICK_ITEM, item)

    def take(self, item: str, **reply: Any) -> str:
        """Pick an item, no priority, and get a number; the wish's id."""
        self.pick(item)
        wish = self.do(Intent.PICK_CLASS, "")
        self.flow.taken(wish.id, halls.reply(**({"item": item} | reply)))
        return str(wish.id)


def stages(catalogue: Catalogue, lang: str, large: bool) -> Iterator[tuple[str, Flow]]:
    """Each page and state by name; the item picked is the one with the longest name."""
    longest = max((i for i in catalogue.items if i.queue), key=lambda item: len(item.name)).code

    def visit() -> Visit:
        return Visit(catalogue, lang, large)

    yield "home", visit().flow
    closed = visit()
    closed.flow.state = {k: v for k, v in closed.flow.state.items() if k != "day"}
    yield "home-closed", closed.flow
    offline = visit()
    offline.flow.joined(False)
    yield "home-offline", offline.flow
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
    picked = visit()
    picked.pick(longest)
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
    again = one.do(Intent.REPRINT)
    one.flow.refuse(again.id, Refused(Refusal.REPRINT_LIMIT))
    yield "ticket-reprint-limit", one.flow
    guidance = visit()
    if only := next((i for i in catalogue.items if not i.queue and i.online_url), None):
        guidance.pick(only.code)
        yield "notice-no-number", guidance.flow
    help_ = visit()
    help_.do(Intent.HELP)
    yield "notice-help", help_.flow
    late = visit()
    late.do(Intent.NARROW, Narrow.LETTERS)
    late.flow.tick(late.clock + 52)
    yield "warning", late.flow
