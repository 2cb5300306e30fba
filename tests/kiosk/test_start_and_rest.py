"""The first frame waits for no page but its own, a kiosk where nobody is wakes the machine half as
often, what stands is not looked through for garbage at every visitor, and what a visitor needed
is given back when he leaves."""

import gc
import os
from ctypes import CDLL, c_void_p, memset
from pathlib import Path
from time import monotonic

import pytest
from kivy.clock import Clock

from kiosk.__main__ import settle
from kiosk.flow import Intent, Page
from tests.kiosk.alone import alone
from tests.kiosk.gallery import Gallery
from tests.kiosk.visit import Visit
from tests.robot import driving

from kivy.core.window import Window  # isort: skip
from kivy.uix.scrollview import ScrollView  # isort: skip
from kivy.uix.widget import Widget  # isort: skip
from kiosk.screens.frame import SCREENS, Frame  # isort: skip
from kiosk.widgets.scrolling import Scroll  # isort: skip

pytestmark = pytest.mark.screen

BLOCK = 4_096
MB = 1_000_000


def made(frame: Frame) -> set[str]:
    return {screen.name for screen in frame._pages.screens}


async def test_a_new_frame_makes_only_the_page_that_it_shows() -> None:
    async with driving(Gallery(), (270, 480)) as robot:
        frame = Frame()
        assert made(frame) == set()
        robot.app.root = frame
        visit = Visit()
        visit.do(Intent.HELP)
        robot.app.put(visit.flow)
        assert made(frame) == {Page.HELP}
        await robot.until(lambda: made(frame) == set(SCREENS))  # before they are touched


async def test_a_frame_that_went_makes_no_more_pages() -> None:
    async with driving(Gallery(), (270, 480)) as robot:
        gone, stays = Frame(), Frame()
        gone.let_go()
        await robot.until(lambda: made(stays) == set(SCREENS))
        assert made(gone) == set()


async def test_a_kiosk_where_nobody_is_looks_for_touches_half_as_often(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        await citizen.press("求助")
        assert Clock._max_fps == 60
        citizen.app.flow.touched(monotonic() - 59)
        citizen.app._tick()
        assert Clock._max_fps == 60, "somebody may still read this page"
        citizen.app.flow.touched(monotonic() - 60)
        citizen.app._tick()
        assert citizen.app.flow.page is Page.HOME
        assert Clock._max_fps == 30
        await citizen.press("求助")
        assert Clock._max_fps == 60, "from the first touch on"


async def test_what_stands_is_looked_through_again_only_when_it_went(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        await citizen.frames(1)
        gc.disable()
        try:
            settle()
            assert gc.isenabled()
            assert gc.get_freeze_count() > 100_000
            Window.dispatch("on_resize", *Window.size)
            assert gc.get_freeze_count() == 0
        finally:
            gc.unfreeze()
            gc.enable()


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


async def test_memory_that_nobody_needs_goes_back_when_a_citizen_leaves() -> None:
    c = CDLL("libc.so.6")
    c.malloc.restype, c.free.argtypes = c_void_p, [c_void_p]
    async with driving(Gallery(), (270, 480)) as robot:
        await robot.until(lambda: made(robot.app.root) == set(SCREENS))
        visit = Visit()
        visit.do(Intent.HELP)
        robot.app.put(visit.flow)
        await robot.frames(2)
        pieces = [c.malloc(BLOCK) for _ in range(60 * MB // BLOCK)]
        for piece in pieces:
            memset(piece, 1, BLOCK)
        full = resident()
        for piece in pieces[:-1]:  # the last one stands at the end of the heap and keeps it there
            c.free(piece)
        await robot.frames(2)
        assert full - resident() < 10, "the control: the C library keeps what is free"
        visit.do(Intent.HOME)
        robot.app.put(visit.flow)
        await robot.frames(2)
        assert full - resident() > 40
        c.free(pieces[-1])


async def test_a_movement_leaves_nothing_behind() -> None:
    async with driving(Gallery(), (270, 480)) as robot:
        bare, ours = ScrollView(), Scroll()
        for one in (bare, ours):
            one.add_widget(Widget(size_hint_y=None, height=2000))
            robot.app.root.add_widget(one)
        await robot.frames(2)
        for step in range(20):
            for one in (bare, ours):
                one.scroll_y = step / 20
                one.update_from_scroll()
        followed = [len(list(one.get_property_observers("bar_color"))) for one in (bare, ours)]
        assert followed[1] <= 2
        assert followed[0] >= 20, "the control: Kivy's own"
