"""A citizen who walks through the kiosk's pages by touch, whatever they say, and looks at each."""

from math import hypot
from time import monotonic
from typing import Any

import zxingcpp

from config.look import READABLE
from kiosk import pages
from kiosk.flow import Intent, Page
from kiosk.flow.duty import TOUCHES
from kiosk.search import GROUPS
from tests.kiosk.visit import NOW
from tests.robot import Finger, Robot  # before all of Kivy, which needs its window

from kivy.base import EventLoop  # isort: skip
from kivy.core.window import Window  # isort: skip
from kivy.uix.behaviors import ButtonBehavior  # isort: skip
from kivy.uix.label import Label  # isort: skip
from kiosk.widgets.press import Press  # isort: skip
from tests.kiosk.paleness import HIGH, pale, whole  # isort: skip
from tests.kiosk.test_app import Citizen  # isort: skip

TOUCH = 20  # millimetres
CLEAR = 1.0, 0.5  # millimetres beside words, and above and below them: a line has some of its own


def too_small(robot: Robot, inches: float) -> list[str]:
    """Things to touch that a finger would miss, on a screen of so many inches."""
    a_mm = hypot(*Window.size) / (inches * 25.4)
    return [
        f"{widget.choice.words.main}: {widget.width / a_mm:.1f}x{widget.height / a_mm:.1f} mm"
        for widget in robot.visible()
        if isinstance(widget, ButtonBehavior)
        and not widget.disabled
        and min(widget.size) / a_mm < TOUCH - 0.1
    ]


def cramped(robot: Robot, inches: float) -> list[str]:
    """Words that touch the edge of what is touched, on a screen of so many inches."""
    a_mm = hypot(*Window.size) / (inches * 25.4)
    return [
        f"{label.text!r} is {beside / a_mm:.1f} and {above / a_mm:.1f} mm from its edge"
        for press in robot.visible()
        if isinstance(press, Press)
        for label in press.walk(restrict=True)
        if isinstance(label, Label) and label.text and label.opacity
        for beside, above in [_room(label, press)]
        if (beside / a_mm < CLEAR[0] or above / a_mm < CLEAR[1])
    ]


def _room(label: Any, press: Press) -> tuple[float, float]:
    """From the words as they are drawn to the edge, at the sides and above or below."""
    x, y = label.to_window(*label.pos)
    left, low = press.to_window(*press.pos)
    wide = max((line.w for line in label._label._cached_lines), default=0)
    free = {"left": 0.0, "right": 1.0}.get(label.halign, 0.5) if label.text_size[0] else 0.5
    x += (label.width - wide) * free - left
    y += (label.height - label.texture_size[1]) / 2 - low
    above = press.height - y - label.texture_size[1]
    return min(x, press.width - x - wide), min(y, above)


class Walker(Citizen):
    """Touches what means something, and notes whatever is wrong with a page it comes to."""

    def __init__(self, app: Any, inches: float) -> None:
        super().__init__(app)
        self.inches = inches
        self.way = ""  # what it is about, and how the screen is set
        self.faults: list[str] = []
        self.looked: set[Page] = set()

    @property
    def flow(self) -> Any:
        return self.app.flow

    async def on(self, page: Page) -> None:
        """Come to this page, and look at it."""
        await self.until(lambda: self.flow.page is page and self.app.root._shown.page is page)
        await self.frames(3)
        faults = await self._look()
        if faults:  # a new layout may need a few passes to come to rest
            await self.frames(5)
            faults = await self._look()
        self.faults += [f"{self.way}, {page}: {fault}" for fault in faults]
        self.looked.add(page)

    async def _look(self) -> list[str]:
        shot = await self.picture()
        high = self.flow.contrast
        return [
            *self.overflow(),
            *too_small(self, self.inches),
            *cramped(self, self.inches),
            *pale(self, shot, HIGH if high else READABLE),
            *self._unread(shot),
        ]

    def _unread(self, shot: Any) -> list[str]:
        """The QR code of this page, if it should have one that nobody can read."""
        wanted = getattr(pages.view(self.flow, NOW).body, "qr", "")
        read = [one.text for one in zxingcpp.read_barcodes(shot.convert("L"))] if wanted else []
        return [] if not wanted or wanted in read else [f"{wanted} is not read, but {read}"]

    async def touch_on(self, intent: Intent, value: str | None = None) -> None:
        """Touch what means this, with this object if one is named, as soon as it counts."""

        def found() -> Any:
            fit = [
                one
                for one in self.visible()
                if isinstance(one, Press)
                and not one.disabled
                and one.choice.intent == intent
                and value in (None, one.choice.value)
                and whole(one)
            ]
            return max(fit, key=lambda one: one.to_window(*one.pos)[1], default=None)

        try:
            await self.until(lambda: self.flow.settled(monotonic()) and found())
        except AssertionError as never:
            raise AssertionError(f"{self.way}: {intent} {value} on {self.flow.page}") from never
        await self.tap(found())

    async def type_in(self, text: str) -> None:
        """Key by key."""
        for key in text:
            for face in self._faces(key):
                await self.touch_on(Intent.TYPE, face)

    def _faces(self, key: str) -> tuple[str, ...]:
        """What is touched for one letter or figure: on few keys a letter's group first, and where
        items are sought that alone."""
        if key.isdigit() or not self.flow.few_keys:
            return (key,)
        n, group = next((n, one) for n, one in enumerate(GROUPS, 2) if key in one)
        return (str(n),) if self.flow.page is Page.ITEMS else (group, key)

    async def knock(self) -> None:
        """Touch the clock so often and so quickly as nobody does by chance."""
        await self.until(lambda: self.flow.settled(monotonic()))
        header = next(one for one in self.visible() if type(one).__name__ == "Header")
        for _ in range(TOUCHES):
            finger = Finger(*header.ids.time.to_window(*header.ids.time.center))
            EventLoop.post_dispatch_input("begin", finger)
            EventLoop.post_dispatch_input("end", finger)

    async def set_to(self, lang: str, mode: str) -> None:
        """The screen as somebody wants it, from the first page on."""
        self.flow.leave()
        self.app.draw()
        await self.until(lambda: self.app.root._shown.page is Page.HOME)
        if lang == "en":
            await self.touch_on(Intent.LANGUAGE)
        if mode in ("large", "contrast"):
            await self.touch_on(Intent.LARGE if mode == "large" else Intent.CONTRAST)
        await self.on(Page.HOME)
