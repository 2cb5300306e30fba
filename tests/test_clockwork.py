"""The clock's own wishes: business days that open, close, and never go back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hall_server.clockwork import Clockwork
from hall_server.hall import Hall
from hall_server.wire.commands import CloseDay, OpenDay, ReportDevice
from hall_server.words import DeviceState, Role
from tests.builders import (
    DATE,
    HALL,
    NINE,
    SUPERVISOR,
    Watch,
    open_hall,
    sqlite_url,
    take,
    who,
)

MIDNIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # of hall time, the 23rd to the 24th


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def closed_hall(tmp_path: Path, watch: Watch) -> AsyncIterator[Hall]:
    async with open_hall(sqlite_url(tmp_path), watch, day=False) as hall:
        yield hall


async def clock_looks(hall: Hall) -> str | None:
    """The date of the open day after the clock has looked once."""
    await Clockwork(hall, shared=False)._days()
    day = hall.hubs[HALL].state.get("day")
    return None if day is None else str(day["date"])


async def test_the_day_opens_in_the_morning_and_numbers_can_be_taken(closed_hall: Hall) -> None:
    assert await clock_looks(closed_hall) == DATE
    assert (await take(closed_hall))["number"] == "A001"


async def test_nothing_opens_before_the_hall_s_day_begins(closed_hall: Hall, watch: Watch) -> None:
    watch.now = NINE - timedelta(hours=5)
    assert await clock_looks(closed_hall) is None


async def test_a_day_that_a_person_closed_stays_closed(closed_hall: Hall) -> None:
    await clock_looks(closed_hall)
    await closed_hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert await clock_looks(closed_hall) is None


async def test_at_midnight_the_day_ends_and_its_tickets_expire(
    closed_hall: Hall, watch: Watch
) -> None:
    await clock_looks(closed_hall)
    await take(closed_hall)
    watch.now = MIDNIGHT
    assert await clock_looks(closed_hall) is None
    assert not [a for a in closed_hall.hubs[HALL].state if a.startswith("ticket/")]


async def test_numbers_do_not_restart_when_the_utc_day_turns(
    closed_hall: Hall, watch: Watch
) -> None:
    """A peer's queue broke at 5 pm, when its UTC day turned (bcgov/queue-management#626); here
    UTC turns at 8 in the morning."""
    watch.now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    await clock_looks(closed_hall)
    await take(closed_hall)
    watch.now = datetime(2026, 11, 23, 0, 1, tzinfo=UTC)
    assert await clock_looks(closed_hall) == DATE
    assert (await take(closed_hall))["number"] == "A002"


async def test_a_clock_that_goes_back_closes_nothing_and_opens_nothing(
    closed_hall: Hall, watch: Watch
) -> None:
    await clock_looks(closed_hall)
    await take(closed_hall)
    watch.now = NINE - timedelta(days=400)
    assert await clock_looks(closed_hall) == DATE
    assert (await take(closed_hall))["number"] == "A002"
    watch.now = NINE
    await closed_hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    watch.now = NINE - timedelta(days=1)
    assert await clock_looks(closed_hall) is None


async def test_a_day_opened_late_by_a_person_is_not_closed_under_them(
    closed_hall: Hall, watch: Watch
) -> None:
    watch.now = MIDNIGHT - timedelta(minutes=1)
    await closed_hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
    watch.forward(seconds=30)
    assert await clock_looks(closed_hall) == DATE


async def test_a_machine_that_is_away_for_three_looks_is_missed_and_one_that_returns_is_not(
    closed_hall: Hall,
) -> None:
    hall, agent = closed_hall, who(Role.AGENT, "agent-1")
    here = ReportDevice(
        hall=HALL,
        device="machine",
        device_kind="agent",
        device_state=DeviceState.READY,
        trouble="none",
        since=0,
    )
    hub, box, _ = hall.join(agent, None, 0)
    await hall.handle(here, agent)
    clock = Clockwork(hall, shared=False)

    async def looks(times: int) -> str:
        for _ in range(times):
            await clock._machines()
        return str(hub.state["device/agent-1/machine"]["trouble"])

    assert await looks(4) == "none"
    hub.leave(box)
    assert await looks(2) == "none"
    _, box, _ = hall.join(agent, None, 0)  # it was only started again
    assert await looks(1) == "none"
    hub.leave(box)
    assert await looks(2) == "none"
    assert await looks(1) == "lost"
    seq = hub.seq
    assert (await looks(4), hub.seq) == ("lost", seq), "it is missed once"
