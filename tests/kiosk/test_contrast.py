"""Every word on every page stands out from its ground, measured on the picture of the screen."""

import pytest
from kivy.core.window import Window
from kivy.uix.label import Label
from PIL import Image

from config.look import READABLE, contrast
from kiosk.flow import Intent
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery, stages
from tests.kiosk.visit import Visit
from tests.robot import Robot, driving

pytestmark = pytest.mark.screen
HIGH = 7  # WCAG 2.1 AAA
FEW = 40  # pixels; fewer of a colour are the edge of something


def pale(robot: Robot, shot: Image.Image, least: float) -> list[str]:
    """Words whose ink is too near to the ground they stand on. What is off may be pale."""
    found = []
    for label in robot.visible():
        if not isinstance(label, Label) or not label.text.strip() or label.disabled:
            continue
        x, y = label.to_window(*label.pos)
        box = (x, Window.height - y - label.height, x + label.width, Window.height - y)
        part = shot.crop(tuple(round(side) for side in box))
        if part.width < 2 or part.height < 2 or not _whole(label):
            continue
        colours = part.getcolors(part.width * part.height) or []
        grounds = max(colours)[1]
        best = max(
            contrast(_hex(grounds), _hex(colour)) for count, colour in colours if count >= FEW
        )
        if best < least:
            found.append(f"{label.text!r}: {best:.1f}")
    return found


def _whole(label: Label) -> bool:
    """Whether nothing of it is scrolled out of sight."""
    parent = label.parent
    while parent is not None and parent is not Window and parent is not parent.parent:
        if type(parent).__name__ in ("Rows", "ScrollView"):
            low = parent.to_window(*parent.pos)[1]
            y = label.to_window(*label.pos)[1]
            return bool(low <= y and y + label.height <= low + parent.height)
        parent = parent.parent
    return True


def _hex(colour: tuple[int, ...]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour[:3])


@pytest.mark.parametrize("high", [False, True])
async def test_every_word_can_be_told_from_its_ground(high: bool) -> None:
    async with driving(Gallery()) as robot:
        for name, flow in stages(halls.sample()[1], "zh", False):
            if name == "warning":  # the page under the veil is not to be read
                continue
            flow.contrast = high
            robot.app.put(flow)
            await robot.frames(4)
            found = pale(robot, await robot.picture(), HIGH if high else READABLE)
            assert found == [], name


async def test_words_that_are_pale_are_found() -> None:
    async with driving(Gallery()) as robot:
        robot.app.put(Visit().flow)
        await robot.frames(4)
        robot.find("按主题找").color = (0.8, 0.8, 0.8, 1)
        (found,) = pale(robot, await robot.picture(), READABLE)
        assert "按主题找" in found


def test_high_contrast_is_gone_with_the_citizen_who_chose_it() -> None:
    visit = Visit()
    visit.do(Intent.CONTRAST)
    assert visit.flow.contrast
    assert visit.flow.in_use
    visit.flow.tick(visit.clock + visit.flow.time_out)
    assert not visit.flow.contrast
    assert not visit.flow.in_use
