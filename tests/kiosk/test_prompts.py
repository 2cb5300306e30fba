"""What the kiosk says aloud, where a clip of it is there."""

import shutil
from pathlib import Path

import pytest

from config.look import file, look
from kiosk.prompts import Prompts
from tests.kiosk.test_app import kiosk

pytestmark = pytest.mark.screen


def clips(folder: Path, *names: str) -> Prompts:
    """A folder with these clips; each sounds as the hall's chime."""
    chime = file(look().sounds.call)
    assert chime is not None
    for name in names:
        clip = (folder / name).with_suffix(chime.suffix)
        clip.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(chime, clip)
    return Prompts(folder)


async def test_a_page_with_a_clip_says_it_once_and_no_page_speaks_over_another(
    tmp_path: Path,
) -> None:
    prompts = clips(tmp_path / "prompts", "zh/home", "zh/items", "en/help")
    async with kiosk(tmp_path, prompts=prompts) as (citizen, _, _, _):
        assert prompts.saying == ""  # the first page stands there all day
        await citizen.press("取号")
        await citizen.until(lambda: prompts.saying == "zh/items")
        await citizen.press("English")
        await citizen.until(lambda: prompts.saying == "")  # nobody recorded it in English
        await citizen.press("Help")
        await citizen.until(lambda: prompts.saying == "en/help")
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
