"""What is shown no more follows no change of the theme: in the middle of one it may be collected,
and a rule that asks it then is a mishap."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow import Intent, Narrow
from kiosk.pages.keys import FIGURES
from kiosk.views import Told
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery
from tests.kiosk.visit import Visit
from tests.robot import Robot, driving  # before all of Kivy, which needs its window

from kivy.core.window import Window  # isort: skip
from kiosk.widgets.press import Choices  # isort: skip
from kiosk.widgets.shown import Fields, Say  # isort: skip
from kiosk.widgets.theme import theme  # isort: skip
from tests.kiosk.test_app import kiosk  # isort: skip

pytestmark = pytest.mark.screen


@pytest.fixture(autouse=True)
def plain() -> Iterator[None]:
    yield
    theme.large = False


def words(robot: Robot, said: str) -> Say:
    found: Say = next(
        one
        for one in robot.app.root.walk()
        if isinstance(one, Say) and one.said == said and one.get_parent_window()
    )
    return found


def follow(*labels: Say) -> list[bool]:
    """Which of these grow with the theme's letters."""
    before = [one.font_size for one in labels]
    theme.large = True
    return [one.font_size != size for one, size in zip(labels, before, strict=True)]


async def test_a_choice_that_went() -> None:
    async with driving(Gallery(), (540, 960)) as robot:
        visit = Visit(halls.sample()[1])
        visit.do(Intent.NARROW, Narrow.LETTERS)
        robot.app.put(visit.flow)
        await robot.frames(3)
        gone, stays = words(robot, "Q"), words(robot, "按拼音首字母查找")
        visit.do(Intent.NARROW, Narrow.THEME)
        robot.app.put(visit.flow)
        await robot.frames(3)
        assert follow(gone, stays) == [False, True]


async def test_a_field_that_went() -> None:
    async with driving(Gallery(), (540, 960)):
        fields = Fields()
        fields.fields = (Told("要带的材料", "身份证"), Told("收费", "不收"))
        first, _ = reversed(fields.children)
        gone = next(one for one in first.walk() if isinstance(one, Say))
        fields.fields = (Told("收费", "不收"),)
        stays = next(one for one in fields.children[0].walk() if isinstance(one, Say))
        assert follow(gone, stays) == [False, True]


async def test_a_frame_that_went_with_its_size(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, *_):
        old = citizen.app.root
        shown = words(citizen, "按拼音找")
        await citizen.until(lambda: old._pages.has_screen("help"))
        behind = next(one for one in old._pages.get_screen("help").walk() if isinstance(one, Say))
        Window.dispatch("on_resize", *Window.size)
        await citizen.frames(3)
        assert citizen.app.root is not old
        assert follow(shown, behind, words(citizen, "按拼音找")) == [False, False, True]


async def test_who_is_not_let_go_follows_on() -> None:
    """The control."""
    async with driving(Gallery(), (540, 960)):
        choices = Choices(tile="KeyTile")
        choices.choices = FIGURES[:1]
        (tile,) = choices.children
        label = next(one for one in tile.walk() if isinstance(one, Say))
        choices.clear_widgets()
        assert follow(label) == [True]
