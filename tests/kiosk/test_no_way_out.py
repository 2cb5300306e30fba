"""Nobody leaves the kiosk's screen: not by a key, a second finger, a drop, or a close request."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kivy.base import EventLoop
from kivy.core.window import Window

from config import public_screen
from kiosk.app import KioskApp
from tests.kiosk.alone import alone

pytestmark = pytest.mark.screen

ESC, F1, F4, F5, F11, F12, PAUSE, MENU = 27, 282, 285, 286, 292, 293, 19, 319
WAYS_OUT = [
    *((key, ()) for key in (ESC, F1, F5, F11, F12, PAUSE, MENU)),
    *((key, ("alt",)) for key in (F4, ESC, 9)),
    *((ord(key), ("ctrl",)) for key in "eqwcn"),
    (ESC, ("ctrl", "alt")),
]

# What Kivy makes of the door's own preparation, in a process of its own.
PREPARED = """
import json
from kiosk.__main__ import prepare_window
prepare_window((270, 480), True)
from kivy.base import EventLoop, runTouchApp
from kivy.config import Config
from kivy.core.window import Window
from kivy.uix.widget import Widget
runTouchApp(Widget(), embedded=True)
print(json.dumps({
    "providers": sorted(type(one).__name__ for one in EventLoop.input_providers),
    "second finger": any(not getattr(one, "disable_multitouch", True)
                         for one in EventLoop.input_providers),
    "modules": list(Config.options("modules")),
    "keyboard": Config.get("kivy", "keyboard_mode"),
    "cursor": Window.show_cursor,
    "fullscreen": Window.fullscreen,
}))
"""


def seen(app: KioskApp) -> tuple[Any, ...]:
    return app.flow.page, app.flow.lang, app.flow.large, app.flow.contrast, len(Window.children)


async def test_no_key_closes_the_kiosk_or_changes_its_page(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        await citizen.press("求助")
        before = seen(citizen.app)
        for key, modifiers in WAYS_OUT:
            Window.dispatch("on_key_down", key, 0, None, list(modifiers))
            Window.dispatch("on_keyboard", key, 0, None, list(modifiers))
            Window.dispatch("on_key_up", key, 0)
            await citizen.frames(1)
            assert seen(citizen.app) == before, f"key {key} {modifiers}"
        assert not EventLoop.quit


async def test_a_request_to_close_is_refused_at_a_kiosk_and_granted_on_a_laptop(
    tmp_path: Path,
) -> None:
    async with alone(tmp_path) as citizen:
        assert Window.dispatch("on_request_close")
        assert Window.dispatch("on_request_close", source="keyboard")
        citizen.app.locked = False
        assert not Window.dispatch("on_request_close")


async def test_what_is_dropped_on_the_screen_is_nothing(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        before = seen(citizen.app)
        for event in ("on_drop_begin", "on_drop_end"):
            Window.dispatch(event, 100, 100)
        for event in ("on_drop_file", "on_drop_text"):
            Window.dispatch(event, b"file:///etc/passwd", 100, 100)
        Window.dispatch("on_textinput", "x")
        await citizen.frames(3)
        assert seen(citizen.app) == before


def click(x: float, y: float, button: str = "left", modifiers: tuple[str, ...] = ()) -> None:
    """As SDL tells of the mouse, which is what a touch screen is to it: y from the top."""
    Window.dispatch("on_mouse_down", x, Window.height - y, button, list(modifiers))
    Window.dispatch("on_mouse_up", x, Window.height - y, button, list(modifiers))


async def test_one_touch_is_delivered_once(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        told: list[str] = []
        citizen.app.root.bind(on_intent=lambda _frame, intent, _value: told.append(intent))
        button = citizen.find("大字版")
        click(*button.to_window(*button.center))
        await citizen.until(lambda: citizen.app.flow.large)
        await citizen.frames(3)
        assert told == ["large"]


async def test_a_right_click_leaves_no_second_finger(tmp_path: Path) -> None:
    async with alone(tmp_path) as citizen:
        for modifiers in ((), ("ctrl",)):
            click(5, 400, "right", modifiers)
            await citizen.frames(2)
        assert not EventLoop.touches
        assert all("multitouch_sim" not in touch.profile for touch in EventLoop.touches)


def test_the_door_leaves_one_finger_no_modules_and_no_keyboard() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PREPARED], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        # The one of SDL, which Kivy always adds, hears of fingers on a phone only.
        "providers": ["MouseMotionEventProvider", "SDL2MotionEventProvider"],
        "second finger": False,
        "modules": [],
        "keyboard": "",
        "cursor": False,
        "fullscreen": "auto",
    }


def test_no_screen_sleeps_and_no_window_is_resized_at_a_kiosk() -> None:
    told = {name: value for _, name, value in public_screen.options((1080, 1920), True)}
    assert told["allow_screensaver"] == told["resizable"] == told["exit_on_escape"] == "0"
