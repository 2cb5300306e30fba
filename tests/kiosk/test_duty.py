"""设备维护: whom it lets in, what it shows, and what can be done there."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from kivy.base import EventLoop
from kivy.uix.widget import Widget
from pydantic import ValidationError

from config.settings import KioskSettings
from drivers.compose import Style
from drivers.escpos import Text
from drivers.health import Health, State, Trouble
from drivers.reporting import Part
from kiosk.flow import Chore, Intent, Page, Task
from kiosk.flow.duty import LOCKED, TOUCHES, TRIES
from kiosk.machine import Caretaker
from tests.kiosk.alone import Sheet, alone
from tests.kiosk.test_app import Citizen
from tests.kiosk.visit import CODE, Visit
from tests.robot import PATIENCE, Finger

MIXER = """#!/bin/sh
echo "$@" >> "$0.asked"
echo "  Front Left: Playback 52428 [80%] [on]"
"""


def visit() -> Visit:
    given = Visit()
    given.flow.lock.code = CODE
    return given


def knock(given: Visit, times: int = TOUCHES, after: float = 0.5) -> Page:
    for _ in range(times):
        given.do(Intent.CLOCK, after=after)
    return given.flow.page


def enter(given: Visit, code: str) -> Page:
    for key in code:
        given.do(Intent.TYPE, key)
    given.do(Intent.CHECK)
    return given.flow.page


def test_five_quick_touches_of_the_clock_and_the_code_open_it() -> None:
    given = visit()
    assert knock(given) is Page.DUTY_CODE
    assert enter(given, CODE) is Page.DUTY


@pytest.mark.parametrize(("times", "after"), [(4, 0.5), (12, 0.8), (40, 1.0)])
def test_fewer_or_slower_touches_are_nothing(times: int, after: float) -> None:
    assert knock(visit(), times, after) is Page.HOME


def test_on_another_page_and_without_a_code_there_is_no_way() -> None:
    elsewhere = visit()
    elsewhere.do(Intent.HELP)
    assert knock(elsewhere) is Page.HELP
    none = visit()
    none.flow.lock.code = ""
    assert knock(none, 20) is Page.HOME


def test_after_five_wrong_codes_none_opens_for_ten_minutes_whoever_tries() -> None:
    given = visit()
    knock(given)
    for wrong in range(TRIES):
        assert not given.flow.duty.locked
        assert enter(given, str(wrong)) is Page.DUTY_CODE
    assert given.flow.duty.locked
    given.do(Intent.HOME)
    knock(given)
    assert enter(given, CODE) is Page.DUTY_CODE
    given.do(Intent.HOME)
    given.clock += LOCKED
    knock(given)
    assert enter(given, CODE) is Page.DUTY


def test_it_leaves_by_itself_and_asks_for_the_code_again() -> None:
    given = visit()
    knock(given)
    enter(given, CODE)
    given.clock += 61
    given.flow.tick(given.clock)
    assert given.flow.page is Page.HOME
    assert given.do(Intent.CHORE, Task.PRINT) is None
    assert knock(given) is Page.DUTY_CODE


def test_a_restart_is_asked_twice() -> None:
    given = visit()
    knock(given)
    enter(given, CODE)
    assert given.do(Intent.CHORE, Task.RESTART) is None
    given.do(Intent.BACK)
    assert given.flow.page is Page.DUTY
    assert given.do(Intent.CHORE, Task.RESTART) is None
    assert isinstance(given.do(Intent.CHORE, Task.RESTART), Chore)


@pytest.mark.parametrize("code", ["12345", "1234567890123", "12345a", "１２３４５６"])
def test_a_code_is_six_to_twelve_figures(code: str) -> None:
    with pytest.raises(ValidationError, match="6 to 12 figures"):
        KioskSettings(secret="x" * 20, maintenance_code=code)
    assert KioskSettings(secret="x" * 20).maintenance_code is None


async def test_the_loudness_is_the_system_mixers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixer = tmp_path / "amixer"
    mixer.write_text(MIXER)
    mixer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    caretaker = Caretaker("http://127.0.0.1:9", Sheet(), None, Style())
    await caretaker.do("1", Task.LOUDER)
    assert (await caretaker.look()).volume == 80
    assert (tmp_path / "amixer.asked").read_text().split("\n")[0] == "sset Master 10%+"
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    machine = await Caretaker("http://127.0.0.1:9", Sheet(), None, Style()).look()
    assert machine.volume is None
    assert machine.address == "127.0.0.1"
    assert "Kivy 2.3" in machine.versions


def touch(widget: Widget) -> None:
    finger = Finger(*widget.to_window(*widget.center))
    EventLoop.post_dispatch_input("begin", finger)
    EventLoop.post_dispatch_input("end", finger)


async def knocked(citizen: Citizen) -> None:
    (header,) = (one for one in citizen.app.root.walk() if type(one).__name__ == "Header")
    for _ in range(TOUCHES):
        touch(header.ids.time)
    await citizen.sees("请输入维护码")


@pytest.mark.screen
async def test_who_looks_after_the_kiosk_sees_it_prints_a_trial_slip_and_restarts_it(
    tmp_path: Path,
) -> None:
    sheet = Sheet()
    low = Health(State.DEGRADED, Trouble.PAPER_LOW, datetime.now(UTC))
    parts = [Part("printer", "", lambda: low)]
    async with alone(tmp_path, maintenance_code=CODE, parts=parts, printer=sheet) as citizen:
        await knocked(citizen)
        for key in CODE:
            await citizen.press(key)
        assert not citizen.find(CODE)
        await citizen.press("进入")
        await citizen.sees("纸快用完了")
        await citizen.sees("没有连接：http://127.0.0.1:9")
        await citizen.press("打印测试")
        await citizen.sees("打印成功")
        (job,) = sheet.jobs
        assert isinstance(job[0], Text)
        assert job[0].text == "打印测试"
        await citizen.press("重新启动")
        await citizen.until(lambda: citizen.app.flow.settled(monotonic()))
        touch(citizen.find("重新启动"))
        async with asyncio.timeout(PATIENCE):
            while EventLoop.status == "started":
                await asyncio.sleep(0)
