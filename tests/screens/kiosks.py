"""Pictures of every page of the kiosk, on each of its screens, in each of its ways to be read."""

from collections.abc import AsyncIterator
from pathlib import Path

from config.settings import KIOSK_SCREENS
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery, stages
from tests.robot import driving


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """Each page on each screen, in two languages, two sizes of text and two sets of colours; then
    with long names."""
    sample, long = halls.sample()[1], halls.long()
    ways = {
        "zh-normal": (sample, "zh", False, False),
        "zh-large": (sample, "zh", True, False),
        "en-normal": (sample, "en", False, False),
        "en-large": (sample, "en", True, False),
        "zh-contrast": (sample, "zh", False, True),
        "en-large-contrast": (sample, "en", True, True),
        "long-normal": (long, "zh", False, False),
        "long-large": (long, "zh", True, False),
    }
    for screen, (wide, high, inches) in KIOSK_SCREENS.items():
        async with driving(Gallery(inches), (wide, high)) as robot:
            for way, (items, lang, large, contrast) in ways.items():
                for name, flow in stages(items, lang, large):
                    flow.contrast = contrast
                    robot.app.put(flow)
                    await robot.frames(3)
                    yield await robot.shot(folder / screen / way / f"{name}.png")
