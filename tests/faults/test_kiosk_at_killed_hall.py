"""kill -9 of the hall under a kiosk: while it prints, and while people come and it is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.hall_files import texts_in
from config.settings import HallSettings
from drivers.compose import Style
from drivers.escpos import Job
from drivers.journal import Journal
from drivers.printed import PrintResult
from drivers.ticket_paper import CHINA
from hall_server.app import utc_now
from hall_server.hall import Hall
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.files import read_hall
from hall_server.wire.link import Link
from kiosk.desk import Desk
from kiosk.flow import Wish
from kiosk.leases import Leases
from kiosk.offline import Offline
from kiosk.papers import Papers
from tests.drivers.bench import PATIENT, PrinterBench, printer_bench
from tests.faults.hall_process import NAME, QUEUE, VILLAGE, HallProcess, furnish
from tests.kiosk.desks import HASTE, Heard, until

pytestmark = pytest.mark.fault
ITEM = next(item.code for item in read_hall(texts_in(VILLAGE)).catalogue.items if item.queue)


@dataclass
class KillingPrinter:
    """A printer in whose jobs the hall is killed, so many times."""

    bench: PrinterBench
    hall: HallProcess
    kills: int = 0

    def print(self, job_id: str, job: Job) -> PrintResult:
        if self.kills:
            self.kills -= 1
            self.hall.kill()
        return self.bench.printer.print(job_id, job)


@dataclass
class Scene:
    """A kiosk at a hall of its own process."""

    hall: HallProcess
    link: Link
    printer: KillingPrinter
    journal: Journal
    heard: Heard
    desk: Desk

    def touch(self) -> Wish:
        wish = Wish(new_id(), ITEM, queue=QUEUE)
        self.desk.give(wish)
        return wish

    def back(self) -> None:
        """Start the hall again."""
        self.hall.kill()
        self.hall.start()

    async def tickets(self) -> list[dict[str, Any]]:
        """Everybody who waits, by their number, as the hall finds it after a last kill."""
        self.hall.kill()
        hall = Hall(Store(HallSettings(data=self.hall.data).database_url()), utc_now)
        await hall.start()
        state = hall.hubs[NAME].state
        await hall.stop()
        found = [fact for at, fact in state.items() if at.startswith("ticket/")]
        return sorted(found, key=lambda fact: str(fact["number"]))


@asynccontextmanager
async def joined(link: Link) -> AsyncIterator[None]:
    work = asyncio.create_task(link.run())
    await link.joined()
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def early_today() -> datetime:
    """Today, at an hour before the last number of whatever hall."""
    return datetime.now(CHINA).replace(hour=0, minute=1)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    secrets = await asyncio.to_thread(furnish, tmp_path, {"kiosk-1": "kiosk"})
    bench = printer_bench(PATIENT, ledger=tmp_path / "printed")
    journal, leases = Journal(tmp_path / "wishes"), Journal(tmp_path / "leases")
    with HallProcess(tmp_path) as hall:
        hall.start()
        await asyncio.to_thread(hall.wait)
        await asyncio.to_thread(bench.ready)
        link = Link(f"ws://127.0.0.1:{hall.port}/link", NAME, secrets["kiosk-1"])
        offline = Offline(NAME, link, Leases(leases), early_today)
        heard, printer = Heard(), KillingPrinter(bench, hall)
        papers = Papers(printer, link.state, Style())
        desk = Desk(NAME, link, journal, papers, heard, offline, early_today, HASTE)
        async with joined(link):
            work = asyncio.gather(desk.run(), offline.keep())
            offline.look()
            await until(offline.ready)
            yield Scene(hall, link, printer, journal, heard, desk)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
    journal.close()
    leases.close()
    await asyncio.to_thread(bench.port.close)
    bench.device.line.unplug()


async def test_a_hall_killed_while_the_paper_is_printed_hears_of_it_later(scene: Scene) -> None:
    scene.printer.kills = 1
    wish = scene.touch()
    await until(lambda: wish.id in scene.heard.printed_)
    scene.back()
    await until(lambda: not scene.journal.unfinished)
    (ticket,) = await scene.tickets()
    assert ticket["number"] == scene.heard.taken_[wish.id]["number"]
    assert (ticket["print"], ticket["prints"]) == ("printed", 1)
    assert len(scene.printer.bench.device.slips) == 1


async def test_who_comes_while_the_hall_is_dead_waits_in_its_queue_when_it_is_back(
    scene: Scene,
) -> None:
    before = scene.touch()
    await until(lambda: before.id in scene.heard.printed_)
    await until(lambda: not scene.journal.unfinished)
    scene.hall.kill()
    await until(lambda: not scene.link.online)
    wishes = [before]
    for _ in range(3):
        wishes.append(scene.touch())
        await until(lambda: wishes[-1].id in scene.heard.printed_)
    scene.printer.kills = 1  # as soon as it is back, in the middle of the merging
    scene.back()
    await until(lambda: scene.link.online)
    wishes.append(scene.touch())
    await until(lambda: wishes[-1].id in scene.heard.printed_)
    scene.back()
    await until(lambda: not scene.journal.unfinished)
    shown = sorted(scene.heard.taken_[wish.id]["number"] for wish in wishes)
    assert [ticket["number"] for ticket in await scene.tickets()] == shown
    assert sum(number.endswith("X") for number in shown) >= 3
    assert len(scene.printer.bench.device.slips) == len(wishes)
