"""A monkey at the real kiosk of a real hall: taps, keys and scans that mean nothing."""

import asyncio
import logging
import random
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from time import monotonic
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.behaviors import ButtonBehavior

from kiosk import pages
from kiosk.flow import Intent, Page, Purpose, Task
from kiosk.flow.duty import TOUCHES
from kiosk.views import Choice
from kiosk.widgets.press import Press
from tests.faults.figures import Figure
from tests.faults.proxy import Proxy
from tests.kiosk.test_app import Citizen, kiosk
from tests.kiosk.visit import CODE, NOW
from tests.robot import PATIENCE, Finger

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
DEEDS = ("press", "touch", "drag", "key", "scan", "knock", "cut", "go")
SHARES = (55, 15, 4, 14, 6, 2, 1, 3)


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

    def __init__(self, citizen: Citizen, line: Proxy, seed: int, figure: Figure) -> None:
        self._citizen, self._line, self._figure = citizen, line, figure
        self._chance = random.Random(seed)
        self._papers: list[str] = list(JUNK)

    async def play(self, deeds: int) -> None:
        """So many deeds; the pages that were seen are noted."""
        seen: set[str] = set()
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
            seen.add(self._flow.page.value)
        self._figure.notes.append(f"pages seen: {', '.join(sorted(seen))}")
        missed = {page.value for page in Page} - seen
        self._figure.notes.append(f"pages not seen: {', '.join(sorted(missed)) or 'none'}")

    async def type_and_go(self) -> None:
        """A citizen who types a number and its code, and walks away."""
        await self._go()
        await self._settled()
        for intent, value in ((Intent.SHOW, Purpose.MINE), *((Intent.TYPE, key) for key in SHOWN)):
            self._flow.do(intent, value, monotonic())
            await self._settled()
        self._citizen.app.draw()
        await _turn()
        await self._go()

    @property
    def _flow(self) -> Any:
        return self._citizen.app.flow

    # --- deeds

    async def _press(self) -> None:
        """A button in its middle; now and then only when it counts."""
        buttons = [one for one in self._citizen.visible() if isinstance(one, ButtonBehavior)]
        live = [one for one in buttons if not one.disabled and not self._ends(one)]
        if self._chance.random() < 0.2:
            await self._settled()
        if live:
            likes = [4 if type(one).__name__ == "MainButton" else 1 for one in live]
            (button,) = self._chance.choices(live, likes)
            _tap(*button.to_window(*button.center))

    def _ends(self, button: Any) -> bool:
        """The one button that is there to end the program."""
        choice = getattr(button, "choice", None)
        return choice is not None and choice.value == Task.RESTART and self._flow.duty.sure

    async def _settled(self) -> None:
        while not self._flow.settled(monotonic()):
            await _turn()

    async def _touch(self) -> None:
        _tap(self._chance.uniform(0, Window.width), self._chance.uniform(0, Window.height))

    async def _drag(self) -> None:
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

    async def _knock(self) -> None:
        for one in self._citizen.app.root.walk():
            if type(one).__name__ == "Header":
                for _ in range(TOUCHES):
                    _tap(*one.ids.time.to_window(*one.ids.time.center))
                break
        if self._flow.page is Page.DUTY_CODE and self._chance.random() < 0.5:
            await self._settled()
            for key in CODE:
                self._flow.do(Intent.TYPE, key, monotonic())
            self._flow.do(Intent.CHECK, "", monotonic())

    async def _cut(self) -> None:
        self._line.cut("reset")
        await _turn()
        self._line.mend()

    async def _go(self) -> None:
        """Walk away: after the time-out nothing of this visit is in the flow or on any page."""
        flow, frame = self._flow, self._citizen.app.root
        public = {one for one in walk([vars(flow.hall), flow.lock]) if type(one) is str}
        mine = {one for one in _kept(flow) if len(one) >= LEAST} - public
        if flow.taking.slip and flow.taking.slip.get("url"):
            self._papers.append(str(flow.taking.slip["url"]))
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
        shown = {my for my in mine for told in _texts(frame) if my in told}
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
        async with kiosk(folder, paper=100_000_000) as (citizen, _, line, _):
            citizen.app.flow.lock.code = CODE
            if control:
                citizen.app.root._wipe_soon = citizen.app.root._used.clear
            monkey = Monkey(citizen, line, seed, figure)
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
