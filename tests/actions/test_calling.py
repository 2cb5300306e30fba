"""Who is called, by the rule and by hand, and that nobody is called twice."""

import asyncio

from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    CancelTicket,
    CloseDay,
    Hold,
    PassOver,
    PauseWindow,
    Recall,
    Resume,
    StartService,
)
from hall_server.words import Refusal, Refused
from tests.actions.proof import ProvenHall, proven_hall, refused, window, wish
from tests.builders import (
    CLERK,
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    open_hall,
    open_window,
    serve_one,
    take,
)


async def test_the_first_who_waits_is_called_and_everybody_sees_it(
    hall: ProvenHall, watch: Watch
) -> None:
    first, _ = await take(hall, item="A-1"), await take(hall)
    generation = await open_window(hall)
    watch.forward(minutes=5)
    told = await at_window(hall, CallNext, generation)
    assert told == {
        "ticket": first["ticket"],
        "service": told["service"],
        "number": "A001",
        "queue": "social",
        "item": "A-1",
        "priority": None,
        "call": 1,
        "why": [{"code": "in_order", "facts": {}}],
    }
    hub = hall.hubs[HALL]
    at = int(watch().timestamp() * 1000)
    assert window(hall) == {
        "state": "open",
        "reason": None,
        "number": "A001",
        "queue": "social",
        "serving": False,
        "service": told["service"],
        "call": 1,
        "seq": hub.seq,
        "called_at": at,
    }
    assert hub.state["calls"] == [
        {"number": "A001", "window": "1", "call": 1, "seq": hub.seq, "at": at}
    ]
    assert hub.state["queue/social"]["waiting"] == 1
    assert hub.state[f"ticket/{first['ticket']}"]["state"] == "called"
    assert hub.state[f"ticket/{first['ticket']}"]["window"] == "1"


async def test_nobody_waits(hall: ProvenHall) -> None:
    generation = await open_window(hall)
    await refused(hall, wish(CallNext, generation), CLERK, Refusal.NO_ONE_WAITING)


async def test_one_at_a_time(hall: ProvenHall) -> None:
    await take(hall)
    await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    no = {"window": "1", "number": "A001"}
    await refused(hall, wish(CallNext, generation), CLERK, Refusal.ALREADY_SERVING, **no)
    await at_window(hall, StartService, generation)
    await refused(hall, wish(CallNext, generation), CLERK, Refusal.ALREADY_SERVING, **no)


async def test_only_an_open_window_calls(hall: ProvenHall) -> None:
    paper = await take(hall)
    by_hand = {"ticket": paper["ticket"], "reason": "老人"}
    await refused(hall, wish(CallNext, 0), CLERK, Refusal.WINDOW_NOT_OPEN, window="1")
    generation = await open_window(hall)
    await at_window(hall, PauseWindow, generation, reason="午休")
    await refused(hall, wish(CallNext, generation), CLERK, Refusal.WINDOW_PAUSED, window="1")
    await refused(hall, wish(CallTicket, generation, **by_hand), CLERK, Refusal.WINDOW_PAUSED)
    resume = wish(Resume, generation, ticket=paper["ticket"])
    await refused(hall, resume, CLERK, Refusal.WINDOW_PAUSED)


async def test_a_recall_is_a_call_of_its_own_and_goes_to_the_top_of_the_list(
    hall: ProvenHall,
) -> None:
    await take(hall)
    await take(hall, "tax")
    one, two = await open_window(hall), await open_window(hall, "2")
    await at_window(hall, CallNext, one)
    await at_window(hall, CallNext, two, "2")
    assert [call["number"] for call in hall.hubs[HALL].state["calls"]] == ["B001", "A001"]
    told = await at_window(hall, Recall, one)
    assert (told["number"], told["call"]) == ("A001", 2)
    assert (window(hall)["call"], window(hall)["seq"]) == (2, hall.hubs[HALL].seq)
    calls = hall.hubs[HALL].state["calls"]
    assert [(call["number"], call["call"]) for call in calls] == [("A001", 2), ("B001", 1)]


async def test_the_wall_keeps_the_last_six_calls(hall: ProvenHall) -> None:
    generation = await open_window(hall)
    for _ in range(14):
        await take(hall)
        await at_window(hall, CallNext, generation)
        await at_window(hall, PassOver, generation)
    numbers = [call["number"] for call in hall.hubs[HALL].state["calls"]]
    assert numbers == [f"A{n:03d}" for n in range(14, 8, -1)]


async def test_due_before_plain_and_each_in_order(hall: ProvenHall) -> None:
    for priority in (None, "elder", None, "soldier"):
        await take(hall, priority=priority)
    generation = await open_window(hall)
    called = [(await serve_one(hall, generation))["number"] for _ in range(4)]
    assert called == ["A002", "A004", "A001", "A003"]


async def test_a_window_helps_when_its_own_queue_is_empty(hall: ProvenHall) -> None:
    await take(hall, "tax")
    generation = await open_window(hall)
    assert (await at_window(hall, CallNext, generation))["number"] == "B001"


async def test_a_window_helps_who_waits_ten_minutes_longer(hall: ProvenHall, watch: Watch) -> None:
    await take(hall, "tax")
    await take(hall, "tax")
    watch.forward(minutes=10)
    await take(hall)
    generation = await open_window(hall)
    served = [(await serve_one(hall, generation))["number"] for _ in range(3)]
    assert served == ["B001", "B002", "A001"]


async def test_a_window_does_not_help_who_came_a_little_earlier(
    hall: ProvenHall, watch: Watch
) -> None:
    await take(hall, "tax")
    watch.forward(minutes=9, seconds=59)
    await take(hall)
    generation = await open_window(hall)
    assert (await at_window(hall, CallNext, generation))["number"] == "A001"


async def test_one_ticket_may_be_called_by_hand_with_a_reason(hall: ProvenHall) -> None:
    await take(hall)
    paper = await take(hall)
    generation = await open_window(hall)
    told = await at_window(hall, CallTicket, generation, ticket=paper["ticket"], reason="赶火车")
    assert told["number"] == "A002"
    assert hall.hubs[HALL].state["queue/social"]["waiting"] == 1


async def test_a_passed_ticket_may_be_called_by_hand(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, PassOver, generation)
    told = await at_window(hall, CallTicket, generation, ticket=paper["ticket"], reason="刚到")
    assert (told["number"], told["call"]) == ("A001", 1)
    assert hall.hubs[HALL].state["queue/social"]["waiting"] == 0


async def test_a_window_calls_by_hand_only_what_it_serves(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall, "2")
    call = wish(CallTicket, generation, "2", ticket=paper["ticket"], reason="急")
    await refused(hall, call, CLERK, Refusal.QUEUE_NOT_SERVED, window="2", number="A001")


async def test_called_held_and_ended_tickets_are_not_called_by_hand(hall: ProvenHall) -> None:
    held, called, over = [await take(hall) for _ in range(3)]
    one, three = await open_window(hall), await open_window(hall, "3")
    await at_window(hall, CallNext, one)
    await at_window(hall, Hold, one)
    await at_window(hall, CallNext, three, "3")
    await hall.handle(CancelTicket(hall=HALL, ticket=over["ticket"]), KIOSK)
    for paper, code in (
        (held, Refusal.NOT_WAITING),
        (called, Refusal.NOT_WAITING),
        (over, Refusal.TICKET_OVER),
    ):
        call = wish(CallTicket, one, ticket=paper["ticket"], reason="急")
        await refused(hall, call, CLERK, code, number=paper["number"])
    unknown = wish(CallTicket, one, ticket=new_id(), reason="急")
    await refused(hall, unknown, CLERK, Refusal.TICKET_UNKNOWN)


async def test_a_ticket_called_twice_by_two_windows_has_one_service(database_url: str) -> None:
    async with open_hall(database_url, windows=40) as hall:
        await take(hall)
        names = ["1", *(str(n) for n in range(3, 41))]
        leases = {name: await open_window(hall, name) for name in names}
        presses = [at_window(hall, CallNext, leases[name], name) for name in names]
        answers = await asyncio.gather(*presses, return_exceptions=True)
        called = [answer for answer in answers if isinstance(answer, dict)]
        assert [answer["number"] for answer in called] == ["A001"]
        refusals = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert refusals == [Refusal.NO_ONE_WAITING] * 38


async def test_forty_windows_press_together_and_nobody_is_called_twice(database_url: str) -> None:
    async with open_hall(database_url, windows=41) as hall:
        papers = await asyncio.gather(*(take(hall) for _ in range(40)))
        names = ["1", *(str(n) for n in range(3, 42))]
        leases = {name: await open_window(hall, name) for name in names}
        presses = [at_window(hall, CallNext, leases[name], name) for name in names]
        called = [answer["number"] for answer in await asyncio.gather(*presses)]
        assert sorted(called) == sorted(paper["number"] for paper in papers)


async def test_while_the_day_is_closed_nobody_is_called(hall: ProvenHall) -> None:
    await take(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    generation = await open_window(hall)
    await refused(hall, wish(CallNext, generation), CLERK, Refusal.DAY_CLOSED)


async def test_a_hall_may_set_after_how_long_a_window_helps(database_url: str) -> None:
    watch = Watch()
    async with proven_hall(
        database_url, watch, policy={"help_after_minutes": 3, "calls": 1}
    ) as hall:
        await take(hall, "tax")
        watch.forward(minutes=3)
        await take(hall)
        generation = await open_window(hall)
        assert (await at_window(hall, CallNext, generation))["number"] == "B001"


async def test_a_call_says_why_and_after_two_due_ones_goes_by_number(hall: ProvenHall) -> None:
    """每优先两位，必叫一位普通号 (issue 3): the sign's rule, told with each call."""
    await take(hall)
    for _ in range(3):
        await take(hall, priority="elder")
    generation = await open_window(hall)
    told = []
    for _ in range(4):
        reply = await at_window(hall, CallNext, generation)
        told.append((reply["number"], reply["why"][0]["code"]))
        assert hall.hubs[HALL].state["desk/1"]["why"] == reply["why"]
        await at_window(hall, PassOver, generation)
    assert told == [
        ("A002", "due"),
        ("A003", "due_last"),
        ("A001", "ratio"),
        ("A004", "due_alone"),
    ]


async def test_a_call_by_hand_keeps_its_reason_and_leaves_the_turn_as_it_was(
    hall: ProvenHall,
) -> None:
    for priority in ("elder", "elder", None, "elder"):
        await take(hall, priority=priority)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, PassOver, generation)
    last = await take(hall)
    reply = await at_window(hall, CallTicket, generation, ticket=last["ticket"], reason="赶火车")
    assert reply["why"] == [{"code": "by_hand", "facts": {"reason": "赶火车"}}]
    await at_window(hall, PassOver, generation)
    reply = await at_window(hall, CallNext, generation)
    assert (reply["number"], reply["why"][0]["code"]) == ("A002", "due_last")
