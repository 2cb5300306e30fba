"""Offline numbers at the desk: given when the hall is away, come in once, one for each wish."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.journal import Journal, read
from hall_server.words import PrintState
from kiosk.desk import Desk
from kiosk.flow import Wish
from tests.kiosk.desks import Kiosk, on_disk, until, wish


@asynccontextmanager
async def leasing(kiosk: Kiosk) -> AsyncIterator[Desk]:
    """A desk with blocks of both queues."""
    kiosk.leases = True
    async with kiosk.desk() as desk:
        yield desk


async def away(kiosk: Kiosk) -> None:
    kiosk.line.cut("reset")
    await until(lambda: not kiosk.link.online)


async def waiting(kiosk: Kiosk) -> list[str]:
    """The numbers of everybody who waits."""
    state = await kiosk.hall()
    return sorted(fact["number"] for at, fact in state.items() if at.startswith("ticket/"))


def social(**other: Any) -> Wish:
    return wish(queue="social", **other)


async def test_while_the_hall_is_away_a_wish_becomes_an_offline_number_that_comes_in(
    kiosk: Kiosk,
) -> None:
    asked = social(priority="elder")
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: kiosk.heard.printed_)
        told = kiosk.heard.taken_[asked.id]
        assert (told["number"], told["offline"], told["ahead"]) == ("A001X", True, None)
        (slip,) = kiosk.slips
        assert "A001X" in slip
        assert "离线号" in slip
        assert kiosk.asks(asked)
        kiosk.line.mend()
        await kiosk.settled(1)
    merged = kiosk.heard.merged_[asked.id]
    assert (merged["number"], merged["ahead"]) == ("A001X", 0)
    ticket = (await kiosk.hall())[f"ticket/{merged['ticket']}"]
    assert ticket["number"] == "A001X"
    assert (ticket["priority"], ticket["print"], ticket["prints"]) == ("elder", "printed", 1)


async def test_an_answer_that_does_not_come_in_time_gives_way_to_the_paper(kiosk: Kiosk) -> None:
    """What was asked lay in the net, and the hall took a number for it that nobody holds."""
    asked = social()
    async with leasing(kiosk) as desk:
        kiosk.line.cut("hold")
        desk.give(asked)
        await until(lambda: kiosk.heard.printed_)
        assert kiosk.heard.taken_[asked.id]["number"] == "A001X"
        kiosk.line.mend()
        await kiosk.settled(1)
    assert await waiting(kiosk) == ["A001X"]
    assert (await kiosk.hall())["queue/social"] == {"waiting": 1, "taken": 2, "left": None}
    assert len(kiosk.slips) == 1


async def test_every_queue_has_its_own_numbers_and_the_next_wish_the_next_one(
    kiosk: Kiosk,
) -> None:
    wishes = [social(), wish(item="B-1", queue="tax"), social()]
    async with leasing(kiosk) as desk:
        await away(kiosk)
        for one in wishes:
            desk.give(one)
            await until(lambda one=one: one.id in kiosk.heard.printed_)
        kiosk.line.mend()
        await kiosk.settled(3)
    assert [kiosk.heard.taken_[one.id]["number"] for one in wishes] == ["A001X", "B001X", "A002X"]
    assert await waiting(kiosk) == ["A001X", "A002X", "B001X"]


@pytest.mark.fault
@pytest.mark.parametrize("steps", [2, 3, 4])
async def test_a_kiosk_that_falls_over_after_any_step_goes_on_there(
    kiosk: Kiosk, steps: int
) -> None:
    """After the offline number, its paper, or the merge."""
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: asked.id in kiosk.heard.printed_)
        if steps == 4:
            kiosk.line.mend()
            await kiosk.settled(1)
    entries = [entry for entry in read(kiosk.journal) if entry["wish"] == asked.id]
    entries = [entry for entry in entries if not entry.get("closed")]
    kiosk.journal.unlink()
    cut = Journal(kiosk.journal)
    for entry in entries[:steps]:
        cut.append(**entry)
    cut.close()
    kiosk.heard.taken_.clear()
    kiosk.heard.printed_.clear()
    async with kiosk.desk():
        if steps < 4:
            await until(lambda: kiosk.heard.printed_ or steps == 3)
            kiosk.line.mend()
        await until(lambda: not on_disk(kiosk.journal))
    assert await waiting(kiosk) == ["A001X"]
    assert len(kiosk.slips) == 1
    assert {told["number"] for told in kiosk.heard.taken_.values()} <= {"A001X"}


async def test_without_a_block_the_wish_waits_for_the_hall(kiosk: Kiosk) -> None:
    asked = social()
    async with kiosk.desk() as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: kiosk.asks(asked))
        kiosk.line.mend()
        await kiosk.settled(1)
    assert kiosk.heard.taken_[asked.id]["number"] == "A001"


async def test_after_the_last_number_of_the_day_none_is_given_offline(kiosk: Kiosk) -> None:
    async with leasing(kiosk) as desk:
        await away(kiosk)
        clock: Any = kiosk.served.hall.clock
        clock.forward(hours=7, minutes=29)  # 16:29
        desk.give(social())
        await until(lambda: len(kiosk.heard.printed_) == 1)
        clock.forward(minutes=1)
        assert desk.offline.ready() == frozenset()
        clock.forward(hours=17)
        assert desk.offline.ready() == frozenset()


async def test_a_number_of_a_day_that_is_over_comes_in_as_expired(kiosk: Kiosk) -> None:
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: asked.id in kiosk.heard.printed_)
        await kiosk.next_day()
        kiosk.line.mend()
        await kiosk.settled(1)
    assert kiosk.heard.merged_[asked.id]["state"] == "expired"
    assert await waiting(kiosk) == []


async def test_a_disk_that_is_full_gives_no_offline_number(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A kiosk that cannot remember a number does not give it; the hall does when it is back."""
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: kiosk.asks(asked))

        def full(_file: int, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(os, "write", full)
            await until(lambda: "no offline number" in caplog.text)
        assert kiosk.heard.taken_ == {}
        kiosk.line.mend()
        await kiosk.settled(1)
    assert kiosk.heard.taken_[asked.id]["number"] == "A001"


async def test_without_paper_the_offline_number_stays_and_the_hall_hears_of_it(
    kiosk: Kiosk,
) -> None:
    kiosk.bench.device.paper_mm = 0
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: kiosk.heard.printed_)
        kiosk.line.mend()
        await kiosk.settled(1)
    assert kiosk.heard.printed_ == {asked.id: PrintState.FAILED}
    ticket = kiosk.heard.merged_[asked.id]["ticket"]
    assert (await kiosk.hall())[f"ticket/{ticket}"]["print"] == "failed"


async def test_its_paper_is_printed_again_so_often_and_no_more(kiosk: Kiosk) -> None:
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: asked.id in kiosk.heard.printed_)
        for again in range(4):
            one = wish(offline=asked.id)
            desk.give(one)
            told = (kiosk.heard.printed_, kiosk.heard.refused_)
            await until(lambda one=one, told=told: any(one.id in heard for heard in told))
            assert len(kiosk.slips) == min(again + 2, 4)
        assert kiosk.heard.refused_ == {one.id: "reprint_limit"}
        kiosk.line.mend()
        await until(lambda: not on_disk(kiosk.journal))
        ticket = kiosk.heard.merged_[asked.id]["ticket"]
        late = wish(ticket=ticket)
        desk.give(late)
        await until(lambda: late.id in kiosk.heard.refused_)
    assert kiosk.heard.refused_[late.id] == "reprint_limit", "the hall counts the kiosk's papers"
    assert [f"补打 {n}" in slip for n, slip in enumerate(kiosk.slips[1:], 1)] == [True] * 3
    assert all("A001X" in slip for slip in kiosk.slips)
    assert await waiting(kiosk) == ["A001X"]
    assert (await kiosk.hall())[f"ticket/{ticket}"]["prints"] == 4


async def test_papers_that_the_kiosk_printed_count_at_the_hall_when_the_number_is_in(
    kiosk: Kiosk,
) -> None:
    asked = social()
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: asked.id in kiosk.heard.printed_)
        again = wish(offline=asked.id)
        desk.give(again)
        await until(lambda: again.id in kiosk.heard.printed_)
        kiosk.line.mend()
        await until(lambda: asked.id in kiosk.heard.merged_)
        ticket = kiosk.heard.merged_[asked.id]["ticket"]
        assert (await kiosk.hall())[f"ticket/{ticket}"]["prints"] == 2
        for _ in range(2):
            desk.give(wish(ticket=ticket))
        await until(lambda: len(kiosk.slips) == 4 and not on_disk(kiosk.journal))
        over = wish(ticket=ticket)
        desk.give(over)
        await until(lambda: over.id in kiosk.heard.refused_)
    assert kiosk.heard.refused_[over.id] == "reprint_limit"


async def test_a_number_that_the_hall_will_not_take_in_is_told_to_the_manager(
    kiosk: Kiosk,
) -> None:
    """The hall took another class away while its kiosk was alone."""
    asked = social(priority="nobody")
    async with leasing(kiosk) as desk:
        await away(kiosk)
        desk.give(asked)
        await until(lambda: asked.id in kiosk.heard.printed_)
        kiosk.line.mend()
        await until(lambda: not on_disk(kiosk.journal))
    assert kiosk.heard.merged_ == {}
    told = [fact for at, fact in (await kiosk.hall()).items() if at.startswith("unmerged/")]
    assert [(one["number"], one["reason"]) for one in told] == [("A001X", "class_unknown")]
