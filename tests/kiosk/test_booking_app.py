"""The whole kiosk and appointments at a real hall: booked, moved, given up, checked in."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from kivy.core.window import Window
from PIL import Image

from config.settings import CONFIG
from drivers import simulator
from drivers.simulator.id_reader import SAMPLE, VirtualIdReader, block
from drivers.simulator.scanner import VirtualScanner
from hall_server.store import proof
from hall_server.wire.appointments import BookAppointment, LeaveProof
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay
from kiosk.readers import Readers
from tests.builders import DATE, HALL, KIOSK, SUPERVISOR
from tests.drivers.bench import PrinterBench
from tests.faults.served import Served
from tests.kiosk.test_app import Citizen, kiosk, type_in

pytestmark = pytest.mark.screen
KEY = "a key of sixteen characters or more"
SHIFTED = {":": ";"}


@asynccontextmanager
async def booking(
    tmp_path: Path,
) -> AsyncIterator[tuple[Citizen, Served, VirtualScanner, VirtualIdReader, PrinterBench]]:
    """A kiosk with a scanner and an ID-card reader."""
    name = new_id()
    scanner, id_reader = f"sim://scanner/{name}", f"sim://id_reader/{name}"
    table = CONFIG / "devices" / "id_reader.toml"
    readers = Readers("kiosk-1", scanner, id_reader, key=KEY, table=table)
    first, second = simulator.device(scanner), simulator.device(id_reader)
    assert isinstance(first, VirtualScanner)
    assert isinstance(second, VirtualIdReader)
    try:
        async with kiosk(tmp_path, readers=readers) as (citizen, served, _, bench):
            yield citizen, served, first, second, bench
    finally:
        await readers.close()
        for device in (first, second):
            device.line.unplug()


async def booked(served: Served, time: str = "09:30", queue: str = "tax", **proofs: str) -> Any:
    """A half hour of today, booked elsewhere, with another proof left."""
    told = await served.hall.handle(
        BookAppointment(hall=HALL, queue=queue, date=DATE, time=time), KIOSK
    )
    if proofs:
        await served.hall.handle(LeaveProof(hall=HALL, code=told["code"], **proofs), KIOSK)
    return told


def sound(served: Served) -> None:
    assert served.hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1)) == []


def mark(text: str) -> str:
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


async def test_a_half_hour_is_booked_and_a_phone_left_with_it(tmp_path: Path) -> None:
    async with booking(tmp_path) as (citizen, served, _, _, bench):
        await citizen.press("预约")
        await citizen.press("按拼音找")
        await citizen.press("身份证换领")
        await citizen.press("预约")
        await citizen.press("11月24日 星期二")
        await citizen.press("11:00")
        await citizen.press("确定预约")
        await citizen.sees("已约好，请取走预约单")
        told = citizen.app.flow.booked.appointment
        await citizen.sees(f"{told['code'][:4]} {told['code'][4:]}")
        await citizen.until(lambda: len(bench.device.slips) == 1)
        (printed,) = zxingcpp.read_barcodes(bench.device.slips[0].picture())
        with Image.open(await citizen.shot(tmp_path / "booked.png")) as shot:
            (shown,) = zxingcpp.read_barcodes(shot.convert("L"))
        assert printed.text == shown.text == f"appointment:{told['code']}"
        assert not citizen.overflow()
        await citizen.press("留手机后四位")
        await type_in(citizen, "1357")
        await citizen.press("记下")
        await citizen.sees("已记下")
        seen = await served.hall.see("appointment", {"phone": mark("phone:1357")}, KIOSK)
        assert seen["appointment"] == told["appointment"]
        await citizen.press("完成")
        sound(served)
        written = (tmp_path / "wishes").read_bytes()
        assert mark("phone:1357").encode() not in written
        assert citizen.app.flow.holding.typed == ""


async def test_a_scanned_paper_checks_in_and_one_that_is_early_is_moved_or_given_up(
    tmp_path: Path,
) -> None:
    async with booking(tmp_path) as (citizen, served, scanner, _, _):
        early, other = await booked(served, "11:00"), await booked(served, "11:30")
        scanner.scan(f"appointment:{early['code']}")
        await citizen.sees("来早了")
        await citizen.press("看我的预约")
        await citizen.press("改时间")
        await citizen.press("11月23日 星期一")
        await citizen.press("09:30")
        await citizen.press("确定改约")
        await citizen.sees("已约好")
        await citizen.press("完成")
        scanner.scan(early["code"])
        await citizen.sees("请取走您的号票")
        await citizen.sees("B001")
        await citizen.press("完成")
        scanner.scan(other["code"])
        await citizen.press("看我的预约")
        await citizen.press("取消预约")
        await citizen.press("确定取消")
        await citizen.sees("预约已取消")
        sound(served)
        assert citizen.app.link.state["queue/tax"]["taken"] == 1
        scanner.scan("6901234567892")
        await citizen.sees("没有认出这个码")


async def test_a_card_and_the_last_four_of_a_phone_check_in(tmp_path: Path) -> None:
    async with booking(tmp_path) as (citizen, served, _, id_reader, _):
        await booked(served, person=mark(SAMPLE["number"]))
        await citizen.press("预约签到")
        id_reader.lay(block())
        await citizen.sees("您的预约")
        await citizen.press("签到")
        await citizen.sees("B001")
        await citizen.press("完成")
        id_reader.lift()
        await booked(served, queue="social", phone=mark("phone:1357"))
        await citizen.press("预约签到")
        await type_in(citizen, "1357")
        await citizen.press("签到")
        await citizen.sees("您的预约")
        await citizen.press("签到")
        await citizen.sees("A001")
        sound(served)
        state = served.hall.hubs[HALL].state
        assert [state[f"booked/{queue}"]["arrived"] for queue in ("tax", "social")] == [1, 1]
        assert [state[f"queue/{queue}"]["taken"] for queue in ("tax", "social")] == [1, 1]


async def test_a_scanner_that_types_checks_in(tmp_path: Path) -> None:
    async with booking(tmp_path) as (citizen, served, _, _, _):
        told = await booked(served)
        for letter in f"appointment:{told['code']}":
            plain = SHIFTED.get(letter, letter)
            held = ["shift"] if letter in SHIFTED else []
            Window.dispatch("on_keyboard", ord(plain), 0, plain, held)
        Window.dispatch("on_keyboard", 13, 0, "\r", [])
        await citizen.sees("B001")
        sound(served)


async def test_out_of_hours_a_half_hour_is_booked_and_no_number_given(tmp_path: Path) -> None:
    async with booking(tmp_path) as (citizen, served, _, _, _):
        await served.hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        await citizen.sees("现在不在取号时间")
        await citizen.press("预约")
        await citizen.press("按拼音找")
        await citizen.press("身份证换领")
        assert not citizen.find("普通取号")
        await citizen.press("预约")
        await citizen.press("11月24日 星期二")
        await citizen.press("10:00")
        await citizen.press("确定预约")
        await citizen.sees("已约好")
        sound(served)
