"""P9: how fast the screens are, as programs of their own: python -m tests.benchmarks.screens."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hall_server.bench.load import quantile
from tests.builders import HALL, sqlite_url
from tests.faults.served import serve

LIMITS = {  # performance.md, P9
    "kiosk_first_frame_s": 1.0,
    "kiosk_tap_to_page_p95_ms": 60.0,
    "kiosk_idle_redraws": 0.0,
    "board_event_to_pixels_p95_ms": 50.0,
}
STARTS = 5  # of the kiosk; the median counts
TAPS = 40
EVENTS, WINDOWS = 40, 12  # all of them in view
IDLE_SECONDS = 10.0
REST = 0.4  # seconds between two touches: a kiosk takes none within 0.3 s of a new page
PATIENCE = 60.0


class Flips:
    """The frames that a program's window shows, and when each was there."""

    def __init__(self) -> None:
        from kivy.core.window import Window

        self.n, self.at = 0, 0.0
        self._shown = asyncio.Event()
        Window.bind(on_flip=self._flip)

    def _flip(self, *_: object) -> None:
        self.n, self.at = self.n + 1, time.perf_counter()
        self._shown.set()

    async def until(self, holds: Callable[[], object]) -> float:
        """The moment of the first frame, from now on, after which something holds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._shown.clear()
                await self._shown.wait()
                if holds():
                    return self.at

    async def idle(self) -> int:
        """Frames drawn while nobody does anything."""
        await asyncio.sleep(2)
        before = self.n
        await asyncio.sleep(IDLE_SECONDS)
        return self.n - before


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


async def kiosk(spawned: float, server: str, secret: str, taps: int) -> dict[str, Any]:
    """One kiosk at a real hall: its first frame, its pages by touch, its rest."""
    from config.settings import KioskSettings
    from kiosk import __main__ as program

    with tempfile.TemporaryDirectory() as folder:
        settings = KioskSettings(server=server, hall=HALL, secret=secret, journal=Path(folder))
        async with running(program, settings, settings.pixels(), spawned) as (app, flips, first):
            told: dict[str, Any] = {"first_frame_s": first}
            if taps:
                told["tap_to_page_ms"] = await _pages(app, flips, taps)
                told["idle_redraws"] = await flips.idle()
            return told


async def _pages(app: Any, flips: Flips, taps: int) -> list[float]:
    from kivy.base import EventLoop

    from tests.robot import Finger, Robot

    robot = Robot(app)
    await robot.until(lambda: app.flow.catalogue.items and robot.find("取号"))
    waits = []
    for n in range(taps):
        text, page = (("取号", "items"), ("首页", "home"))[n % 2]
        await asyncio.sleep(REST)
        button = robot.find(text)
        finger = Finger(*button.to_window(*button.center))
        begun = time.perf_counter()
        EventLoop.post_dispatch_input("begin", finger)
        EventLoop.post_dispatch_input("end", finger)
        shown = await flips.until(lambda page=page: app.flow.page == page)  # type: ignore[misc]
        waits.append((shown - begun) * 1000)
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
                waits.append((flips.at - begun) * 1000)
            return {
                "first_frame_s": first,
                "event_to_pixels_ms": waits,
                "idle_redraws": await flips.idle(),
            }


async def child(*what: str) -> dict[str, Any]:
    """What one screen in a process of its own found."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.screens", "--child", repr(time.time()), *what,
        stdout=asyncio.subprocess.PIPE,
        env={"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy", **os.environ},
    )  # fmt: skip
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{what[0]} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


async def measure(folder: Path) -> dict[str, Any]:
    """All figures of P9, as they were found on this machine now."""
    async with serve(sqlite_url(folder), {"kiosk-1": "kiosk"}) as hall:
        at = ("kiosk", hall.url, hall.secrets["kiosk-1"])
        starts = [(await child(*at, "0"))["first_frame_s"] for _ in range(STARTS)]
        used = await child(*at, str(TAPS))
    wall = await child("board")
    taps, events = used["tap_to_page_ms"], wall["event_to_pixels_ms"]
    return {
        "kiosk_first_frame_s": quantile(starts, 0.5),
        "kiosk_tap_to_page_p50_ms": quantile(taps, 0.5),
        "kiosk_tap_to_page_p95_ms": quantile(taps, 0.95),
        "kiosk_idle_redraws": used["idle_redraws"],
        "board_first_frame_s": wall["first_frame_s"],
        "board_event_to_pixels_p50_ms": quantile(events, 0.5),
        "board_event_to_pixels_p95_ms": quantile(events, 0.95),
        "board_idle_redraws": wall["idle_redraws"],
    }


def main(argv: Sequence[str]) -> int:
    """0 when every limit of P9 holds, else 1."""
    parser = argparse.ArgumentParser(prog="./run bench --screens", description="Measure screens.")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.child:
        spawned, what, *rest = asked.child
        screen = (
            board(float(spawned))
            if what == "board"
            else kiosk(float(spawned), rest[0], rest[1], int(rest[2]))
        )
        print(json.dumps(asyncio.run(screen)), flush=True)
        return 0
    with tempfile.TemporaryDirectory(prefix="hall-screens-") as folder:
        found = asyncio.run(measure(Path(folder)))
    holds = {name: found[name] <= limit for name, limit in LIMITS.items()}
    if asked.json:
        told = {"P9": {"figures": found, "limits": LIMITS, "holds": all(holds.values())}}
        print(json.dumps(told | {"load": os.getloadavg()}, indent=1))
    else:
        for name, value in found.items():
            limit = f"≤ {LIMITS[name]:g} {'yes' if holds[name] else 'NO'}" if name in LIMITS else ""
            print(f"{name:32} {value:8.2f}  {limit}")
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    return 0 if all(holds.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
