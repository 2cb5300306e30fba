"""Opening, pausing and closing windows, and taking them over."""

import pytest

from hall_server.wire.commands import (
    CallNext,
    CloseWindow,
    Finish,
    OpenWindow,
    PauseWindow,
    StartService,
    WindowCommand,
)
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, proven_hall, refused
from tests.builders import CLERK, HALL, at_window, open_window, take, who

BOX = who(Role.AGENT, "box-1", window="1")
LI = who(Role.STAFF, "li")


async def test_each_opening_is_a_new_lease(hall: ProvenHall) -> None:
    for generation in (1, 2, 3):
        reply = await hall.handle(OpenWindow(hall=HALL, window="1"), CLERK)
        assert reply == {"window": "1", "generation": generation}
    state = hall.hubs[HALL].state
    assert (state["window/1"]["state"], state["desk/1"]["staff"]) == ("open", "wang")
    assert state["window/2"]["state"] == "closed"


async def test_a_window_may_open_before_the_day_does(database_url: str) -> None:
    async with proven_hall(database_url, day=False) as hall:
        assert await open_window(hall) == 1


async def test_a_pause_says_why_and_opening_ends_it(hall: ProvenHall) -> None:
    generation = await open_window(hall)
    reply = await at_window(hall, PauseWindow, generation, reason="午休 13:30 回来")
    assert reply == {"window": "1", "state": "paused"}
    fact = hall.hubs[HALL].state["window/1"]
    assert (fact["state"], fact["reason"]) == ("paused", "午休 13:30 回来")
    again = PauseWindow(hall=HALL, window="1", generation=generation, reason="午休")
    await refused(hall, again, CLERK, Refusal.WINDOW_PAUSED, window="1")
    await open_window(hall)
    fact = hall.hubs[HALL].state["window/1"]
    assert (fact["state"], fact["reason"]) == ("open", None)


async def test_who_is_being_served_stays_through_a_pause(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, PauseWindow, generation, reason="设备故障")
    assert hall.hubs[HALL].state["window/1"]["number"] == "A001"
    await at_window(hall, StartService, generation)
    await at_window(hall, Finish, generation)


async def test_a_box_pauses_its_window(hall: ProvenHall) -> None:
    await open_window(hall)
    pause = PauseWindow(hall=HALL, window="1", generation=0, reason="暂停服务")
    assert (await hall.handle(pause, BOX))["state"] == "paused"


async def test_a_closed_window_is_not_paused(hall: ProvenHall) -> None:
    pause = PauseWindow(hall=HALL, window="1", generation=0, reason="午休")
    await refused(hall, pause, CLERK, Refusal.WINDOW_NOT_OPEN, window="1")


async def test_a_window_closes_when_nobody_is_at_it(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    close = CloseWindow(hall=HALL, window="1", generation=generation)
    await refused(hall, close, CLERK, Refusal.ALREADY_SERVING, window="1", number="A001")
    await at_window(hall, StartService, generation)
    await refused(hall, close, CLERK, Refusal.ALREADY_SERVING)
    await at_window(hall, Finish, generation)
    assert await hall.handle(close, CLERK) == {"window": "1", "state": "closed"}


@pytest.mark.parametrize("command", [PauseWindow, CloseWindow])
async def test_the_last_who_opened_has_the_window(
    hall: ProvenHall, command: type[WindowCommand]
) -> None:
    more = {"reason": "午休"} if command is PauseWindow else {}
    old = await open_window(hall)
    new = await open_window(hall, clerk=LI)
    stale = command(hall=HALL, window="1", generation=old, **more)
    await refused(hall, stale, CLERK, Refusal.WINDOW_TAKEN_OVER, window="1")
    early = command(hall=HALL, window="1", generation=new + 1, **more)
    await refused(hall, early, LI, Refusal.WINDOW_TAKEN_OVER)
    await hall.handle(command(hall=HALL, window="1", generation=new, **more), LI)


async def test_generation_nought_is_the_boxs_alone(hall: ProvenHall) -> None:
    await open_window(hall)
    nought = CloseWindow(hall=HALL, window="1", generation=0)
    await refused(hall, nought, CLERK, Refusal.WINDOW_TAKEN_OVER)


async def test_a_window_that_the_layout_does_not_have_is_unknown(hall: ProvenHall) -> None:
    opening = OpenWindow(hall=HALL, window="99")
    await refused(hall, opening, CLERK, Refusal.WINDOW_UNKNOWN, window="99")
    for command in (
        PauseWindow(hall=HALL, window="99", generation=1, reason="午休"),
        CloseWindow(hall=HALL, window="99", generation=1),
    ):
        await refused(hall, command, CLERK, Refusal.WINDOW_UNKNOWN, window="99")
