"""The desk: one wish, one number, one slip; through cuts, restarts and a full disk."""

import asyncio
import os
from functools import partial

import pytest

from drivers.journal import Journal, read
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay
from hall_server.wire.entries import LeaveEntry
from hall_server.words import PrintState
from kiosk.flow import Receipt
from tests.builders import DATE, HALL, SUPERVISOR
from tests.drivers.bench import PATIENT, printer_bench
from tests.kiosk.desks import Kiosk, on_disk, until, wish


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
        kiosk.bench = printer_bench(PATIENT)  # a printer that knows nothing of the job
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
    assert kiosk.now().date().isoformat() == DATE
    assert (
        "queue/social" not in await kiosk.hall()
        or (await kiosk.hall())["queue/social"]["taken"] == 0
    )


async def test_a_wish_that_the_hall_answers_on_another_day_lapses(kiosk: Kiosk) -> None:
    """Else the first number of that day would be called to nobody."""
    asked = wish()
    async with kiosk.desk() as desk:
        kiosk.line.cut("reset")
        await until(lambda: not kiosk.link.online)
        desk.give(asked)
        await until(lambda: kiosk.asks(asked))
        await kiosk.next_day()
        kiosk.line.mend()
        await until(lambda: not on_disk(kiosk.journal))
    assert kiosk.heard.taken_ == {}
    assert (await kiosk.hall())["day"]["date"] == "2026-11-24"
    assert (await kiosk.hall())["queue/social"]["taken"] == 0


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


async def test_the_receipt_of_a_record_comes_out_of_the_printer_once(kiosk: Kiosk) -> None:
    left = LeaveEntry(hall=HALL, entry_kind="unsolved", words="材料要求说不清")
    told = await kiosk.link.insist(left)
    paper = Receipt(new_id(), told)
    async with kiosk.desk() as desk:
        desk.give(paper)
        desk.give(paper)
        await until(lambda: paper.id in kiosk.heard.printed_)
    assert kiosk.heard.printed_[paper.id] is PrintState.PRINTED
    [slip] = kiosk.slips
    assert told["record"] in slip
    assert told["code"] in slip
    assert "材料要求" not in slip


async def test_where_the_printer_is_dead_the_receipt_is_told_as_not_printed(kiosk: Kiosk) -> None:
    kiosk.bench.device.line.unplug()
    told = await kiosk.link.insist(
        LeaveEntry(hall=HALL, entry_kind="remark", words="指路牌看不明白")
    )
    paper = Receipt(new_id(), told)
    async with kiosk.desk() as desk:
        desk.give(paper)
        await until(lambda: paper.id in kiosk.heard.printed_)
    assert kiosk.heard.printed_[paper.id] is not PrintState.PRINTED
