"""The whole kiosk at a real hall: touched with a finger, read off the screen and off the paper."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import zxingcpp
from kivy.core.window import Window
from PIL import Image

from drivers.compose import Style
from drivers.journal import Journal
from drivers.reporting import Part
from drivers.ticket_paper import CHINA
from hall_server.wire.appointments import BookAppointment
from hall_server.wire.commands import CloseDay, ImportCatalogue, ImportLayout
from hall_server.wire.files import HallFiles
from kiosk.app import KioskApp
from kiosk.click import Click
from kiosk.leases import Leases
from kiosk.memory import Memory
from kiosk.prompts import Prompts
from kiosk.readers import Readers
from kiosk.widgets.theme import INCHES
from tests.builders import ADMIN, DATE, HALL, KIOSK, SUPERVISOR, sqlite_url
from tests.drivers.bench import PATIENT, PrinterBench, printer_bench
from tests.faults.proxy import Proxy, proxy
from tests.faults.served import Served, serve
from tests.robot import Robot, driving

pytestmark = pytest.mark.screen


class Citizen(Robot):
    """A person who does not touch twice in a blink."""

    async def press(self, text: str) -> None:
        await self.until(lambda: self.app.flow.settled(monotonic()) and self.find(text))
        await self.tap(text)

    async def sees(self, text: str) -> None:
        await self.until(lambda: self.find(text))


@asynccontextmanager
async def kiosk(
    tmp_path: Path,
    paper: int = 30_000,
    readers: Readers | None = None,
    prompts: Prompts | None = None,
    click: Click | None = None,
    size: tuple[int, int] = (540, 960),
    inches: float = INCHES,
    files: HallFiles | None = None,
) -> AsyncIterator[tuple[Citizen, Served, Proxy, PrinterBench]]:
    bench = printer_bench(PATIENT, ledger=tmp_path / "printed.txt", paper=paper)
    journal, leases = Journal(tmp_path / "wishes"), Journal(tmp_path / "leases")
    async with (
        serve(sqlite_url(tmp_path), {"kiosk-1": "kiosk"}) as served,
        proxy(served.port) as line,
    ):
        if files is not None:
            await served.hall.handle(ImportLayout(hall=HALL, layout=files.layout), ADMIN)
            await served.hall.handle(ImportCatalogue(hall=HALL, catalogue=files.catalogue), ADMIN)
        app = KioskApp(
            server=f"http://127.0.0.1:{line.port}",
            hall=HALL,
            secret=served.secrets["kiosk-1"],
            journal=journal,
            leases=Leases(leases),
            memory=Memory(tmp_path),
            printer=bench.printer,
            style=Style(),
            time_out=60,
            inches=inches,
            shots=tmp_path / "shots",
            readers=readers,
            prompts=prompts,
            click=click,
            parts=[Part("printer", "", lambda: bench.printer.health)],
            now=lambda: served.hall.clock().astimezone(CHINA),
        )
        try:
            async with driving(app, size, app.main):
                citizen = Citizen(app)
                await citizen.until(lambda: app.flow.hall.catalogue.items)
                yield citizen, served, line, bench
        finally:
            journal.close()
            leases.close()
            await asyncio.to_thread(bench.port.close)
            bench.device.line.unplug()


async def take(citizen: Citizen) -> None:
    await citizen.press("取号")
    await citizen.press("按拼音找")
    for letter in "SFZ":
        await citizen.press(letter)
    await citizen.press("身份证换领")
    await citizen.press("普通取号")


async def test_from_the_first_touch_to_the_paper(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, bench):
        await take(citizen)
        await citizen.sees("请取走您的号票")
        await citizen.sees("A001")
        await citizen.sees("您是下一位")
        (slip,) = bench.device.slips
        assert "A001" in "\n".join(slip.lines)
        (printed,) = zxingcpp.read_barcodes(slip.picture())
        with Image.open(await citizen.shot(tmp_path / "ticket.png")) as shot:
            (shown,) = zxingcpp.read_barcodes(shot.convert("L"))
        assert shown.text == printed.text
        assert shown.text.startswith("http://hall.test/t/")
        assert not citizen.overflow()
        await citizen.press("完成")
        await citizen.sees("您好，请选择要办的事")
    assert {"home-zh-normal.png", "ticket-zh-normal.png"} <= {
        path.name for path in (tmp_path / "shots").iterdir()
    }


async def test_in_english_and_large_and_back_by_itself(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, _):
        await citizen.press("English")
        await citizen.press("Large text")
        await citizen.press("Take a number")
        await citizen.sees("Which office?")
        citizen.app.flow.touched(monotonic() - 55)
        await citizen.sees("Are you still there?")
        await citizen.touch(5, 5)  # anywhere
        await citizen.until(lambda: not citizen.find("Are you still there?"))
        await citizen.sees("Which office?")
        citizen.app.flow.touched(monotonic() - 61)
        await citizen.sees("您好，请选择要办的事")


async def test_when_the_line_is_cut_it_gives_an_offline_number_that_comes_in(
    tmp_path: Path,
) -> None:
    async with kiosk(tmp_path) as (citizen, _, line, bench):
        await citizen.until(citizen.app.offline.ready)
        line.cut("reset")
        await citizen.sees("网络暂时不通")
        await take(citizen)
        await citizen.sees("A001X")
        await citizen.sees("离线号")
        await citizen.frames(5)
        assert not citizen.overflow()
        await citizen.press("没拿到小票？补打")
        await citizen.until(lambda: len(bench.device.slips) == 2)
        first, again = ("\n".join(slip.lines) for slip in bench.device.slips)
        assert "离线号" in first
        assert "补打" not in first
        assert "补打 1" in again
        line.mend()
        await citizen.sees("您是下一位")
        await citizen.sees("A001X")


async def test_when_the_line_is_cut_after_hours_it_says_so_and_comes_back(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, served, line, bench):
        clock: Any = served.hall.clock
        clock.forward(hours=7, minutes=45)  # 16:45; the last number is of 16:30
        line.cut("reset")
        await citizen.sees("网络暂时不通")
        await citizen.sees("现在不在取号时间")
        await citizen.press("取号")
        assert citizen.app.flow.page == "home"  # the button is off
        line.mend()
        await citizen.until(lambda: not citizen.find("网络暂时不通"))
        await take(citizen)
        await citizen.sees("A001")
        await citizen.until(lambda: len(bench.device.slips) == 1)


async def test_a_closed_day_offers_no_number(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, served, _, _):
        await served.hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        await citizen.sees("现在不在取号时间")
        await citizen.press("取号")
        assert citizen.app.flow.page == "home"


async def test_without_paper_the_number_is_on_the_screen_and_can_be_printed_later(
    tmp_path: Path,
) -> None:
    """The manager is told, the code on the screen is that of the number."""
    async with kiosk(tmp_path, paper=0) as (citizen, served, _, bench):
        await take(citizen)
        await citizen.sees("打印纸用完了")
        await citizen.sees("A001")
        with Image.open(await citizen.shot(tmp_path / "ticket.png")) as shot:
            (shown,) = zxingcpp.read_barcodes(shot.convert("L"))
        assert shown.text.startswith("http://hall.test/t/")
        told = served.hall.hubs[HALL].state
        await citizen.until(
            lambda: told.get("device/kiosk-1/printer", {}).get("trouble") == "paper_out"
        )

        def papers() -> list[str]:
            return [fact["print"] for at, fact in told.items() if at.startswith("ticket/")]

        await citizen.until(lambda: papers() == ["failed"])
        bench.device.paper_mm = 30_000
        await asyncio.to_thread(bench.ready)
        await citizen.press("没拿到小票？补打")
        await citizen.sees("请取走您的号票")
        assert "补打 1" in "\n".join(bench.device.slips[-1].lines)


async def test_the_checklist_of_an_item_is_read_and_printed(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, bench):
        await citizen.press("取号")
        await citizen.press("按拼音找")
        await citizen.press("身份证换领")
        await citizen.sees("要带的材料")
        await citizen.press("打印告知单")
        await citizen.until(lambda: len(bench.device.slips) == 1)
        assert "一次性告知单" in "\n".join(bench.device.slips[0].lines)
        await citizen.sees("打印告知单")


async def type_in(citizen: Citizen, text: str) -> None:
    for key in text:
        await citizen.press(key)


async def test_who_has_a_ticket_looks_it_up_prints_it_again_and_gives_it_up(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, bench):
        await take(citizen)
        await citizen.sees("请取走您的号票")
        shown = citizen.app.flow.taking.slip["number"] + citizen.app.flow.taking.slip["code"]
        await citizen.press("完成")
        await citizen.press("我的号")
        await type_in(citizen, shown)
        await citizen.press("查看")
        await citizen.press("补打小票")
        await citizen.sees("请取走您的号票")
        assert "补打 1" in "\n".join(bench.device.slips[-1].lines)
        await citizen.press("完成")
        await citizen.press("我的号")
        await type_in(citizen, shown)
        await citizen.press("查看")
        await citizen.press("取消号码")
        await citizen.press("确定取消")
        await citizen.sees("号码已取消")
        assert citizen.app.link.state["queue/social"]["waiting"] == 0


async def test_who_booked_checks_in_by_the_code_and_nobody_by_another(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, served, _, bench):
        slot = BookAppointment(hall=HALL, queue="tax", date=DATE, time="09:30")
        booked = await served.hall.handle(slot, KIOSK)
        wrong = f"{(int(booked['code']) + 1) % 100_000_000:08}"
        await citizen.press("预约签到")
        await type_in(citizen, wrong)
        await citizen.press("签到")
        await citizen.sees("没有找到这个预约码")
        await citizen.press("首页")
        await citizen.press("预约签到")
        await type_in(citizen, booked["code"])
        await citizen.press("签到")
        await citizen.sees("请取走您的号票")
        await citizen.sees("B001")
        (slip,) = bench.device.slips
        assert "B001" in "\n".join(slip.lines)


async def test_no_key_closes_the_kiosk(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, _):
        for key in (27, 282):  # Esc, F1
            Window.dispatch("on_keyboard", key, 0, "", [])
        await citizen.frames(3)
        await citizen.sees("您好，请选择要办的事")


async def test_a_turned_screen_is_laid_out_anew(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as (citizen, _, _, _):
        await citizen.press("取号")
        Window.size = (960, 540)
        await citizen.until(lambda: Window.size == (960, 540))
        await citizen.frames(8)
        assert not citizen.overflow()
        await citizen.press("首页")
        await citizen.sees("您好，请选择要办的事")
