"""Opening and closing the business day."""

import pytest
from pydantic import ValidationError

from hall_server.store import days
from hall_server.wire.commands import CallNext, CloseDay, Hold, OpenDay, PassOver, StartService
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, proven_hall, refused
from tests.builders import (
    DATE,
    HALL,
    NINE,
    SUPERVISOR,
    Watch,
    at_window,
    open_window,
    serve_one,
    take,
    who,
)


async def test_a_day_is_opened_for_a_date_and_all_see_it(database_url: str) -> None:
    async with proven_hall(database_url, day=False) as hall:
        assert "day" not in hall.hubs[HALL].state
        opening = OpenDay(hall=HALL, date="2026-11-24")
        assert await hall.handle(opening, SUPERVISOR) == {"date": "2026-11-24", "round": 1}
        at = int(NINE.timestamp() * 1000)
        assert hall.hubs[HALL].state["day"] == {"date": "2026-11-24", "round": 1, "opened_at": at}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN, Role.CLOCK])
async def test_who_leads_and_the_clock_open_and_close(database_url: str, role: Role) -> None:
    async with proven_hall(database_url, day=False) as hall:
        await hall.handle(OpenDay(hall=HALL, date=DATE), who(role))
        reply = await hall.handle(CloseDay(hall=HALL), who(role))
        assert reply == {"date": DATE, "expired": 0}


async def test_one_day_at_a_time(hall: ProvenHall) -> None:
    for date in (DATE, "2026-11-24"):
        opening = OpenDay(hall=HALL, date=date)
        await refused(hall, opening, SUPERVISOR, Refusal.DAY_ALREADY_OPEN, date=DATE)


async def test_a_closed_day_is_not_closed_again(hall: ProvenHall) -> None:
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    await refused(hall, CloseDay(hall=HALL), SUPERVISOR, Refusal.DAY_CLOSED)


async def test_closing_ends_every_live_ticket_and_frees_every_window(hall: ProvenHall) -> None:
    for _ in range(5):
        await take(hall)
    one, three = await open_window(hall), await open_window(hall, "3")
    await at_window(hall, CallNext, one)
    await at_window(hall, Hold, one)  # held
    await at_window(hall, CallNext, one)
    await at_window(hall, PassOver, one)  # passed
    await at_window(hall, CallNext, one)
    await at_window(hall, StartService, one)  # serving
    await at_window(hall, CallNext, three, "3")  # called; the fifth waits
    reply = await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert reply == {"date": DATE, "expired": 5}
    state = hall.hubs[HALL].state
    assert not [name for name in state if name.startswith(("ticket/", "pad/"))]
    assert "day" not in state
    assert state["calls"] == []
    for name in ("1", "3"):
        assert (state[f"window/{name}"]["state"], state[f"window/{name}"]["number"]) == (
            "closed",
            None,
        )
    assert state["queue/social"] == {"waiting": 0, "taken": 0, "left": None}


async def test_what_was_finished_stays_finished(hall: ProvenHall) -> None:
    await take(hall)
    await serve_one(hall, await open_window(hall))
    assert (await hall.handle(CloseDay(hall=HALL), SUPERVISOR))["expired"] == 0


async def test_numbers_begin_again_with_the_next_day(hall: ProvenHall, watch: Watch) -> None:
    await take(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    watch.forward(days=1)
    await hall.handle(OpenDay(hall=HALL, date="2026-11-24"), SUPERVISOR)
    paper = await take(hall)
    assert (paper["number"], paper["date"]) == ("A001", "2026-11-24")


async def test_a_date_opened_again_is_its_second_round(hall: ProvenHall) -> None:
    await take(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    again = await hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
    assert again == {"date": DATE, "round": 2}
    assert (await take(hall))["number"] == "A001"


async def test_the_day_is_the_one_that_was_opened_whatever_the_clock_says(
    hall: ProvenHall, watch: Watch
) -> None:
    watch.forward(days=400)
    assert (await take(hall))["date"] == DATE
    watch.forward(days=-800)
    paper = await take(hall)
    assert (paper["number"], paper["date"]) == ("A002", DATE)
    generation = await open_window(hall)
    assert (await at_window(hall, CallNext, generation))["number"] == "A001"


async def test_the_days_stay_on_record(hall: ProvenHall, watch: Watch) -> None:
    watch.forward(hours=8)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    row = hall.store.read(lambda cursor: days.by_id(cursor, HALL, 1))
    assert (row.date, row.round) == (DATE, 1)
    assert row.closed_at - row.opened_at == 8 * 3_600_000


@pytest.mark.parametrize("date", ["2026-02-31", "2026-13-01", "2026-00-10", "26-11-23", "tomorrow"])
def test_a_date_that_is_in_no_calendar_is_no_wish(date: str) -> None:
    with pytest.raises(ValidationError):
        OpenDay(hall=HALL, date=date)
