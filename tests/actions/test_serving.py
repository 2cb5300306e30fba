"""From the call to the end of a service: serving, holding, transferring, taking over."""

import pytest

from hall_server.rules.permits import Who
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    Finish,
    Hold,
    OpenWindow,
    PassOver,
    Recall,
    Resume,
    ReturnPassed,
    StartService,
    Transfer,
    WindowCommand,
)
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused, window, wish
from tests.builders import (
    CLERK,
    HALL,
    KIOSK,
    Watch,
    at_window,
    open_window,
    take,
    who,
)

BOX = who(Role.AGENT, "box-1", window="1")


async def test_from_call_to_finish_the_desk_follows(hall: ProvenHall, watch: Watch) -> None:
    await take(hall)
    generation = await open_window(hall)
    called = await at_window(hall, CallNext, generation)
    brief = {name: called[name] for name in ("ticket", "service", "number")}
    watch.forward(minutes=1)
    assert await at_window(hall, StartService, generation) == brief
    assert window(hall)["serving"] is True
    desk = hall.hubs[HALL].state["desk/1"]
    assert (desk["staff"], desk["ticket"]) == ("wang", called["ticket"])
    assert desk["started_at"] == int(watch().timestamp() * 1000)
    assert await at_window(hall, Finish, generation) == brief
    assert (window(hall)["number"], window(hall)["service"]) == (None, None)
    assert hall.hubs[HALL].state["desk/1"]["ticket"] is None
    assert hall.hubs[HALL].state["pad/1"] == {"service": called["service"], "number": "A001"}


async def test_a_call_box_has_the_keys_of_its_own_window(hall: ProvenHall) -> None:
    await take(hall)
    await open_window(hall)
    for command in (CallNext, Recall, StartService, Finish):
        await hall.handle(wish(command, 0), BOX)
    assert "pad/1" in hall.hubs[HALL].state
    await refused(hall, wish(CallNext, 0, "3"), BOX, Refusal.NOT_PERMITTED)


async def test_a_box_whose_page_tells_the_lease_may_also_use_it(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall)
    await refused(hall, wish(CallNext, generation + 1), BOX, Refusal.WINDOW_TAKEN_OVER)
    assert (await hall.handle(wish(CallNext, generation), BOX))["number"] == "A001"


EVERY = [CallNext, CallTicket, Recall, StartService, PassOver, Hold, Resume, Transfer, Finish]


@pytest.mark.parametrize("command", EVERY)
async def test_who_was_taken_over_is_refused_whatever_he_wishes(
    hall: ProvenHall, command: type[WindowCommand]
) -> None:
    await take(hall)
    old = await open_window(hall)
    await open_window(hall, clerk=who(Role.STAFF, "li"))
    more: dict[str, str] = {}
    if "ticket" in command.model_fields:
        more["ticket"] = new_id()
    if "reason" in command.model_fields:
        more["reason"] = "急"
    if "queue" in command.model_fields:
        more["queue"] = "tax"
    no = wish(command, old, **more)
    await refused(hall, no, CLERK, Refusal.WINDOW_TAKEN_OVER, window="1")
    elsewhere = wish(command, old, "77", **more)
    await refused(hall, elsewhere, CLERK, Refusal.WINDOW_UNKNOWN, window="77")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Recall, Refusal.NOTHING_CALLED),
        (StartService, Refusal.NOTHING_CALLED),
        (PassOver, Refusal.NOTHING_CALLED),
        (Hold, Refusal.NOT_SERVING),
        (Transfer, Refusal.NOT_SERVING),
        (Finish, Refusal.NOT_SERVING),
    ],
)
async def test_an_idle_window_has_nothing_to_go_on_with(
    hall: ProvenHall, command: type[WindowCommand], code: Refusal
) -> None:
    generation = await open_window(hall)
    more = {"queue": "tax"} if command is Transfer else {}
    await refused(hall, wish(command, generation, **more), CLERK, code)


@pytest.mark.parametrize("command", [Recall, StartService, PassOver])
async def test_who_is_being_served_is_not_called_again(
    hall: ProvenHall, command: type[WindowCommand]
) -> None:
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, StartService, generation)
    await refused(hall, wish(command, generation), CLERK, Refusal.NOTHING_CALLED)


async def test_who_did_not_begin_cannot_finish(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await refused(hall, wish(Finish, generation), CLERK, Refusal.NOT_SERVING, number="A001")


async def test_a_held_ticket_comes_back_to_any_window_already_begun(hall: ProvenHall) -> None:
    paper = await take(hall)
    one, three = await open_window(hall), await open_window(hall, "3")
    await at_window(hall, CallNext, one)
    await at_window(hall, StartService, one)
    await at_window(hall, Hold, one)
    assert window(hall)["number"] is None
    assert hall.hubs[HALL].state[f"ticket/{paper['ticket']}"]["state"] == "held"
    await refused(hall, wish(CallNext, one), CLERK, Refusal.NO_ONE_WAITING)
    told = await at_window(hall, Resume, three, "3", ticket=paper["ticket"])
    assert (told["number"], told["call"]) == ("A001", 1)
    assert window(hall, "3")["serving"] is True
    again = wish(Resume, one, ticket=paper["ticket"])
    await refused(hall, again, CLERK, Refusal.NOT_HELD, number="A001")


async def test_resume_needs_a_held_ticket_and_a_free_window(hall: ProvenHall) -> None:
    paper, other = await take(hall), await take(hall)
    generation = await open_window(hall)
    no = wish(Resume, generation, ticket=new_id())
    await refused(hall, no, CLERK, Refusal.TICKET_UNKNOWN)
    no = wish(Resume, generation, ticket=paper["ticket"])
    await refused(hall, no, CLERK, Refusal.NOT_HELD)
    await at_window(hall, CallNext, generation)
    await at_window(hall, Hold, generation)
    await at_window(hall, CallNext, generation)
    assert window(hall)["number"] == other["number"]
    await refused(hall, no, CLERK, Refusal.ALREADY_SERVING)


async def test_a_transferred_ticket_keeps_number_and_time(hall: ProvenHall, watch: Watch) -> None:
    paper = await take(hall)
    watch.forward(minutes=3)
    await take(hall, "tax")
    one, two = await open_window(hall), await open_window(hall, "2")
    await at_window(hall, CallNext, one)
    await at_window(hall, StartService, one)
    told = await at_window(hall, Transfer, one, queue="tax")
    assert (told["number"], told["queue"]) == ("A001", "tax")
    state = hall.hubs[HALL].state
    assert (state["queue/social"]["waiting"], state["queue/tax"]["waiting"]) == (0, 2)
    fact = state[f"ticket/{paper['ticket']}"]
    assert (fact["queue"], fact["state"], fact["window"]) == ("tax", "waiting", None)
    assert (await at_window(hall, CallNext, two, "2"))["number"] == "A001"


async def test_a_transfer_may_open_a_queue_of_which_nobody_took_a_number(
    hall: ProvenHall,
) -> None:
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await refused(
        hall, wish(Transfer, generation, queue="none"), CLERK, Refusal.QUEUE_UNKNOWN, queue="none"
    )
    await at_window(hall, Transfer, generation, queue="tax")
    assert hall.hubs[HALL].state["queue/tax"] == {"waiting": 1, "taken": 0, "left": None}
    assert (await take(hall, "tax"))["number"] == "B001"


async def test_a_ticket_that_returned_and_was_transferred_waits_no_more_for_its_turn(
    hall: ProvenHall,
) -> None:
    paper = await take(hall)
    one, two = await open_window(hall), await open_window(hall, "2")
    await at_window(hall, CallNext, one)
    await at_window(hall, PassOver, one)
    await hall.handle(ReturnPassed(hall=HALL, ticket=paper["ticket"]), KIOSK)
    await at_window(hall, CallNext, one)
    await take(hall, "tax")
    await at_window(hall, Transfer, one, queue="tax")
    assert (await at_window(hall, CallNext, two, "2"))["number"] == "A001"


async def test_a_takeover_goes_on_with_the_ticket_at_hand(hall: ProvenHall) -> None:
    await take(hall)
    first = await open_window(hall)
    called = await at_window(hall, CallNext, first)
    other: Who = who(Role.STAFF, "li")
    second = (await hall.handle(OpenWindow(hall=HALL, window="1"), other))["generation"]
    assert hall.hubs[HALL].state["desk/1"]["staff"] == "li"
    assert window(hall)["number"] == "A001"
    await refused(hall, wish(StartService, first), CLERK, Refusal.WINDOW_TAKEN_OVER)
    told = await hall.handle(wish(StartService, second), other)
    assert told["service"] == called["service"]
