"""A name with a rare character (生僻字) is drawn whole, by a second font."""

import pytest
from kivy.uix.label import Label

from config.look import file, look
from config.rare import rare
from kiosk.widgets.rare import marked
from kiosk.widgets.shown import Say
from tests.kiosk.gallery import Gallery
from tests.kiosk.visit import Visit
from tests.robot import driving

pytestmark = pytest.mark.screen


def drawn(label: Label) -> bytes:
    label.texture_update()
    return bytes(label.texture.pixels) if label.texture else b""


def said(text: str) -> bytes:
    say = Say(width=400, font_size=40)
    say.said = text
    return drawn(say)


async def test_what_the_first_font_lacks_the_second_draws() -> None:
    async with driving(Gallery()):
        empty = [drawn(Label(text=one, font_size=40)) for one in "𠮷𧒽𫚉"]
        assert empty[0] == empty[1] == empty[2], "the first font draws the same box for each"
        seen = [said(one) for one in "𠮷𧒽𫚉"]
        assert len({*seen}) == 3
        assert said("吉") != said("𠮷")


async def test_a_page_shows_such_a_name_in_its_box() -> None:
    visit = Visit()
    hall = visit.flow.hall.state["hall"] | {"name": "𠮷祥[镇]政务服务中心"}
    visit.flow.hall.state = {**visit.flow.hall.state, "hall": hall}
    async with driving(Gallery()) as robot:
        robot.app.put(visit.flow)
        await robot.frames(5)
        name = robot.find("[font=Rare]𠮷[/font]祥")
        assert name.markup
        assert robot.overflow() == []


def test_only_what_is_rare_is_marked_and_brackets_stay_brackets() -> None:
    assert marked("张伟 [1]") == ""
    assert marked("𠮷[b]") == "[font=Rare]𠮷[/font]&bl;b&br;"
    assert len(rare()) > 1000


def test_no_font_is_a_collection() -> None:
    fonts = look().fonts
    for inside in (fonts.regular, fonts.bold, fonts.rare):
        path = file(inside)
        assert path is not None
        assert path.read_bytes()[:4] != b"ttcf", inside
