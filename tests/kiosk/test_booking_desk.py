"""Booking through the desk: one wish, one half hour, one paper; through cuts and restarts."""

import asyncio
from functools import partial
from typing import Any

import pytest

from drivers.journal import Journal, read
from hall_server.store import proof
from hall_server.words import PrintState
from tests.builders import DATE, HALL, KIOSK
from tests.drivers.bench import printer_bench
from tests.kiosk.desks import Kiosk, on_disk, until, wish

SLOT = f"{DATE} 10:00"
TUESDAY = "2026-11-24"


async def places(kiosk: Kiosk, date: str) -> int:
    """How many places are left on a date; and the sums are right."""
    hall = kiosk.served.hall
    assert hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1)) == []
    told = await hall.see("slots", {"queue": "social", "date": date}, KIOSK)
    return sum(slot["free"] for slot in told["slots"])


async def book(kiosk: Kiosk, **what: Any) -> Any:
    asked = wish(book=SLOT, **what)
    before = len(kiosk.heard.printed_)
    async with kiosk.desk() as desk:
        desk.give(asked)
        await kiosk.settled(before + 1)
    return kiosk.heard.taken_[asked.id]


async def test_a_booking_becomes_a_paper_with_its_code_and_is_moved_under_it(kiosk: Kiosk) -> None:
    free = await places(kiosk, DATE), await places(kiosk, TUESDAY)
    told = await book(kiosk)
    assert (told["date"], told["time"]) == (DATE, "10:00")
    assert await places(kiosk, DATE) == free[0] - 1
    moved = wish(book=f"{TUESDAY} 11:00", moves=told["code"])
    async with kiosk.desk() as desk:
        desk.give(moved)
        await kiosk.settled(2)
    assert kiosk.heard.taken_[moved.id]["code"] == told["code"]
    assert (await places(kiosk, DATE), await places(kiosk, TUESDAY)) == (free[0], free[1] - 1)
    first, second = kiosk.slips
    assert told["code"] in first
    assert "11月23日 星期一\n上午 10:00" in first
    assert "11月24日 星期二\n上午 11:00" in second


@pytest.mark.fault
async def test_cuts_at_any_moment_book_neither_twice_nor_not_at_all(kiosk: Kiosk) -> None:
    free = await places(kiosk, DATE)
    times = ["09:30", "10:00", "10:30", "11:00", "11:30", "13:00"]
    wishes = [wish(book=f"{DATE} {time}") for time in times]
    async with kiosk.desk() as desk:
        for one in wishes:
            await kiosk.link.joined()
            desk.give(one)
            await until(partial(kiosk.asks, one))
            kiosk.line.cut("reset")
            kiosk.line.mend()
        await kiosk.settled(len(wishes))
    assert [kiosk.heard.taken_[one.id]["time"] for one in wishes] == times
    assert await places(kiosk, DATE) == free - len(wishes)
    assert kiosk.heard.printed_ == {one.id: PrintState.PRINTED for one in wishes}
    codes = [kiosk.heard.taken_[one.id]["code"] for one in wishes]
    assert [[code in slip for slip in kiosk.slips].count(True) for code in codes] == [1] * 6
    assert len(kiosk.slips) == len(wishes), "one paper each, and no paper of nobody"


@pytest.mark.fault
@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_a_kiosk_that_falls_over_after_any_step_books_once(kiosk: Kiosk, steps: int) -> None:
    """The journal as it stood after 1 (wish), 2 (reply) or 3 (print) entries."""
    free = await places(kiosk, DATE)
    told = await book(kiosk)
    (asked,) = kiosk.heard.taken_
    entries = [entry for entry in read(kiosk.journal) if entry["wish"] == asked]
    assert len(entries) == 4
    kiosk.journal.unlink()
    cut = Journal(kiosk.journal)
    for entry in entries[:steps]:
        cut.append(**entry)
    cut.close()
    kiosk.bench.port.close()
    kiosk.bench = printer_bench()  # a printer that knows nothing of the job
    await asyncio.to_thread(kiosk.bench.ready)
    kiosk.heard.printed_.clear()
    async with kiosk.desk():
        await until(lambda: kiosk.heard.printed_ and not on_disk(kiosk.journal))
    assert kiosk.heard.taken_ == {asked: told}
    assert kiosk.heard.printed_ == {asked: PrintState.PRINTED}
    assert await places(kiosk, DATE) == free - 1
    assert len(kiosk.slips) == (1 if steps < 3 else 0)


async def test_control_two_wishes_book_twice(kiosk: Kiosk) -> None:
    free = await places(kiosk, DATE)
    async with kiosk.desk() as desk:
        desk.give(wish(book=SLOT))
        desk.give(wish(book=f"{DATE} 11:00"))
        await kiosk.settled(2)
    assert await places(kiosk, DATE) == free - 2


async def test_a_full_half_hour_is_told_with_the_next_best_and_nothing_is_printed(
    kiosk: Kiosk,
) -> None:
    await book(kiosk)
    asked = wish(book=SLOT)
    async with kiosk.desk() as desk:
        desk.give(asked)
        await until(lambda: kiosk.heard.refused_ and not on_disk(kiosk.journal))
    assert kiosk.heard.refused_ == {asked.id: "slot_taken"}
    assert len(kiosk.slips) == 1
