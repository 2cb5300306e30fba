"""A wall on a real line: what the hall tells stands on the screen and is said."""

import pytest

from config.language import say
from config.settings import DisplaySettings
from display.app import DisplayApp
from display.board import Shown
from display.calls import Pace
from tests.display.halls import MORNING, Tiny, hall
from tests.display.server import doorway
from tests.robot import driving

pytestmark = pytest.mark.screen

SIZE = (1920, 1080)


class Clockwork:
    """A wall clock that stands still until it is moved."""

    def __init__(self):
        self.time = MORNING

    def __call__(self):
        return self.time


class Recorder:
    """A loudspeaker that keeps what it was given to say, and has said it at once."""

    def __init__(self):
        self.said = []

    def speak(self, announcement, done):
        self.said.append(announcement.texts[0])
        done()


def display(door, clock, speaker=None, **settings):
    given = {"server": door.url, "secret": "a-secret-of-the-tests", "fullscreen": False}
    return DisplayApp(DisplaySettings(**given, **settings), speaker, clock)


def driven(app):
    return driving(app, SIZE, run=app.main)


async def test_a_call_stands_on_the_wall_flashes_and_is_said_once():
    clock, speaker = Clockwork(), Recorder()
    tiny = Tiny(hall(windows=12))
    async with doorway(tiny) as door:
        app = display(door, clock, speaker)
        async with driven(app) as robot:
            await robot.until(lambda: robot.find("示例区政务服务中心"))
            await door.tell(tiny.calls("5", "E018"))
            await robot.until(lambda: robot.find("E018", "WallFigure"))
            card = app.root.ids.card
            await robot.until(lambda: card.ground == "red")
            clock.time += Pace().step
            await robot.until(lambda: card.ground == "card")
            clock.time += Pace().flash
            await robot.until(lambda: not app.view.flashing)
            assert speaker.said == ["请 E018 到 5 号窗口"]
            assert app.view.windows[4].state is Shown.CALLED


async def test_quick_calls_are_shown_and_said_one_after_another():
    clock, speaker = Clockwork(), Recorder()
    tiny = Tiny(hall(windows=12))
    async with doorway(tiny) as door:
        app = display(door, clock, speaker)
        async with driven(app) as robot:
            await robot.until(lambda: app.view and app.view.ready)
            for window, number in (("3", "C001"), ("1", "A001"), ("2", "B001")):
                await door.tell(tiny.calls(window, number))
            await robot.until(lambda: app.view.windows[1].number == "B001")
            for number in ("C001", "A001", "B001"):
                await robot.until(lambda number=number: app.root.ids.card.number == number)
                clock.time += Pace().flash
            assert speaker.said == [
                "请 C001 到 3 号窗口",
                "请 A001 到 1 号窗口",
                "请 B001 到 2 号窗口",
            ]


async def test_a_lost_line_is_told_with_its_time_and_its_return_makes_all_right_without_old_calls():
    clock, speaker = Clockwork(), Recorder()
    tiny = Tiny(hall(windows=12))
    tiny.calls("1", "A001")
    async with doorway(tiny) as door:
        app = display(door, clock, speaker)
        async with driven(app) as robot:
            await robot.until(lambda: robot.find("A001"))
            await door.shut()
            await robot.until(lambda: not app.link.online)
            clock.time += 5_001
            await robot.until(lambda: robot.find("信号中断 10:32"))
            assert robot.find("A001")
            tiny.serves("1")
            tiny.waits("general", 9)
            await door.open()
            await robot.until(lambda: app.view.lost_since is None)
            assert not robot.find("信号中断")
            assert app.view.windows[0].state is Shown.SERVING
            assert app.view.queues[0].waiting == 9
            assert speaker.said == []


async def test_a_screen_the_hall_does_not_know_says_why_it_is_empty():
    async with doorway(Tiny()) as door:
        door.refuses = "credential_unknown"
        app = display(door, Clockwork())
        async with driven(app) as robot:
            await robot.until(lambda: robot.find(say("refused.credential_unknown")))


async def test_a_window_sign_shows_its_window_only():
    tiny = Tiny(hall(windows=12))
    async with doorway(tiny) as door:
        app = display(door, Clockwork(), layout="window_sign", window="5", inches=24, metres=5)
        async with driven(app) as robot:
            await robot.until(lambda: robot.find(say("display.closed")))
            await door.tell(tiny.calls("1", "A001"))
            await door.tell(tiny.calls("5", "E018"))
            await robot.until(lambda: robot.find("E018"))
            assert not robot.find("A001")
            await door.tell(tiny.finishes("5"))
            await door.tell(tiny.pauses("5", "设备检修"))
            await robot.until(lambda: robot.find("设备检修"))
