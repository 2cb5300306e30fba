"""Helper calls, as the kiosk, the window, the helper and the supervisor see them."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hall_server.clockwork import Clockwork
from hall_server.rules.permits import Who
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay
from hall_server.wire.helping import AcceptCall, ArriveAtCall, AskForHelp, EndCall, EscalateCalls
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR, Watch, open_hall, who
from tests.store.hands import database

GUIDE = who(Role.GUIDE, "chen")
CLOCK = who(Role.CLOCK, "clock")


async def call(hall: ProvenHall, by: Who = KIOSK, **more: Any) -> str:
    told = await hall.handle(AskForHelp(hall=HALL, **more), by)
    return str(told["call"])


def seen(hall: ProvenHall, name: str, role: Role = Role.GUIDE) -> Any:
    return hall.seen(who(role)).get(f"helper/{name}")


async def test_a_call_goes_from_the_kiosk_to_a_helper_and_ends(
    hall: ProvenHall, watch: Watch
) -> None:
    name = await call(hall, item="A-1")
    fact = seen(hall, name)
    assert (fact["place"], fact["state"], fact["item"]) == ("kiosk/kiosk-1", "called", "A-1")
    assert fact["overdue_at"] == fact["called_at"] + 60_000
    await hall.handle(AcceptCall(hall=HALL, call=name), GUIDE)
    assert seen(hall, name, Role.KIOSK)["state"] == "accepted"
    assert seen(hall, name)["helper"] == "chen"
    await hall.handle(ArriveAtCall(hall=HALL, call=name), GUIDE)
    assert (seen(hall, name)["state"], seen(hall, name)["overdue_at"]) == ("arrived", None)
    await hall.handle(EndCall(hall=HALL, call=name), GUIDE)
    assert seen(hall, name) is None


async def test_boards_and_phones_are_told_nothing_of_it(hall: ProvenHall) -> None:
    name = await call(hall)
    assert seen(hall, name, Role.DISPLAY) is seen(hall, name, Role.CITIZEN) is None


async def test_a_place_has_one_open_call(hall: ProvenHall, watch: Watch) -> None:
    name = await call(hall)
    watch.forward(minutes=2)
    await refused(hall, AskForHelp(hall=HALL), KIOSK, Refusal.HELP_CALLED, minutes=2)
    other = await call(hall, CLERK, window="1")
    assert seen(hall, other)["place"] == "window/1"
    await hall.handle(EndCall(hall=HALL, call=name), KIOSK)
    assert await call(hall) != name


async def test_a_place_has_one_open_call_whatever_the_code_does(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        await hall.handle(AskForHelp(hall=HALL), KIOSK)
    copied = text(
        "INSERT INTO helper_call SELECT 'x', hall, place, item, state, helper, escalated, "
        "called_at, overdue_at, accepted_at, arrived_at, ended_at FROM helper_call"
    )
    with pytest.raises(IntegrityError, match="helper_call"), database(database_url) as connection:
        connection.execute(copied)


async def test_the_clock_tells_the_supervisor_whom_nobody_answered(
    hall: ProvenHall, watch: Watch
) -> None:
    name, other = await call(hall), await call(hall, CLERK, window="2")
    await hall.handle(AcceptCall(hall=HALL, call=other), GUIDE)
    clockwork = Clockwork(hall, shared=False)
    watch.forward(seconds=59)
    await clockwork._days()
    assert not seen(hall, name)["escalated"]
    watch.forward(seconds=1)
    before = hall.hubs[HALL].seq
    await clockwork._days()
    await clockwork._days()
    assert seen(hall, name)["escalated"]
    assert not seen(hall, other)["escalated"]
    assert hall.hubs[HALL].seq == before + 1, "told once"
    told = await hall.handle(EscalateCalls(hall=HALL), CLOCK)
    assert told == {"escalated": 0}


async def test_who_answered_and_never_comes_is_told_once_and_another_may_go(
    hall: ProvenHall, watch: Watch
) -> None:
    late, there = await call(hall), await call(hall, CLERK, window="2")
    clockwork = Clockwork(hall, shared=False)
    watch.forward(seconds=50)
    for name in (late, there):
        await hall.handle(AcceptCall(hall=HALL, call=name), GUIDE)
    await hall.handle(ArriveAtCall(hall=HALL, call=there), GUIDE)
    watch.forward(seconds=179)
    await clockwork._days()
    assert not seen(hall, late)["escalated"], "three minutes from the answer, not from the call"
    await refused(hall, AcceptCall(hall=HALL, call=late), CLERK, Refusal.HELP_ACCEPTED)
    watch.forward(seconds=1)
    before = hall.hubs[HALL].seq
    await clockwork._days()
    await clockwork._days()
    assert hall.hubs[HALL].seq == before + 1, "told once"
    assert seen(hall, late)["escalated"]
    assert not seen(hall, there)["escalated"]
    await hall.handle(AcceptCall(hall=HALL, call=late), CLERK)
    fact = seen(hall, late)
    assert (fact["helper"], fact["escalated"]) == ("wang", False)
    assert fact["overdue_at"] == hall.clock().timestamp() * 1000 + 180_000, "and is waited for anew"


async def test_who_comes_after_all_ends_the_alarm(hall: ProvenHall, watch: Watch) -> None:
    name = await call(hall)
    watch.forward(seconds=60)
    await hall.handle(EscalateCalls(hall=HALL), CLOCK)
    await hall.handle(ArriveAtCall(hall=HALL, call=name), GUIDE)
    assert not seen(hall, name)["escalated"]
    watch.forward(minutes=30)
    assert await hall.handle(EscalateCalls(hall=HALL), CLOCK) == {"escalated": 0}


async def test_who_comes_second_is_told_who_goes(hall: ProvenHall) -> None:
    name = await call(hall)
    accept = AcceptCall(hall=HALL, call=name)
    await hall.handle(accept, GUIDE)
    again = AcceptCall(hall=HALL, call=name)
    await refused(hall, again, CLERK, Refusal.HELP_ACCEPTED, by="chen")
    await hall.handle(ArriveAtCall(hall=HALL, call=name), CLERK)
    assert seen(hall, name)["helper"] == "wang", "who arrives is the helper"
    await refused(hall, ArriveAtCall(hall=HALL, call=name), GUIDE, Refusal.HELP_ACCEPTED)
    await hall.handle(EndCall(hall=HALL, call=name), GUIDE)
    for deed in (AcceptCall, ArriveAtCall, EndCall):
        await refused(hall, deed(hall=HALL, call=name), GUIDE, Refusal.HELP_OVER)


async def test_a_kiosk_ends_no_call_but_its_own(hall: ProvenHall) -> None:
    name = await call(hall)
    other = who(Role.KIOSK, "kiosk-2")
    await refused(hall, EndCall(hall=HALL, call=name), other, Refusal.NOT_PERMITTED)


async def test_what_is_not_there_is_refused(hall: ProvenHall) -> None:
    for command, by, code in (
        (AskForHelp(hall=HALL, window="99"), CLERK, Refusal.WINDOW_UNKNOWN),
        (AskForHelp(hall=HALL), CLERK, Refusal.WINDOW_UNKNOWN),
        (AskForHelp(hall=HALL, item="nothing"), KIOSK, Refusal.ITEM_UNKNOWN),
        (AcceptCall(hall=HALL, call=new_id()), GUIDE, Refusal.CALL_UNKNOWN),
    ):
        await refused(hall, command, by, code)


async def test_with_the_day_every_call_ends(hall: ProvenHall) -> None:
    name = await call(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert seen(hall, name) is None
    await refused(hall, EndCall(hall=HALL, call=name), GUIDE, Refusal.HELP_OVER)
