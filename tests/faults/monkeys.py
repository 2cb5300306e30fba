"""A monkey at the real kiosk of a real hall: taps, keys and scans that mean nothing."""

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from time import monotonic
from typing import Any

from hall_server.words import Refused
from kiosk import pages
from kiosk.flow import Intent, Narrow, Page, Purpose, Task
from kiosk.flow.duty import TOUCHES
from kiosk.flow.flow import SETTLE
from kiosk.views import Choice
from tests.faults.figures import Figure
from tests.faults.keepers import Keeper
from tests.faults.proxy import Proxy
from tests.robot import PATIENCE, Finger  # before all of Kivy, which needs its window

from kivy.base import EventLoop  # isort: skip
from kivy.clock import Clock  # isort: skip
from kivy.core.window import Window  # isort: skip
from kivy.uix.behaviors import ButtonBehavior  # isort: skip
from kiosk.widgets.press import Press  # isort: skip
from tests.kiosk.test_app import Citizen, kiosk  # isort: skip
from tests.kiosk.visit import CODE, NOW  # isort: skip

KEYS = (*range(8, 14), 19, 27, *range(32, 127), *range(256, 320))
MODIFIERS = ("shift", "ctrl", "alt", "meta", "capslock")
JUNK = (
    "appointment:00000001",
    "12345678",
    "https://example.org/t/",
    "http://x/t/" + "a" * 22,
    "，。",
)
WAYS_HOME = {Intent.HOME, Intent.BACK, Intent.DONE}
SHOWN = "F0127K3F"  # a number and its code
LEAST = 4  # letters of what may be somebody's: a shorter string is found in anything
DEEDS = ("press", "touch", "drag", "key", "scan", "pick", "show", "knock", "cut", "keep", "go")
SHARES = (73, 6, 2, 6, 1, 2, 2, 1, 1, 4, 2)
WAITS = 0.8  # how often a touch comes late enough to count
MAIN = 3  # times as often as another
LATELY = 20  # papers that it still knows
ENOUGH = 20_000  # deeds, after which no page may be unseen

Kind = tuple[Page | None, str]  # of buttons: those that mean the same, on one page or on all
ON_ALL = {Intent.LANGUAGE, Intent.LARGE, Intent.CONTRAST, Intent.HELP, Intent.HOME, Intent.BACK}


class Errors(logging.Handler):
    """Every error that anything logs."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(logging.ERROR)
        self._figure = figure

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else ""
        self._figure.tell(f"logged: {record.getMessage()} {error!r}")


class Monkey:
    """One that plays with a kiosk, and looks at it after each deed."""

    def __init__(
        self, citizen: Citizen, line: Proxy, keeper: Keeper, seed: int, figure: Figure
    ) -> None:
        self._citizen, self._line, self._figure = citizen, line, figure
        self._chance = random.Random(seed)
        self._keeper = keeper
        self._papers: list[str] = list(JUNK)
        self._typed: dict[Purpose, list[str]] = {purpose: [] for purpose in Purpose}
        self._pressed: Counter[Kind] = Counter()
        self._leads: dict[Kind, Page] = {}
        self._last: Kind | None = None  # pressed, and it is not known yet where it leads
        self._seen: Counter[Page] = Counter()

    async def play(self, deeds: int) -> None:
        """So many deeds. How often each page was seen is noted; after enough of them a page that
        was not is a breach."""
        seen = self._seen
        for n in range(deeds):
            (deed,) = self._chance.choices(DEEDS, SHARES)
            try:
                await getattr(self, f"_{deed}")()
                await _turn()
                self._look()
            except Exception as broken:
                self._figure.tell(f"deed {n}, {deed} on {self._flow.page}: {broken!r}")
                if EventLoop.status != "started":
                    return
            self._figure.count += 1
            seen[self._flow.page] += 1
            if self._last is not None and self._flow.page is not Page.TAKING:
                self._leads[self._last], self._last = self._flow.page, None
        self._figure.notes.append(", ".join(f"{page} {seen[page]}" for page in Page))
        if deeds >= ENOUGH:
            for page in set(Page) - set(seen):
                self._figure.tell(f"{page}: never seen")

    async def type_and_go(self) -> None:
        """A citizen who types a number and its code, and walks away."""
        await self._go()
        self._mean(Intent.SHOW, Purpose.MINE)
        for key in SHOWN:
            self._mean(Intent.TYPE, key)
        self._citizen.app.draw()
        await _turn()
        await self._go()

    @property
    def _flow(self) -> Any:
        return self._citizen.app.flow

    # --- deeds

    async def _press(self) -> None:
        """A button in its middle, sooner a page's main one, one of a kind that was pressed less on
        this page, or one that led to a page which is rarely seen; now and then before it counts."""
        buttons = [one for one in self._citizen.visible() if isinstance(one, ButtonBehavior)]
        live = [one for one in buttons if not one.disabled and not self._ends(one)]
        if self._chance.random() < WAITS:
            self._wait()
        if live:
            page = self._flow.page
            kinds = [_kind(page, str(one.choice.intent)) for one in live]
            alike = Counter(kinds)
            likes = [self._like(kind) / alike[kind] for kind in kinds]
            likes = [
                like * (MAIN if type(one).__name__ == "MainButton" else 1)
                for like, one in zip(likes, live, strict=True)
            ]
            ((button, kind),) = self._chance.choices([*zip(live, kinds, strict=True)], likes)
            self._pressed[kind] += 1
            _tap(*button.to_window(*button.center))
            self._last = kind

    def _like(self, kind: Kind) -> float:
        if kind[0] is None:
            return 0.05 + 1 / (1 + self._pressed[kind])
        led = self._leads.get(kind, kind[0])
        return 1 / (1 + self._pressed[kind]) + 5 / (1 + self._seen[led])

    def _ends(self, button: Any) -> bool:
        """The one button that is there to end the program."""
        choice = getattr(button, "choice", None)
        return choice is not None and choice.value == Task.RESTART and self._flow.duty.sure

    def _wait(self) -> None:
        """As long as a page needs until a touch on it counts; passed, not waited for."""
        self._flow._turned = min(self._flow._turned, monotonic() - SETTLE)

    def _mean(self, intent: Intent, value: str = "") -> None:
        """As a touch that counts."""
        self._wait()
        self._citizen.app.root.dispatch("on_intent", intent, value)

    async def _touch(self) -> None:
        if self._flow.duty.sure:  # it might end the program, which is not looked at here
            return
        _tap(self._chance.uniform(0, Window.width), self._chance.uniform(0, Window.height))

    async def _drag(self) -> None:
        if self._flow.duty.sure:
            return
        finger = Finger(Window.width * self._chance.random(), Window.height * self._chance.random())
        EventLoop.post_dispatch_input("begin", finger)
        for _ in range(3):
            finger.move({"x": self._chance.random(), "y": self._chance.random()})
            EventLoop.post_dispatch_input("update", finger)
            await _turn()
        EventLoop.post_dispatch_input("end", finger)

    async def _key(self) -> None:
        key = self._chance.choice(KEYS)
        letter = chr(key) if 32 <= key < 127 else None
        modifiers = self._chance.sample(MODIFIERS, self._chance.randrange(3))
        _type(key, letter, modifiers)

    async def _scan(self) -> None:
        known = self._papers if self._chance.random() < 0.6 else self._papers[-1:]
        text = self._chance.choice(known)
        if self._chance.random() < 0.2:
            text = "".join(chr(self._chance.randrange(32, 0x3000)) for _ in range(400))
        for letter in text:
            _type(ord(letter), letter, [])
        _type(13, None, [])

    async def _pick(self) -> None:
        """Go to the page of some item."""
        self._mean(Intent.HOME)
        self._mean(Intent.NARROW, Narrow.LETTERS)
        self._mean(Intent.PICK_ITEM, self._chance.choice(self._flow.hall.catalogue.items).code)

    async def _show(self) -> None:
        """Type what stands on a paper, its own or another, for whatever it is good."""
        self._mean(Intent.HOME)
        purpose = self._chance.choice((Purpose.MINE, Purpose.RATE, Purpose.CHECK_IN))
        self._mean(Intent.SHOW, purpose)
        other = self._chance.choice((Purpose.MINE, Purpose.CHECK_IN))
        known = self._typed[purpose if self._chance.random() < 0.9 else other]
        for key in self._chance.choice(known[-LATELY:]) if known else SHOWN:
            self._mean(Intent.TYPE, key)
        self._mean(Intent.CHECK)

    async def _knock(self) -> None:
        if self._chance.random() < 0.7:
            self._mean(Intent.HOME)
        header = next(one for one in self._citizen.visible() if type(one).__name__ == "Header")
        for _ in range(TOUCHES):
            self._wait()
            _tap(*header.ids.time.to_window(*header.ids.time.center))
        if self._flow.page is Page.DUTY_CODE and self._chance.random() < 0.5:
            for key in CODE:
                self._mean(Intent.TYPE, key)
            self._mean(Intent.CHECK)

    async def _keep(self) -> None:
        """The hall does something meanwhile: it serves, passes over, books, or sends a helper."""
        self._note_papers()
        with suppress(Refused):  # nobody waits, or the half hour is full
            code = await self._keeper.do(self._chance)
            if code:
                self._papers.append(f"appointment:{code}")
                self._typed[Purpose.CHECK_IN].append(code)

    def _note_papers(self) -> None:
        """What the kiosk printed for this citizen can be shown later."""
        slip, booked = self._flow.taking.slip, self._flow.booked.appointment
        if slip and slip["url"] and slip["url"] not in self._papers:
            self._papers.append(slip["url"])
            for purpose in (Purpose.MINE, Purpose.RATE):
                self._typed[purpose].append(slip["number"] + slip["code"])
        if booked and booked["code"] and booked["code"] not in self._typed[Purpose.CHECK_IN]:
            self._typed[Purpose.CHECK_IN].append(booked["code"])
            self._papers.append(f"appointment:{booked['code']}")

    async def _cut(self) -> None:
        self._line.cut("reset")
        await _turn()
        self._line.mend()

    async def _go(self) -> None:
        """Walk away: after the time-out nothing of this visit is in the flow or on any page."""
        flow, frame = self._flow, self._citizen.app.root
        public = {one for one in walk([vars(flow.hall), flow.lock]) if type(one) is str}
        mine = {one for one in _kept(flow) if len(one) >= LEAST} - public
        self._note_papers()
        flow.touched(monotonic() - flow.time_out - 1)
        flow.tick(monotonic())
        self._citizen.app.draw()
        await _turn()
        while frame._used and flow.page is Page.HOME:
            await _turn()
        self._figure.acknowledged += 1
        if flow.page is not Page.HOME:  # a number came in this moment
            return
        left = mine & _kept(flow)
        told = [one for one in _texts(frame) if one != frame.chrome.clock]  # may be a slot's time
        shown = {my for my in mine for one in told if my in one}
        if left or shown:
            self._figure.lost += 1
            self._figure.tell(f"after the time-out: kept {left or 'nothing'}, shown {shown}")

    # --- looks

    def _look(self) -> None:
        flow = self._flow
        view = pages.view(flow, NOW)
        found = {one.intent for one in walk(view) if isinstance(one, Choice)}
        if flow.page is not Page.HOME and flow.may_leave and not found & WAYS_HOME:
            self._figure.tell(f"{flow.page}: no way home")
        offered = {
            one.choice.intent
            for one in self._citizen.visible()
            if isinstance(one, Press) and not one.disabled
        }
        shown = self._citizen.app.root._shown
        if shown is None or shown.page is Page.HOME or not flow.may_leave:
            return
        if shown.page is flow.page and not offered & WAYS_HOME:
            self._figure.tell(f"{flow.page}: no way home on the screen")


def _kind(page: Page, intent: str) -> Kind:
    return (None if intent in ON_ALL else page), intent


async def _turn() -> None:
    """One turn of the screen's loop, which draws if anything changed."""
    turned = asyncio.Event()
    Clock.schedule_once(lambda _: turned.set())
    async with asyncio.timeout(PATIENCE):
        await turned.wait()
    await asyncio.sleep(0)


def _tap(x: float, y: float) -> None:
    finger = Finger(x, y)
    EventLoop.post_dispatch_input("begin", finger)
    EventLoop.post_dispatch_input("end", finger)


def _type(key: int, letter: str | None, modifiers: list[str]) -> None:
    Window.dispatch("on_key_down", key, 0, letter, modifiers)
    Window.dispatch("on_keyboard", key, 0, letter, modifiers)
    Window.dispatch("on_key_up", key, 0)


def walk(thing: Any) -> Iterator[Any]:
    """Every value of ours that a value holds."""
    yield thing
    if isinstance(thing, dict):
        inner = [*thing.keys(), *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset, deque)):
        inner = [*thing]
    elif is_dataclass(thing):
        inner = [getattr(thing, one.name) for one in fields(thing)]
    elif type(thing).__module__.startswith("kiosk.flow.") and not isinstance(thing, Enum):
        inner = [*vars(thing).values()]
    else:
        return
    for one in inner:
        yield from walk(one)


def _kept(flow: Any) -> set[str]:
    """Every text that the flow holds beside what it knows of its hall."""
    own = [value for name, value in vars(flow).items() if name not in ("hall", "lock")]
    return {one for one in walk(own) if type(one) is str}


def _texts(frame: Any) -> list[str]:
    """Every text of every page, also of those that nobody sees."""
    screens = [frame, *frame._pages.screens]
    return [one.text for screen in screens for one in screen.walk() if getattr(one, "text", "")]


async def run(count: int, seed: int, folder: Path, *, control: bool = False) -> Figure:
    """So many deeds of one monkey. The control never wipes the pages that nobody sees."""
    figure = Figure("a monkey at the kiosk: taps, keys, scans", seed, control=control)
    begun = time.perf_counter()
    errors = Errors(figure)
    logging.getLogger().addHandler(errors)
    try:
        async with kiosk(folder, paper=100_000_000) as (citizen, served, line, _):
            citizen.app.flow.lock.code = CODE
            if control:
                citizen.app.root._wipe_soon = citizen.app.root._used.clear
            monkey = Monkey(citizen, line, Keeper(served.hall), seed, figure)
            await monkey.play(count)
            if EventLoop.status == "started":
                await monkey.type_and_go()
    finally:
        logging.getLogger().removeHandler(errors)
    figure.seconds = time.perf_counter() - begun
    return figure


def soak(count: int, seed: int, control: bool = False) -> Figure:
    """As `run`, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hall-monkey-") as folder:
        return asyncio.run(run(count, seed, Path(folder), control=control))
