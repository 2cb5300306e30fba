"""Pictures of every page of the kiosk, on each of its screens, in each of its ways to be read."""

from collections.abc import AsyncIterator
from pathlib import Path

from config.settings import KIOSK_SCREENS
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery, stages
from tests.robot import driving


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """Each page on each screen, in two languages and two sizes of text; then with long names."""
    for screen, (wide, high, inches) in KIOSK_SCREENS.items():
        async with driving(Gallery(inches), (wide, high)) as robot:
            for lang, large in ((lang, large) for lang in ("zh", "en") for large in (False, True)):
                way = f"{lang}-{'large' if large else 'normal'}"
                for name, flow in stages(halls.sample()[1], lang, large):
                    robot.app.put(flow)
                    await robot.frames(3)
                    yield await robot.shot(folder / screen / way / f"{name}.png")
            for large in (False, True):
                way = f"long-{'large' if large else 'normal'}"
                for name, flow in stages(halls.long(), "zh", large):
                    robot.app.put(flow)
                    await robot.frames(3)
                    yield await robot.shot(folder / screen / way / f"{name}.png")
