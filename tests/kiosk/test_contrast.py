"""Every word on every page of every screen stands out from its ground, measured on its picture."""

import pytest

from config.look import READABLE
from config.settings import KIOSK_SCREENS
from kiosk.flow import Intent, Page
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery, stages
from tests.kiosk.paleness import look_at, pale
from tests.kiosk.visit import Visit
from tests.robot import driving

pytestmark = pytest.mark.screen
OTHERS = 8  # of the states of a page beside its first, every so many-th; all are in the soak


@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("screen", KIOSK_SCREENS)
async def test_every_word_can_be_told_from_its_ground(screen: str, high: bool) -> None:
    wide, tall, inches = KIOSK_SCREENS[screen]
    turn = [*KIOSK_SCREENS].index(screen) + 2 * high
    pages: set[Page] = set()
    every = screen == "portrait" and not high
    async with driving(Gallery(inches), (wide, tall)) as robot:
        for n, (name, flow) in enumerate(stages(halls.sample()[1], ("zh", "en")[turn % 2], False)):
            if every or flow.page not in pages or n % OTHERS == turn:
                pages.add(flow.page)
                assert await look_at(robot, flow, high) == [], name
    assert pages == set(Page)


@pytest.mark.parametrize("screen", ["portrait", "tablet"])
async def test_what_is_pale_is_found_be_it_a_word_or_a_thin_icon(screen: str) -> None:
    wide, tall, inches = KIOSK_SCREENS[screen]
    async with driving(Gallery(inches), (wide, tall)) as robot:
        robot.app.put(Visit().flow)
        await robot.frames(4)
        assert pale(robot, await robot.picture(), READABLE) == []
        word = robot.find("按主题找")
        icon = min(
            (one for one in robot.visible() if type(one).__name__ == "Icon" and one.text),
            key=lambda one: one.font_size,
        )
        for label in (word, icon):
            before, label.color = label.color, (0.6, 0.6, 0.6, 1)  # 2.8:1 on white
            (found,) = pale(robot, await robot.picture(), READABLE)
            assert repr(label.text) in found
            label.color = before


def test_high_contrast_is_gone_with_the_citizen_who_chose_it() -> None:
    visit = Visit()
    visit.do(Intent.CONTRAST)
    assert visit.flow.contrast
    assert visit.flow.in_use
    visit.flow.tick(visit.clock + visit.flow.time_out)
    assert not visit.flow.contrast
    assert not visit.flow.in_use
