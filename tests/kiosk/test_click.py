"""A touch has a soft click where there is a loudspeaker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.look import file, look
from kiosk.click import Click
from kiosk.flow.flow import WARNING
from tests.kiosk.test_app import Citizen, kiosk

pytestmark = pytest.mark.screen

TOUCHED = file(look().sounds.touch)
PLAY = """
import os
from config.public_screen import ENVIRONMENT
os.environ.update(ENVIRONMENT)
from config.look import file, look
from kiosk.click import Click
click = Click(file(look().sounds.touch))
click.load()
click.play()
print("heard", click.sound is not None and click.sound.state == "play")
"""


async def heard_by(citizen: Citizen, click: Click) -> list[str]:
    """Every click from now on; the kiosk opens its sound card a second after it has started."""
    sound = await citizen.until(lambda: click.sound)
    heard: list[str] = []
    sound.bind(on_play=lambda _sound: heard.append("click"))
    return heard


async def test_a_touch_that_means_something_clicks(tmp_path: Path) -> None:
    click = Click(TOUCHED)
    async with kiosk(tmp_path, click=click) as (citizen, _, _, _):
        heard = await heard_by(citizen, click)
        await citizen.touch(5, 480)
        assert heard == [], "nothing stands there"
        await citizen.press("取号")
        await citizen.sees("按拼音找")
        assert heard == ["click"]
        flow = citizen.app.flow
        flow.time_out = WARNING  # it stands there at once
        await citizen.until(lambda: flow.seconds_left is not None)
        await citizen.touch(270, 700)
        assert heard == ["click", "click"], "still here: that means something everywhere"


@pytest.mark.parametrize(("card", "told"), [("dummy", "True"), ("nosuch", "False")])
def test_without_a_sound_card_nothing_breaks(card: str, told: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PLAY],
        env={**os.environ, "SDL_AUDIODRIVER": card},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.stdout.splitlines() == [f"heard {told}"], ended.stderr
    assert ("no sound: click.wav" in ended.stderr) is (told == "False")
