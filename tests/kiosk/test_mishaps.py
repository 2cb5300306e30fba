"""A bug in one callback is borne, many are not."""

import asyncio

import pytest
from kivy.base import EventLoop, ExceptionManager
from kivy.clock import Clock

from kiosk.mishaps import MOST, WITHIN, Mishaps
from tests.kiosk.gallery import Gallery
from tests.robot import PATIENCE, driving

pytestmark = pytest.mark.screen


class Clockwork:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def mishaps() -> tuple[Mishaps, Clockwork, list[str]]:
    recovered: list[str] = []
    clock = Clockwork()
    return Mishaps(lambda: recovered.append("home"), clock), clock, recovered


def test_one_is_borne_logged_and_recovered_from(caplog: pytest.LogCaptureFixture) -> None:
    bearing, _, recovered = mishaps()
    assert bearing.handle_exception(ValueError("a bad callback")) == ExceptionManager.PASS
    assert recovered == ["home"]
    assert "a bad callback" in caplog.text


def test_more_than_twenty_in_a_minute_end_the_program() -> None:
    bearing, clock, _ = mishaps()
    for _ in range(MOST):
        assert bearing.bear(ValueError())
    assert bearing.handle_exception(ValueError()) == ExceptionManager.RAISE
    clock.now = WITHIN
    assert bearing.bear(ValueError()), "a minute later they are forgotten"


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit()])
def test_who_ends_the_program_is_obeyed(end: BaseException) -> None:
    bearing, _, recovered = mishaps()
    assert bearing.handle_exception(end) == ExceptionManager.RAISE
    assert recovered == []


async def test_kivy_goes_on_after_a_mishap_and_without_us_it_would_not() -> None:
    bearing, _, recovered = mishaps()
    bearing.listen()
    async with driving(Gallery(), (270, 480)) as robot:
        Clock.schedule_once(lambda _: 1 / 0)
        await robot.until(lambda: recovered)
        await robot.frames(3)
        bearing.deafen()
    with pytest.raises(ZeroDivisionError):
        await _broken()


async def _broken() -> None:
    async with driving(Gallery(), (270, 480)):
        Clock.schedule_once(lambda _: 1 / 0)
        async with asyncio.timeout(PATIENCE):
            while EventLoop.status == "started":
                await asyncio.sleep(0)
