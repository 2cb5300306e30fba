"""Forecasts in a hall that lives: made beside it, told to all, never silently longer."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hall_server.actions import twin
from hall_server.actions.twin_process import Twins
from hall_server.hall import Hall
from hall_server.hub import Mailbox
from hall_server.rules.permits import Who
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    CloseWindow,
    PassOver,
    Recall,
    ReturnPassed,
)
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import sound_journal
from tests.builders import (
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    open_hall,
    open_window,
    sqlite_url,
    take,
)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def hall(tmp_path: Path, watch: Watch) -> AsyncIterator[Hall]:
    async with open_hall(sqlite_url(tmp_path), watch, minutes=12) as hall:
        yield hall


async def look(hall: Hall, watch: Watch, **later: float) -> Any:
    """The forecast as everybody sees it, after so long."""
    watch.forward(**(later or {"seconds": 20}))
    await hall.look_ahead()
    return hall.seen(KIOSK).get("forecast")


async def estimate(hall: Hall, ticket: dict[str, Any]) -> Any:
    """What the holder's phone is told."""
    holder = Who(Role.CITIZEN, "holder", HALL, ticket=ticket["ticket"])
    return (await hall.see("own_ticket", {}, holder))["estimate"]


def frames(box: Mailbox) -> list[dict[str, Any]]:
    told = [json.loads(frame) for frame in box.frames]
    box.frames.clear()
    return told


async def test_everybody_is_told_how_long_a_number_taken_now_would_wait(
    hall: Hall, watch: Watch
) -> None:
    for _ in range(6):
        await take(hall)
    await open_window(hall)
    hub, box, _ = hall.join(KIOSK, None, 0)
    frames(box)
    before = hub.seq
    told = await look(hall, watch)
    social = told["queues"]["social"]
    assert social["low"] < social["median"] < social["high"]
    assert 40 <= social["median"] <= 120
    assert not social["late"]
    (frame,) = frames(box)
    assert frame == {"t": "live", "facts": {"forecast": told}}
    assert hub.seq == before, "it is no command's doing: the journal knows nothing of it"
    sound_journal(hall)


async def test_who_comes_back_is_told_the_newest(hall: Hall, watch: Watch) -> None:
    await open_window(hall)
    hub = hall.hubs[HALL]
    epoch, seq = hub.epoch, hub.seq
    told = await look(hall, watch)
    _, box, recovered = hall.join(KIOSK, epoch, seq)
    assert recovered
    assert frames(box) == [{"t": "live", "facts": {"forecast": told}}]
    _, box, recovered = hall.join(KIOSK, None, 0)
    (snapshot,) = frames(box)
    assert not recovered
    assert snapshot["facts"]["forecast"] == told


async def test_a_queue_that_no_window_serves_is_told_nothing(hall: Hall, watch: Watch) -> None:
    await open_window(hall, "2")
    assert set((await look(hall, watch))["queues"]) == {"tax"}
    assert (await take(hall, "social"))["estimate"] is None


async def test_a_new_number_is_told_at_once_and_who_came_since_is_counted(
    hall: Hall, watch: Watch
) -> None:
    assert (await take(hall))["estimate"] is None, "nothing is at hand yet, and nobody waits"
    await open_window(hall)
    social = (await look(hall, watch))["queues"]["social"]
    first = (await take(hall))["estimate"]
    assert first == social
    last = [(await take(hall))["estimate"] for _ in range(4)][-1]
    assert last["median"] > first["median"] + 20
    elder = (await take(hall, priority="elder"))["estimate"]
    assert elder["median"] < last["median"]


async def test_what_a_holder_is_told_grows_only_with_a_notice(hall: Hall, watch: Watch) -> None:
    """Two windows serve; one goes. The wait is longer, and the page says from what it moved."""
    lease = await open_window(hall, "3")
    await open_window(hall, "1")
    mine = [await take(hall) for _ in range(8)][-1]
    await look(hall, watch)
    first = await estimate(hall, mine)
    assert first["moved_at"] is None
    await look(hall, watch)
    second = await estimate(hall, mine)
    assert second["median"] <= first["median"]
    assert second["moved_at"] is None
    await at_window(hall, CloseWindow, lease, "3")
    await look(hall, watch, seconds=4)
    third = await estimate(hall, mine)
    assert third["median"] > second["median"] * 1.3
    assert third["moved_at"] == third["at"]
    assert abs(third["moved_from"] - second["median"]) <= 5


async def test_a_little_longer_is_not_shown_at_all(hall: Hall, watch: Watch) -> None:
    """Time passes and nobody is called: the forecast grows, what was told runs down."""
    await open_window(hall)
    mine = [await take(hall) for _ in range(5)][-1]
    await look(hall, watch)
    told = [(await estimate(hall, mine))["median"]]
    for _ in range(9):
        await look(hall, watch, seconds=30)
        told.append((await estimate(hall, mine))["median"])
    assert told == sorted(told, reverse=True)
    assert (await estimate(hall, mine))["moved_at"] is None


async def test_what_was_told_at_issue_outlives_the_server(tmp_path: Path, watch: Watch) -> None:
    """A new server knows from the store what each ticket was told, and holds to it."""
    url = sqlite_url(tmp_path)
    async with open_hall(url, watch, minutes=12) as hall:
        lease = await open_window(hall, "3")
        await open_window(hall, "1")
        for _ in range(6):
            await take(hall)
        await look(hall, watch)
        mine = await take(hall)
        await at_window(hall, CloseWindow, lease, "3")
        again = Hall(hall.store, watch, "http://hall.test")
        again.hubs = hall.hubs
        watch.forward(seconds=20)
        await again.look_ahead()
        told = await estimate(again, mine)
        await again.worker.stop()
    assert told["median"] > mine["estimate"]["median"]
    assert told["moved_from"] == mine["estimate"]["median"]


async def test_who_comes_back_after_having_been_passed_over_waits_anew(
    hall: Hall, watch: Watch
) -> None:
    """What was said when the number was taken was kept: he was called. It is not said again."""
    lease = await open_window(hall)
    await look(hall, watch)
    mine = await take(hall)
    for _ in range(6):
        await take(hall)
    for _ in range(3):
        await at_window(hall, CallNext, lease)
        await at_window(hall, Recall, lease)
        await at_window(hall, Recall, lease)
        await at_window(hall, PassOver, lease)
        watch.forward(minutes=2)
    await look(hall, watch)
    assert await estimate(hall, mine) is None
    await hall.handle(ReturnPassed(hall=HALL, ticket=mine["ticket"]), SUPERVISOR)
    await look(hall, watch)
    again = await estimate(hall, mine)
    assert again["median"] > 5
    assert again["moved_at"] is None


async def test_a_window_that_opens_is_seen_soon_and_not_sooner(hall: Hall, watch: Watch) -> None:
    await look(hall, watch)
    await open_window(hall)
    assert (await look(hall, watch, seconds=1))["queues"] == {}
    assert set((await look(hall, watch, seconds=3))["queues"]) == {"social", "tax"}


async def test_a_call_alone_waits_for_its_turn(hall: Hall, watch: Watch) -> None:
    lease = await open_window(hall)
    await take(hall)
    first = await look(hall, watch)
    await at_window(hall, CallNext, lease)
    assert await look(hall, watch, seconds=15) == first
    assert (await look(hall, watch, seconds=5))["at"] > first["at"]


async def test_a_dead_worker_is_started_again_and_the_last_forecast_grows_old(
    hall: Hall, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    await open_window(hall)
    mine = await take(hall)
    first = await look(hall, watch)
    for seconds in (20, 5, 50, 60):
        kill_worker(hall)
        told = await look(hall, watch, seconds=seconds)
        assert told == {**first, "old": seconds >= 50}
        await hall.worker.ask("forecast", HALL, watch())  # it lives again
    assert (await estimate(hall, mine))["old"]
    assert (await take(hall))["estimate"] is None, "an old forecast promises nothing new"
    assert [one.message for one in caplog.records if "no forecast" in one.message] == [
        "no forecast for hall: ended with status -9"
    ]
    kill_worker(hall)
    assert await look(hall, watch, minutes=5) is None
    assert await estimate(hall, mine) is None
    back = await look(hall, watch, seconds=5)
    assert not back["old"]
    assert back["queues"].keys() == first["queues"].keys()


def kill_worker(hall: Hall) -> None:
    assert hall.worker.pid is not None
    os.kill(hall.worker.pid, signal.SIGKILL)


async def test_when_the_day_ends_the_forecast_goes(hall: Hall, watch: Watch) -> None:
    await open_window(hall)
    assert await look(hall, watch) is not None
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert await look(hall, watch, seconds=1) is None


async def test_who_would_be_called_after_closing_is_told_so(hall: Hall, watch: Watch) -> None:
    """Eight wait at one window at half past four; the hall closes at five."""
    await open_window(hall)
    await open_window(hall, "2")
    watch.forward(hours=7, minutes=20)
    for _ in range(8):
        await take(hall)
    told = await look(hall, watch)
    assert (told["queues"]["social"]["late"], told["queues"]["tax"]["late"]) == (True, False)
    mine = await take(hall)
    assert mine["estimate"]["late"]
    await look(hall, watch)
    assert (await estimate(hall, mine))["late"]


async def test_a_hall_with_more_people_than_any_has_seats_is_not_foreseen(
    hall: Hall, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_window(hall)
    for _ in range(3):
        await take(hall)
    monkeypatch.setattr(twin, "MOST_WAITING", 2)
    twins = Twins(hall.store)
    asked = {"ask": "forecast", "hall": HALL, "at": watch().isoformat(), "more": {}}
    with pytest.raises(Refused) as no:
        twins.answer(asked)
    assert no.value.code is Refusal.TOO_BUSY
    monkeypatch.setattr(twin, "MOST_WAITING", 3)
    assert twins.answer(asked)["queues"]["social"]["waiting"] == 3


async def test_the_worker_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    """It reads its questions from a pipe: nobody needs to end it."""
    url = sqlite_url(tmp_path)
    async with open_hall(url, day=False):
        pass
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASKS_AND_WAITS, url), stdout=PIPE
    )
    assert server.stdout is not None
    worker = int(await server.stdout.readline())
    watched = os.pidfd_open(worker)
    server.kill()
    await server.wait()
    ended = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().add_reader(watched, ended.set_result, None)
    try:
        async with asyncio.timeout(20):
            await ended
    finally:
        asyncio.get_running_loop().remove_reader(watched)
        os.close(watched)


ASKS_AND_WAITS = """
import asyncio, sys
from datetime import UTC, datetime
from hall_server.words import Refused
from hall_server.worker import Worker

async def ask():
    worker = Worker(sys.argv[1])
    try:
        await worker.ask("forecast", "hall", datetime.now(UTC))
    except Refused as closed:
        assert closed.code == "day_closed"
    print(worker.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(ask())
"""
