"""The desk: one wish, one number, one slip; through cuts, restarts and a full disk."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from drivers.compose import Style
from drivers.journal import Journal, read
from drivers.ticket_paper import CHINA
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay
from hall_server.wire.link import Link
from hall_server.words import PrintState, Refused
from kiosk.desk import Desk
from kiosk.flow import Wish
from tests.builders import HALL, SUPERVISOR, sqlite_url
from tests.drivers.bench import PrinterBench, printer_bench
from tests.faults.proxy import Proxy, proxy
from tests.faults.served import Served, serve


@dataclass
class Heard:
    """What the desk told."""

    taken_: dict[str, Any] = field(default_factory=dict)
    refused_: dict[str, str] = field(default_factory=dict)
    printed_: dict[str, PrintState] = field(default_factory=dict)

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.taken_[wish] = dict(reply)

    def refuse(self, wish: str, refused: Refused) -> None:
        self.refused_[wish] = refused.code.value

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        self.printed_[wish] = state


@dataclass
class Kiosk:
    """A desk at a real hall with a real journal and a printer on a pty."""

    served: Served
    line: Proxy
    link: Link
    bench: PrinterBench
    heard: Heard
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "wishes"

    def asks(self, wish: Wish) -> bool:
        """Whether this wish is on disk, and so being asked."""
        return wish.id in on_disk(self.journal)

    @property
    def slips(self) -> list[str]:
        return ["\n".join(slip.lines) for slip in self.bench.device.slips]

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """A desk from when it is switched on until it falls over."""
        journal = Journal(self.journal)
        desk = Desk(HALL, self.link, journal, self.bench.printer, self.heard, Style())
        work = asyncio.create_task(desk.run())
        try:
            yield desk
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            journal.close()

    async def settled(self, count: int) -> None:
        """Until so many papers are told, and the hall has heard it of each."""
        await until(lambda: len(self.heard.printed_) >= count and not on_disk(self.journal))

    async def hall(self) -> dict[str, Any]:
        """The hall's live state, as the desk's supervisor sees it."""
        secret = self.served.secrets["boss"]
        link = Link(f"ws://127.0.0.1:{self.served.port}/link", HALL, secret)
        work = asyncio.create_task(link.run())
        await link.joined()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        return link.state


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)  # another thread or the server does it; nothing tells us


def on_disk(path: Path) -> set[str]:
    """The wishes that this journal would resume."""
    open_: set[str] = set()
    for entry in read(path):
        (open_.discard if entry.get("closed") else open_.add)(entry["wish"])
    return open_


def wish(**other: Any) -> Wish:
    return Wish(**({"id": new_id(), "item": "A-1", "title": "身份证换领"} | other))


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[Kiosk]:
    accounts = {"kiosk-1": "kiosk", "boss": "supervisor"}
    bench = printer_bench(ledger=tmp_path / "printed.txt")
    async with serve(sqlite_url(tmp_path), accounts) as served, proxy(served.port) as line:
        link = Link(f"ws://127.0.0.1:{line.port}/link", HALL, served.secrets["kiosk-1"])
        joining = asyncio.create_task(link.run())
        await link.joined()
        await asyncio.to_thread(bench.ready)
        try:
            yield Kiosk(served, line, link, bench, Heard(), tmp_path)
        finally:
            joining.cancel()
            with suppress(asyncio.CancelledError):
                await joining
            await asyncio.to_thread(bench.port.close)
            bench.device.line.unplug()


async def test_a_wish_becomes_a_number_a_slip_and_a_report(kiosk: Kiosk) -> None:
    asked = wish(priority="elder")
    async with kiosk.desk() as desk:
        desk.give(asked)
        await kiosk.settled(1)
    reply = kiosk.heard.taken_[asked.id]
    assert reply["number"] == "A001"
    assert kiosk.heard.printed_ == {asked.id: PrintState.PRINTED}
    (slip,) = kiosk.slips
    assert "A001" in slip
    assert "事项 身份证换领" in slip
    assert "优先 老人" in slip
    ticket = (await kiosk.hall())[f"ticket/{reply['ticket']}"]
    assert (ticket["print"], ticket["prints"]) == ("printed", 1)


async def test_the_same_number_is_printed_again_and_says_so(kiosk: Kiosk) -> None:
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        await kiosk.settled(1)
        desk.give(wish(ticket=kiosk.heard.taken_[asked.id]["ticket"]))
        await kiosk.settled(2)
    assert "补打" not in kiosk.slips[0]
    assert "补打 1" in kiosk.slips[1]
    assert "A001" in kiosk.slips[1]


async def test_a_refused_wish_is_told_and_over(kiosk: Kiosk) -> None:
    await kiosk.served.hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        await until(lambda: kiosk.heard.refused_ and not on_disk(kiosk.journal))
    assert kiosk.heard.refused_ == {asked.id: "day_closed"}
    assert kiosk.slips == []


async def test_a_wish_is_on_disk_while_the_hall_is_away_and_done_when_it_is_back(
    kiosk: Kiosk,
) -> None:
    kiosk.line.cut("reset")
    await until(lambda: not kiosk.link.online)
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        await until(lambda: on_disk(kiosk.journal) == {asked.id})
        kiosk.line.mend()
        await kiosk.settled(1)
    assert kiosk.heard.taken_[asked.id]["number"] == "A001"
    assert len(kiosk.slips) == 1


@pytest.mark.fault
async def test_cuts_at_any_moment_make_neither_two_numbers_nor_none(kiosk: Kiosk) -> None:
    wishes = [wish() for _ in range(12)]
    async with kiosk.desk() as desk:
        for one in wishes:
            await kiosk.link.joined()
            desk.give(one)
            await until(partial(kiosk.asks, one))
            kiosk.line.cut("reset")
            kiosk.line.mend()
        await kiosk.settled(len(wishes))
    numbers = [kiosk.heard.taken_[one.id]["number"] for one in wishes]
    assert sorted(numbers) == [f"A{n:03}" for n in range(1, 13)]
    assert len(kiosk.slips) == len(wishes)
    assert (await kiosk.hall())["queue/social"]["taken"] == len(wishes)


@pytest.mark.fault
@pytest.mark.parametrize("came_out", [True, False], ids=["slip came out", "no slip yet"])
@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_a_kiosk_that_falls_over_after_any_step_goes_on_there(
    kiosk: Kiosk, steps: int, came_out: bool
) -> None:
    """The journal as it stood after 1 (wish), 2 (reply) or 3 (print) entries."""
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        await kiosk.settled(1)
    entries = [entry for entry in read(kiosk.journal) if entry["wish"] == asked.id]
    assert len(entries) == 4
    kiosk.journal.unlink()
    cut = Journal(kiosk.journal)
    for entry in entries[:steps]:
        cut.append(**entry)
    cut.close()
    if not came_out:
        kiosk.bench.port.close()
        kiosk.bench = printer_bench()  # a printer that knows nothing of the job
        await asyncio.to_thread(kiosk.bench.ready)
    kiosk.heard.printed_.clear()
    async with kiosk.desk():
        await kiosk.settled(1)
    assert (await kiosk.hall())["queue/social"]["taken"] == 1
    assert len(kiosk.slips) == (1 if came_out or steps < 3 else 0)
    assert kiosk.heard.printed_ == {asked.id: PrintState.PRINTED}


async def test_control_without_the_id_a_retry_takes_a_second_number(kiosk: Kiosk) -> None:
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        desk.give(wish())
        await kiosk.settled(2)
    assert (await kiosk.hall())["queue/social"]["taken"] == 2


async def test_yesterdays_unanswered_wish_lapses(kiosk: Kiosk) -> None:
    journal = Journal(kiosk.journal)
    asked = wish()
    entry = {"item": "A-1", "title": "", "priority": "", "ticket": "", "lang": "zh"}
    journal.append(asked.id, **entry, large=False, date="2026-11-20", report=new_id())
    journal.close()
    async with kiosk.desk():
        await until(lambda: not on_disk(kiosk.journal))
    assert datetime.now(CHINA).date().isoformat() != "2026-11-20"
    assert (
        "queue/social" not in await kiosk.hall()
        or (await kiosk.hall())["queue/social"]["taken"] == 0
    )


async def test_what_cannot_be_written_down_is_not_asked(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wish()
    async with kiosk.desk() as desk:

        def full(_file: int, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(os, "write", full)
            desk.give(asked)
            await until(lambda: kiosk.heard.refused_)
    assert kiosk.heard.refused_ == {asked.id: "store_unavailable"}
    assert kiosk.heard.taken_ == {}


async def test_without_paper_the_number_stays_and_the_hall_knows(kiosk: Kiosk) -> None:
    kiosk.bench.device.paper_mm = 0
    asked = wish()
    async with kiosk.desk() as desk:
        desk.give(asked)
        await kiosk.settled(1)
    assert kiosk.heard.printed_ == {asked.id: PrintState.FAILED}
    ticket = kiosk.heard.taken_[asked.id]["ticket"]
    assert (await kiosk.hall())[f"ticket/{ticket}"]["print"] == "failed"
