"""What the kiosk says aloud, where a clip of it is there."""

import shutil
from pathlib import Path

import pytest
from kivy.app import App
from kivy.uix.widget import Widget

from config.look import file, look
from config.settings import KioskSettings
from kiosk.prompts import Prompts
from tests.kiosk.test_app import kiosk
from tests.robot import driving

pytestmark = pytest.mark.screen


class Blank(App):  # type: ignore[misc]
    """A screen with nothing on it, whose clock turns."""

    def build(self) -> Widget:
        return Widget()


def clips(folder: Path, *names: str, always: bool = True) -> Prompts:
    """A kiosk's words, with these clips; each sounds as the hall's chime."""
    chime = file(look().sounds.call)
    assert chime is not None
    for name in names:
        clip = (folder / name).with_suffix(chime.suffix)
        clip.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(chime, clip)
    return Prompts(folder, always)


async def test_a_page_with_a_clip_says_it_once_and_no_page_speaks_over_another(
    tmp_path: Path,
) -> None:
    prompts = clips(tmp_path / "prompts", "zh/home", "zh/items", "en/help-offer")
    async with kiosk(tmp_path, prompts=prompts) as (citizen, _, _, _):
        assert prompts.saying == ""  # the first page stands there all day
        await citizen.press("取号")
        await citizen.until(lambda: prompts.saying == "zh/items")
        await citizen.press("English")
        await citizen.until(lambda: prompts.saying == "")  # nobody recorded it in English
        await citizen.press("Help")
        await citizen.until(lambda: prompts.saying == "en/help-offer")
        await citizen.until(lambda: prompts.saying == "")  # over, and not begun again
        await citizen.press("Start")
        await citizen.sees("您好，请选择要办的事" if citizen.find("English") else "Welcome")
        assert prompts.saying == ""


async def test_what_is_no_sound_is_told_to_the_log_and_leaves_the_kiosk_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prompts = clips(tmp_path / "prompts", "zh/items")
    next((tmp_path / "prompts/zh").iterdir()).write_bytes(b"no sound")
    async with kiosk(tmp_path, prompts=prompts) as (citizen, _, _, _):
        await citizen.press("取号")
        await citizen.until(lambda: "Unable to load" in caplog.text)
        await citizen.sees("按拼音找")
        assert prompts.saying == ""


def test_a_folder_that_is_not_there_is_told_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clips(tmp_path / "prompts", "zh/items")
    assert "no page is said aloud" not in caplog.text
    Prompts(tmp_path / "promts")
    assert "no page is said aloud" in caplog.text


async def test_words_are_for_who_chose_large_text_unless_the_kiosk_stands_alone(
    tmp_path: Path,
) -> None:
    beside_others = clips(tmp_path, "zh/items", always=False)
    alone = clips(tmp_path, "zh/items")
    async with driving(Blank()) as robot:
        beside_others.turned("items", "zh", large=False)
        alone.turned("items", "zh", large=False)
        await robot.until(lambda: alone.saying == "zh/items")
        assert beside_others.saying == ""
        beside_others.turned("items", "zh", large=True)
        await robot.until(lambda: beside_others.saying == "zh/items")
        beside_others.turned("items", "zh", large=False)
        assert beside_others.saying == ""


async def test_who_turns_pages_quickly_hears_no_halves_of_sentences(tmp_path: Path) -> None:
    prompts = clips(tmp_path, "zh/items", "zh/help-offer")
    async with driving(Blank()) as robot:
        prompts.turned("items", "zh", large=False)
        assert prompts.saying == ""
        prompts.turned("help-offer", "zh", large=False)
        assert prompts.saying == ""
        await robot.until(lambda: prompts.saying == "zh/help-offer")


async def test_large_text_speaks_with_the_clips_that_are_shipped(tmp_path: Path) -> None:
    prompts = Prompts(KioskSettings(secret="x" * 20).prompts)
    async with kiosk(tmp_path, prompts=prompts) as (citizen, _, _, _):
        await citizen.press("大字版")
        await citizen.until(lambda: prompts.saying == "zh/home")
        await citizen.press("求助")
        await citizen.until(lambda: prompts.saying == "zh/help-offer")
        await citizen.press("呼叫帮办")
        await citizen.until(lambda: prompts.saying == "zh/help-called")
        await citizen.press("标准字")
        assert prompts.saying == ""
