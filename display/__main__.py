"""The door of the display program: settings in, one wall or sign out (hall-display)."""

import argparse
import asyncio
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from config import public_screen
from config.look import file, look
from config.settings import DisplaySettings

if TYPE_CHECKING:
    from display.app import DisplayApp

SHOT_SECONDS, LOOK_SECONDS = 20.0, 0.05


def main() -> None:
    """Start a display. Settings come from DISPLAY_* and the file named by --file."""
    parser = argparse.ArgumentParser(prog="hall-display", description="综合屏、窗口屏")
    parser.add_argument("--file", type=Path, help="settings file (TOML)")
    parser.add_argument(
        "--window", type=public_screen.size, help="a window of this size instead, as 960x540"
    )
    parser.add_argument("--shot", type=Path, help="save one picture (PNG) of a call, and end")
    given = parser.parse_args()
    settings = DisplaySettings(**({"file": given.file} if given.file else {}))
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    size = given.window or (settings.width, settings.height)
    prepare_window(size, settings.fullscreen and not given.window)
    asyncio.run(run(settings, given.shot))


def prepare_window(size: tuple[int, int], fullscreen: bool) -> None:
    """Everything Kivy must know before it is imported: nothing to touch, no way out, no files
    of its own."""
    os.environ.update(public_screen.ENVIRONMENT)
    from kivy.config import Config

    for section, name, value in public_screen.options(size, fullscreen):
        Config.set(section, name, value)
    Config.remove_section("input")
    Config.add_section("input")


async def run(settings: DisplaySettings, shot: Path | None = None) -> None:
    """Show the wall until its window closes, or until its picture is taken."""
    from display.app import DisplayApp
    from display.sound import Chime

    chime = file(look().sounds.call) if settings.voice else None
    app = DisplayApp(settings, Chime(chime, settings.volume / 100) if chime else None)
    if shot is None:
        await app.main()
        return
    photographer = asyncio.create_task(_photograph(app, shot))
    await app.main()
    await photographer


async def _photograph(app: "DisplayApp", shot: Path) -> None:
    """Take a picture of a call, or after 20 s without one of whatever stands there, and end."""
    from kivy.core.window import Window

    with suppress(TimeoutError):
        async with asyncio.timeout(SHOT_SECONDS):
            while app.view is None or not app.view.lit:
                await asyncio.sleep(LOOK_SECONDS)
    drawn = asyncio.Event()
    Window.bind(on_flip=lambda *_: drawn.set())
    Window.canvas.ask_update()
    await drawn.wait()
    shot.parent.mkdir(parents=True, exist_ok=True)
    Path(Window.screenshot(name=str(shot))).replace(shot)
    app.stop()


if __name__ == "__main__":
    main()
