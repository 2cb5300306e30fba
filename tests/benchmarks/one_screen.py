"""One screen in a process of its own, and how fast it is: it carries nothing but its program."""

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

EVENTS, WINDOWS = 40, 12  # all of them in view
IDLE_SECONDS = 10.0
REST = 0.4  # seconds between two touches: a kiosk takes none within 0.3 s of a new page
PATIENCE = 60.0
# At the pace of the printer that a kiosk is set to.
PRINTER = "sim://printer/bench?baud=115200&speed=800&width=576"
TO_THE_NUMBER = ("取号", "按拼音找", "身份证换领")  # then the last touch


class Flips:
    """The frames that a program's window shows, and when each was there."""

    def __init__(self) -> None:
        from kivy.core.window import Window
        from kivy.graphics.opengl import glFinish

        self._finish = glFinish
        self.n, self.begun, self.at = 0, 0.0, 0.0
        self._shown = asyncio.Event()
        Window.bind(on_draw=self._draw, on_flip=self._flip)

    def _draw(self, *_: object) -> None:
        self.begun = time.perf_counter()

    def _flip(self, *_: object) -> None:
        self._finish()  # Kivy tells of a flip before it; only what was painted can be seen
        self.n, self.at = self.n + 1, time.perf_counter()
        self._shown.set()

    def since(self, moment: float) -> tuple[float, float]:
        """Milliseconds until the last frame began to be drawn, and until it was there: between
        them lies the machine's own drawing, which without a graphics card is most of it."""
        return (self.begun - moment) * 1000, (self.at - moment) * 1000

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for the first frame, from now on, after which something holds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._shown.clear()
                await self._shown.wait()
                if holds():
                    return

    async def idle(self) -> tuple[int, float]:
        """Frames drawn while nobody does anything, between two changes of the clock's minute, and
        how much of a core that takes, in per cent."""
        await asyncio.sleep(2)
        if (left := 60 - time.time() % 60) < IDLE_SECONDS + 1:
            await asyncio.sleep(left + 1)
        before, busy, begun = self.n, time.process_time(), time.perf_counter()
        await asyncio.sleep(IDLE_SECONDS)
        share = (time.process_time() - busy) / (time.perf_counter() - begun)
        return self.n - before, 100 * share


@asynccontextmanager
async def running(
    program: Any, settings: Any, size: tuple[int, int], spawned: float
) -> AsyncIterator[tuple[Any, Flips, float]]:
    """A program as its own door runs it, its frames, and how many seconds the first one took."""
    program.prepare_window(size, fullscreen=False)
    flips = Flips()
    task = asyncio.create_task(program.run(settings))
    await flips.until(lambda: True)
    first = time.time() - spawned
    from kivy.app import App

    app = App.get_running_app()
    try:
        yield app, flips, first
    finally:
        app.stop()
        await task


class Handed(logging.Handler):
    """When the printer was busy with a paper, and when it was done, as its driver tells: busy is
    told before the paper's first byte."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.busy = self.done = 0.0
        log = logging.getLogger("drivers.health")
        log.setLevel(logging.INFO)
        log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.args and "busy" in record.args:
            self.busy = record.created
        elif self.busy > self.done:
            self.done = record.created


async def kiosk(
    spawned: float, server: str, hall: str, secret: str, taps: int, numbers: int
) -> dict[str, Any]:
    """One kiosk at a real hall: its first frame; its pages by touch, and its rest; or its numbers,
    with a simulated printer, whose own work would count as the kiosk's."""
    from config.settings import KioskSettings
    from kiosk import __main__ as program

    with tempfile.TemporaryDirectory() as folder:
        settings = KioskSettings(
            server=server,
            hall=hall,
            secret=secret,
            journal=Path(folder),
            printer=PRINTER if numbers else "",
        )
        async with running(program, settings, settings.pixels(), spawned) as (app, flips, first):
            told: dict[str, Any] = {"first_frame_s": first}
            if taps:
                told["tap_to_page_ms"] = await _pages(app, flips, taps)
                while not app.flow.free(time.monotonic()):  # so long somebody may be there
                    await asyncio.sleep(1)
                told["idle_redraws"], told["idle_cpu_percent"] = await flips.idle()
            if numbers:
                told["tap_to_printer_ms"] = await _numbers(app, flips, numbers)
            return told


async def _pages(app: Any, flips: Flips, taps: int) -> list[tuple[float, float]]:
    from tests.robot import Robot

    robot = Robot(app)
    await robot.until(lambda: app.flow.hall.catalogue.items)
    waits = []
    for n in range(taps):
        text, page = (("取号", "items"), ("首页", "home"))[n % 2]
        begun = await _touch(robot, text)
        await flips.until(lambda page=page: app.flow.page == page)  # type: ignore[misc]
        waits.append(flips.since(begun))
    return waits


async def _touch(robot: Any, text: str) -> float:
    """Touch what says this, when it is there and a touch counts; the moment of it."""
    from kivy.base import EventLoop

    from tests.robot import Finger

    button = await robot.until(lambda: robot.find(text))
    await asyncio.sleep(REST)
    finger = Finger(*button.to_window(*button.center))
    begun = time.perf_counter()
    EventLoop.post_dispatch_input("begin", finger)
    EventLoop.post_dispatch_input("end", finger)
    return begun


async def _numbers(app: Any, flips: Flips, numbers: int) -> list[tuple[float, float]]:
    """Milliseconds from the touch that asks for a number until it is on the screen, and until its
    paper goes to the printer."""
    from tests.robot import Robot

    robot, handed, waits = Robot(app), Handed(), []
    for _ in range(numbers):
        for text in TO_THE_NUMBER:
            await _touch(robot, text)
        begun = await _touch(robot, "普通取号")
        clock = time.time() - (time.perf_counter() - begun)
        await flips.until(lambda: app.flow.page == "ticket")
        shown = flips.since(begun)[1]
        await robot.until(lambda clock=clock: clock < handed.busy < handed.done)
        waits.append((shown, (handed.busy - clock) * 1000))
        await _touch(robot, "完成")
    return waits


async def board(spawned: float) -> dict[str, Any]:
    """One wall board whose events each change a row: its first frame, its events, its rest."""
    from config.settings import DisplaySettings
    from display import __main__ as program
    from tests.display.halls import Tiny, hall
    from tests.display.server import doorway

    tiny = Tiny(hall(windows=WINDOWS))
    for n in range(WINDOWS):
        tiny.opens(str(n + 1))
    async with doorway(tiny) as door:
        settings = DisplaySettings(server=door.url, secret="x" * 20, voice=False)
        async with running(program, settings, (1920, 1080), spawned) as (app, flips, first):
            while not (app.view and app.view.ready):
                await flips.until(lambda: True)
            waits = []
            for n in range(EVENTS):
                await asyncio.sleep(REST)
                begun = time.perf_counter()
                window = str(n % WINDOWS + 1)
                told = tiny.opens(window) if n // WINDOWS % 2 else tiny.pauses(window, "午餐")
                before, _ = flips.n, await door.tell(told)
                while flips.n == before:
                    await flips.until(lambda: True)
                waits.append(flips.since(begun))
            redraws, _ = await flips.idle()
            return {
                "first_frame_s": first,
                "event_to_pixels_ms": waits,
                "idle_redraws": redraws,
            }


def main(argv: Sequence[str]) -> None:
    """When it was born, what it is, and for a kiosk: server, hall, secret, touches, numbers."""
    spawned, what, *at = argv
    if what == "board":
        screen = board(float(spawned))
    else:
        screen = kiosk(float(spawned), at[0], at[1], at[2], int(at[3]), int(at[4]))
    print(json.dumps(asyncio.run(screen)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
