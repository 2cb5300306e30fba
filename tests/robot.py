"""A robot that uses a Kivy program as a person does: it looks, touches and waits for drawn frames.

Import it before anything of Kivy: it chooses the off-screen window. One window serves all the
programs of a test run, one after the other.

    async with driving(app, size=(1080, 1920)) as robot:
        await robot.tap("取号")
        await robot.until(lambda: robot.find("请取走您的号票"))
        assert not robot.overflow()
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from config.public_screen import ENVIRONMENT

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.update(ENVIRONMENT, KIVY_NO_CONSOLELOG="1")

from kivy.config import Config

Config.set("graphics", "width", "1920")
Config.set("graphics", "height", "1920")
Config.set("graphics", "multisamples", "0")
Config.set("graphics", "maxfps", "60")
Config.remove_option("input", "%(name)s")
Config.set("input", "mouse", "mouse,disable_multitouch")

from kivy.base import EventLoop  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import (  # noqa: E402
    GL_RGB,
    GL_SCISSOR_TEST,
    GL_UNSIGNED_BYTE,
    glDisable,
    glEnable,
    glReadPixels,
    glScissor,
)
from kivy.input.motionevent import MotionEvent  # noqa: E402
from kivy.uix.scrollview import ScrollView  # noqa: E402
from PIL import Image  # noqa: E402

Window.close = lambda *_: None  # the next program in this process needs it

PATIENCE = 30.0  # seconds; a wait that long is a failure, however busy the machine


class Finger(MotionEvent):  # type: ignore[misc]
    """One finger, down and up again."""

    def __init__(self, x: float, y: float) -> None:
        place = {"x": x / max(1, Window.width - 1), "y": y / max(1, Window.height - 1)}
        super().__init__("robot", "finger", place, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        self.profile = ["pos"]
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class Robot:
    """One person in front of one program."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def frames(self, n: int = 2) -> None:
        """Wait until n more frames were really drawn."""
        for _ in range(n):
            drawn = asyncio.Event()

            def flipped(*_: object, drawn: asyncio.Event = drawn) -> None:
                drawn.set()

            Window.bind(on_flip=flipped)
            try:
                Window.canvas.ask_update()
                # Not wait_for: in Python 3.11 it loses the cancellation that until() relies on.
                async with asyncio.timeout(PATIENCE):
                    await drawn.wait()
            finally:
                Window.unbind(on_flip=flipped)

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Wait, frame by frame, until something holds; its value. AssertionError tells what is
        on the screen when it never does."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := holds()):
                    await self.frames(1)
                return value
        except TimeoutError:
            raise AssertionError(f"never held; on the screen: {self.texts()}") from None

    def visible(self) -> Iterator[Any]:
        """Every widget a person could see, front first."""
        for root in Window.children:
            yield from _seen(root)

    def texts(self) -> list[str]:
        """Every text on the screen."""
        return [w.text for w in self.visible() if getattr(w, "text", "")]

    def find(self, text: str, cls: str | None = None) -> Any:
        """The widget that says exactly this, else the first whose text holds it, else None."""
        near = None
        for widget in self.visible():
            told = getattr(widget, "text", "").replace("\n", "")
            if not told or (cls is not None and type(widget).__name__ != cls):
                continue
            if told == text:
                return widget
            if near is None and text in told:
                near = widget
        return near

    async def tap(self, target: Any, cls: str | None = None) -> None:
        """Touch a widget, or what shows a text, in its middle."""
        await self.frames(1)  # what was shown just now is laid out in the next frame
        widget = self.find(target, cls) if isinstance(target, str) else target
        assert widget is not None, f"nothing says {target!r}; on the screen: {self.texts()}"
        await self.touch(*widget.to_window(*widget.center))

    async def touch(self, x: float, y: float) -> None:
        """Touch a point of the window, in pixels from the lower left."""
        finger = Finger(x, y)
        EventLoop.post_dispatch_input("begin", finger)
        await self.frames(1)
        EventLoop.post_dispatch_input("end", finger)
        await self.frames(2)

    async def picture(self) -> Image.Image:
        """What is on the screen, every pixel of it filled."""
        glDisable(GL_SCISSOR_TEST)
        try:
            await self.frames(2)
            pixels = glReadPixels(0, 0, *Window.size, GL_RGB, GL_UNSIGNED_BYTE)
        finally:
            glEnable(GL_SCISSOR_TEST)
        upside_down = Image.frombytes("RGB", Window.size, pixels)
        return upside_down.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    async def shot(self, path: Path) -> Path:
        """Save what is on the screen as this PNG file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        (await self.picture()).save(path)
        return path

    def overflow(self) -> list[str]:
        """Every text that does not fit: larger than its box, cut without being shortened on
        purpose, or out of the window. Empty is good."""
        return [told for widget in self.visible() for told in _faults(widget)]


@asynccontextmanager
async def driving(
    app: Any,
    size: tuple[int, int] = (1080, 1920),
    run: Callable[[], Coroutine[Any, Any, Any]] | None = None,
) -> AsyncIterator[Robot]:
    """Run a Kivy program in this loop, at this size, until the block ends. Every frame is laid out
    and counted, but without a graphics card filling it costs more than all else: only what a
    picture shows is filled.

    `run` is the program's own main coroutine where it has one; it must end after app.stop().
    """
    Window.size = size
    glScissor(0, 0, 1, 1)
    glEnable(GL_SCISSOR_TEST)
    task = asyncio.ensure_future(run() if run else app.async_run("asyncio"))
    robot = Robot(app)
    try:
        async with asyncio.timeout(PATIENCE):
            while not Window.children and not task.done():
                await asyncio.sleep(0)
        if task.done():
            await task
        await robot.frames(3)
        yield robot
    finally:
        if not task.done():
            app.stop()
        await task
        glDisable(GL_SCISSOR_TEST)


def _seen(widget: Any) -> Iterator[Any]:
    if widget.opacity == 0:
        return
    yield widget
    for child in widget.children:
        yield from _seen(child)


def _faults(widget: Any) -> Iterator[str]:
    text = getattr(widget, "text", "")
    if not text or not hasattr(widget, "texture_size"):
        return
    name = f"{type(widget).__name__} {text!r}"
    wide, high = widget.texture_size
    if wide > widget.width + 1 or high > widget.height + 1:
        yield f"{name}: text {wide}x{high} in a box {widget.width:.0f}x{widget.height:.0f}"
    lines = widget._label._cached_lines
    if widget.text_size[0] and any(line.w > widget.text_size[0] + 1 for line in lines):
        yield f"{name}: a line is wider than {widget.text_size[0]:.0f}"
    if not (widget.shorten or widget.max_lines) and (lost := _lost(widget)):
        yield f"{name}: cut, {lost!r} is not shown"
    for parent in _parents(widget):
        if isinstance(parent, ScrollView):
            return
        if parent is not Window and not _inside(widget, parent):
            yield f"{name}: out of its {type(parent).__name__}"
            return
    left, low = widget.to_window(widget.x, widget.y)
    right, top = widget.to_window(widget.right, widget.top)
    if left < -1 or low < -1 or right > Window.width + 1 or top > Window.height + 1:
        yield f"{name}: out of the window, {left:.0f},{low:.0f} to {right:.0f},{top:.0f}"


def _inside(widget: Any, parent: Any) -> bool:
    x, y = widget.to_window(widget.x, widget.y)
    left, low = parent.to_window(parent.x, parent.y)
    return bool(
        x >= left - 1
        and y >= low - 1
        and x + widget.width <= left + parent.width + 1
        and y + widget.height <= low + parent.height + 1
    )


def _lost(widget: Any) -> str:
    """What of a text the laid-out lines do not hold."""
    if widget.markup:
        return ""
    shown = "".join(word.text for line in widget._label._cached_lines for word in line.words)
    rest = "".join(widget.text.split())
    shown = "".join(shown.split())
    return "" if len(shown) >= len(rest) else rest[len(shown) :]


def _parents(widget: Any) -> Iterator[Any]:
    while widget.parent is not None and widget.parent is not widget:
        widget = widget.parent
        yield widget
