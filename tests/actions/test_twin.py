"""What the twin is told of a hall: its state, its past, its policy, as the store has them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random

import pytest

from hall_server.actions import twin
from hall_server.actions.twin import Past, Present
from hall_server.hall import Hall
from hall_server.rules.calling import Due, WindowDuty
from hall_server.rules.forecast import Law, Shift, forecast
from hall_server.rules.whatif import OpenFor, what_if
from hall_server.store.database import Cursor
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    Finish,
    ImportLayout,
    OpenDay,
    PassOver,
    PauseWindow,
    Recall,
    ReturnPassed,
    StartService,
)
from hall_server.wire.hours import Hours, Span
from tests.builders import (
    ADMIN,
    HALL,
    NINE,
    SUPERVISOR,
    Watch,
    at_window,
    layout,
    open_hall,
    open_window,
    serve_one,
    take,
)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def hall(database_url: str, watch: Watch) -> AsyncIterator[Hall]:
    async with open_hall(database_url, watch, minutes=12) as hall:
        yield hall


def seen(hall: Hall) -> tuple[Present, Past]:
    """The hall as its twin sees it now, and the past it has learned from."""

    def read(cursor: Cursor) -> tuple[Present, Past]:
        found = twin.head_of(cursor, hall.store.plans, HALL)
        assert found is not None
        head, plan = found
        past = twin.past(cursor, head)
        laws = twin.laws(cursor, head, plan, past)
        return twin.present(cursor, head, plan, laws, hall.clock()), past

    return hall.store.read(read)


async def test_who_waits_is_told_as_the_rule_sees_him(hall: Hall, watch: Watch) -> None:
    first = await take(hall)
    watch.forward(minutes=4)
    elder = await take(hall, priority="elder")
    lease = await open_window(hall)
    called = await at_window(hall, CallNext, lease)
    assert called["ticket"] == elder["ticket"]
    await at_window(hall, PassOver, lease)
    await hall.handle(ReturnPassed(hall=HALL, ticket=elder["ticket"]), SUPERVISOR)
    present, _ = seen(hall)
    plain, returned = present.now.waiting
    assert (plain.ticket, plain.due, plain.taken_at) == (first["ticket"], Due.PLAIN, NINE)
    assert (returned.due, returned.after_call) == (Due.RETURNED, 4)
    assert returned.taken_at == NINE + timedelta(minutes=4)
    assert (plain.queue_calls, plain.queue_run) == (1, 1)
    assert (present.now.calls, present.now.runs) == ({"social": 1}, {"social": 1})


async def test_a_window_is_busy_since_the_first_call_whatever_is_called_again(
    hall: Hall, watch: Watch
) -> None:
    await take(hall)
    lease = await open_window(hall)
    watch.forward(minutes=1)
    await at_window(hall, CallNext, lease)
    watch.forward(minutes=2)
    await at_window(hall, Recall, lease)
    first, second, third = seen(hall)[0].now.windows
    assert first.duty == WindowDuty(("social",), ("tax",))
    assert (first.serving, first.since) == ("social", NINE + timedelta(minutes=1))
    assert second.duty == third.duty == WindowDuty(())


async def test_a_paused_window_calls_nobody(hall: Hall) -> None:
    lease = await open_window(hall)
    await at_window(hall, PauseWindow, lease, reason="午餐")
    assert seen(hall)[0].now.windows[0].duty == WindowDuty(())


async def test_between_two_spans_every_window_rests_and_the_doors_close_with_the_last(
    hall: Hall, watch: Watch
) -> None:
    days = (1, 2, 3, 4, 5, 6, 7)
    morning = Span(days=days, start="09:00", end="12:00", last_ticket="11:45")
    later = Span(days=days, start="13:30", end="17:00", last_ticket="16:30")
    plan = layout(minutes=12).model_copy(update={"hours": Hours(weekly=(morning, later))})
    await hall.handle(ImportLayout(hall=HALL, layout=plan), ADMIN)
    await open_window(hall)
    present, _ = seen(hall)
    noon = NINE + timedelta(hours=3)
    assert present.now.windows[0].plan == (Shift(noon, pause=timedelta(minutes=90)),)
    assert present.now.doors == NINE + timedelta(hours=7, minutes=30)
    assert present.ends == NINE + timedelta(hours=8)
    watch.forward(hours=4)
    assert seen(hall)[0].now.windows[0].plan == (Shift(watch.now, pause=timedelta(minutes=30)),)
    watch.forward(hours=1)
    assert seen(hall)[0].now.windows[0].plan == ()


async def test_on_the_first_day_the_published_minutes_count_and_the_last_hour_goes_on(
    hall: Hall, watch: Watch
) -> None:
    await take(hall)
    watch.forward(minutes=61)
    await take(hall, "tax", priority="elder")
    present, past = seen(hall)
    assert (past.served, past.days) == ([], [])
    assert present.laws.service["tax"] == Law(12.0)
    (came,) = present.now.last_hour
    assert (came.queue, came.due, came.after) == ("tax", Due.DUE, timedelta(hours=10, minutes=1))


async def test_days_that_were_closed_are_learned_from(hall: Hall, watch: Watch) -> None:
    """One day of 30 services of 6 minutes, and one today that took no time."""
    lease = await open_window(hall)
    for _ in range(30):
        await take(hall)
        await at_window(hall, CallNext, lease)
        watch.forward(minutes=6)
        await at_window(hall, StartService, lease)
        await at_window(hall, Finish, lease)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    watch.now = NINE + timedelta(days=1)
    await hall.handle(OpenDay(hall=HALL, date="2026-11-24"), SUPERVISOR)
    await take(hall)
    await take(hall)
    present, past = seen(hall)
    assert present.laws.service["social"].minutes == pytest.approx(6)
    assert present.laws.service["social"].spread == 0
    assert present.laws.service["tax"] == Law(12.0)
    (day,) = past.days
    assert len(day) == 30
    assert day[1].after == timedelta(hours=9, minutes=6)
    lease = await open_window(hall)
    await serve_one(hall, lease)
    assert seen(hall)[0].laws.service["social"].minutes < 6, "today counts too"


async def test_the_pure_rules_work_on_it(hall: Hall) -> None:
    """Nine wait for one window of two; who is last waits for long, and the second helps."""
    tickets = [await take(hall) for _ in range(9)]
    await open_window(hall)
    present, _ = seen(hall)
    told = forecast(present.now, present.laws, present.policy, present.at, Random(1), runs=20)
    last = told.tickets[tickets[-1]["ticket"]]
    assert 40 < last.median < 160
    assert last.median < told.queues["social"].median
    move = OpenFor("2", "social", NINE, NINE + timedelta(hours=1))
    effect = what_if(present.now, present.laws, present.policy, present.at, move, Random(1))
    assert effect.queues["social"].by < -5


async def test_a_hall_whose_day_is_closed_has_nothing_to_look_forward_to(hall: Hall) -> None:
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert hall.store.read(lambda cursor: twin.head_of(cursor, hall.store.plans, HALL)) is None
