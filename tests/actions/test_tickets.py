"""Taking, cancelling, printing and returning numbers."""

import asyncio
from typing import Any

import pytest

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.rules.tickets import CODE_LETTERS
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    CancelTicket,
    CloseDay,
    Finish,
    Hold,
    PassOver,
    ReportPrint,
    ReprintTicket,
    ReturnPassed,
    StartService,
    TakeTicket,
)
from hall_server.words import PrintState, Refusal, Role
from tests.actions.proof import ProvenHall, proven_hall, refused, sound_journal
from tests.builders import (
    CLERK,
    DATE,
    HALL,
    KIOSK,
    NINE,
    SUPERVISOR,
    Watch,
    at_window,
    open_hall,
    open_window,
    serve_one,
    take,
    who,
)

GUIDE = who(Role.GUIDE)


def holder(ticket: str) -> Who:
    return who(Role.CITIZEN, ticket, ticket=ticket)


async def passed(hall: Hall, generation: int) -> dict[str, Any]:
    """Call the next and pass it over."""
    await at_window(hall, CallNext, generation)
    return await at_window(hall, PassOver, generation)


async def test_the_paper_says_number_code_and_who_is_ahead(hall: ProvenHall) -> None:
    await take(hall)
    paper = await take(hall, item="A-1")
    assert (paper["number"], paper["queue"], paper["ahead"]) == ("A002", "social", 1)
    assert (paper["item"], paper["priority"], paper["prints"]) == ("A-1", None, 1)
    assert (paper["date"], paper["taken_at"]) == (DATE, int(NINE.timestamp() * 1000))
    assert paper["url"] == f"http://hall.test/t/{paper['token']}"
    assert len(paper["code"]) == 4
    assert set(paper["code"]) <= set(CODE_LETTERS)
    fact = hall.hubs[HALL].state[f"ticket/{paper['ticket']}"]
    assert (fact["state"], fact["print"], fact["window"]) == ("waiting", "printing", None)


async def test_each_queue_counts_for_itself(hall: ProvenHall) -> None:
    numbers = [(await take(hall, queue))["number"] for queue in ("social", "tax", "social")]
    assert numbers == ["A001", "B001", "A002"]
    assert hall.hubs[HALL].state["queue/social"] == {"waiting": 2, "taken": 2, "left": None}


async def test_an_item_leads_to_its_own_queue_whatever_queue_is_named(hall: ProvenHall) -> None:
    paper = await hall.handle(TakeTicket(hall=HALL, item="B-1", queue="social"), KIOSK)
    assert paper["queue"] == "tax"


async def test_an_item_of_guidance_alone_needs_a_queue(hall: ProvenHall) -> None:
    await refused(hall, TakeTicket(hall=HALL, item="C-1"), KIOSK, Refusal.QUEUE_UNKNOWN)
    paper = await hall.handle(TakeTicket(hall=HALL, item="C-1", queue="tax"), KIOSK)
    assert (paper["number"], paper["item"]) == ("B001", "C-1")


async def test_a_due_ticket_stands_before_the_plain_ones(hall: ProvenHall) -> None:
    await take(hall)
    elder = await take(hall, priority="elder")
    soldier = await take(hall, priority="soldier")
    plain = await take(hall)
    assert (elder["ahead"], soldier["ahead"], plain["ahead"]) == (0, 1, 3)


@pytest.mark.parametrize(
    ("wish", "code", "facts"),
    [
        ({"item": "Z-9"}, Refusal.ITEM_UNKNOWN, {"item": "Z-9"}),
        ({"queue": "none"}, Refusal.QUEUE_UNKNOWN, {"queue": "none"}),
        ({"queue": "tax", "priority": "king"}, Refusal.CLASS_UNKNOWN, {"priority": "king"}),
    ],
)
async def test_what_the_hall_does_not_have_is_refused(
    hall: ProvenHall, wish: dict[str, str], code: Refusal, facts: dict[str, str]
) -> None:
    await refused(hall, TakeTicket(hall=HALL, **wish), KIOSK, code, **facts)


async def test_no_number_while_the_day_is_closed(database_url: str) -> None:
    async with proven_hall(database_url, day=False) as hall:
        for queue in ("tax", "nowhere"):
            await refused(hall, TakeTicket(hall=HALL, queue=queue), KIOSK, Refusal.DAY_CLOSED)


async def test_the_quota_ends_a_queue_and_not_the_other(database_url: str) -> None:
    async with proven_hall(database_url, quota=2) as hall:
        await take(hall)
        assert hall.hubs[HALL].state["queue/social"]["left"] == 1
        second = await take(hall)
        await refused(
            hall, TakeTicket(hall=HALL, queue="social"), KIOSK, Refusal.QUOTA_USED_UP, quota=2
        )
        await hall.handle(CancelTicket(hall=HALL, ticket=second["ticket"]), KIOSK)
        await refused(hall, TakeTicket(hall=HALL, queue="social"), KIOSK, Refusal.QUOTA_USED_UP)
        assert (await take(hall, "tax"))["number"] == "B001"


async def test_a_hundred_wishes_at_once_get_a_hundred_numbers_without_a_gap(
    database_url: str,
) -> None:
    async with open_hall(database_url) as hall:
        papers = await asyncio.gather(*(take(hall) for _ in range(100)))
        assert sorted(paper["number"] for paper in papers) == [f"A{n:03d}" for n in range(1, 101)]
        assert len({paper["token"] for paper in papers}) == 100


async def test_one_wish_sent_many_times_at_once_is_one_number(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        wish = TakeTicket(hall=HALL, queue="social")
        papers = await asyncio.gather(*(hall.handle(wish, KIOSK) for _ in range(20)))
        assert all(paper == papers[0] for paper in papers)
        assert hall.hubs[HALL].state["queue/social"]["taken"] == 1


async def test_a_wish_whose_asker_went_away_is_done_and_told_all_the_same(
    database_url: str,
) -> None:
    async with open_hall(database_url) as hall:
        wish = TakeTicket(hall=HALL, queue="social")
        asking = asyncio.create_task(hall.handle(wish, KIOSK))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await hall.handle(wish, KIOSK))["number"] == "A001"
        assert hall.hubs[HALL].state["queue/social"]["taken"] == 1
        sound_journal(hall)


async def test_the_same_id_of_two_callers_is_two_wishes(hall: ProvenHall) -> None:
    wish = TakeTicket(hall=HALL, queue="social")
    first = await hall.handle(wish, KIOSK)
    second = await hall.handle(wish, who(Role.KIOSK, "kiosk-2"))
    assert (first["number"], second["number"]) == ("A001", "A002")


@pytest.mark.parametrize("role", [Role.KIOSK, Role.CITIZEN, Role.GUIDE, Role.STAFF])
async def test_a_waiting_number_may_be_given_up(hall: ProvenHall, role: Role) -> None:
    paper = await take(hall)
    giver = holder(paper["ticket"]) if role is Role.CITIZEN else who(role)
    reply = await hall.handle(CancelTicket(hall=HALL, ticket=paper["ticket"]), giver)
    assert reply == {"ticket": paper["ticket"], "number": "A001"}
    assert hall.hubs[HALL].state["queue/social"] == {"waiting": 0, "taken": 1, "left": None}
    assert f"ticket/{paper['ticket']}" not in hall.hubs[HALL].state
    again = CancelTicket(hall=HALL, ticket=paper["ticket"])
    await refused(hall, again, giver, Refusal.TICKET_OVER, number="A001", state="cancelled")


async def test_a_held_or_passed_number_may_be_given_up_and_nobody_is_counted_twice(
    hall: ProvenHall,
) -> None:
    held, gone = await take(hall), await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, Hold, generation)
    await passed(hall, generation)
    for paper in (held, gone):
        await hall.handle(CancelTicket(hall=HALL, ticket=paper["ticket"]), KIOSK)
    assert hall.hubs[HALL].state["queue/social"]["waiting"] == 0


@pytest.mark.parametrize("served", [False, True])
async def test_a_called_or_served_number_is_not_given_up(hall: ProvenHall, served: bool) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    if served:
        await at_window(hall, StartService, generation)
    cancel = CancelTicket(hall=HALL, ticket=paper["ticket"])
    await refused(hall, cancel, holder(paper["ticket"]), Refusal.ALREADY_SERVING, number="A001")


@pytest.mark.parametrize("command", [CancelTicket, ReprintTicket, ReturnPassed])
async def test_a_ticket_that_nobody_took_is_unknown(hall: ProvenHall, command: Any) -> None:
    await refused(hall, command(hall=HALL, ticket=new_id()), KIOSK, Refusal.TICKET_UNKNOWN)


@pytest.mark.parametrize("state", [PrintState.PRINTED, PrintState.UNKNOWN, PrintState.FAILED])
async def test_what_became_of_the_paper_is_told_to_staff(
    hall: ProvenHall, state: PrintState
) -> None:
    paper = await take(hall)
    report = ReportPrint(hall=HALL, ticket=paper["ticket"], state=state)
    assert await hall.handle(report, KIOSK) == {"ticket": paper["ticket"], "print": state.value}
    assert hall.hubs[HALL].state[f"ticket/{paper['ticket']}"]["print"] == state.value


async def test_the_paper_of_a_number_that_is_over_may_still_be_reported(hall: ProvenHall) -> None:
    paper = await take(hall)
    await hall.handle(CancelTicket(hall=HALL, ticket=paper["ticket"]), KIOSK)
    report = ReportPrint(hall=HALL, ticket=paper["ticket"], state=PrintState.FAILED)
    assert (await hall.handle(report, KIOSK))["print"] == "failed"
    unknown = ReportPrint(hall=HALL, ticket=new_id(), state=PrintState.FAILED)
    await refused(hall, unknown, KIOSK, Refusal.TICKET_UNKNOWN)


async def test_a_reprint_is_the_same_number_and_the_same_token_three_times(
    hall: ProvenHall,
) -> None:
    await take(hall)
    paper = await take(hall)
    for prints in (2, 3, 4):
        again = await hall.handle(ReprintTicket(hall=HALL, ticket=paper["ticket"]), GUIDE)
        assert again == paper | {"prints": prints}
    fourth = ReprintTicket(hall=HALL, ticket=paper["ticket"])
    await refused(hall, fourth, GUIDE, Refusal.REPRINT_LIMIT, number="A002", limit=3)


async def test_a_number_that_is_over_is_not_printed_again(hall: ProvenHall) -> None:
    paper = await take(hall)
    await serve_one(hall, await open_window(hall))
    reprint = ReprintTicket(hall=HALL, ticket=paper["ticket"])
    await refused(hall, reprint, KIOSK, Refusal.TICKET_OVER, state="finished")


async def test_a_passed_number_returns_and_lets_three_others_go_first(hall: ProvenHall) -> None:
    papers = [await take(hall) for _ in range(5)]
    generation = await open_window(hall)
    await passed(hall, generation)
    back = ReturnPassed(hall=HALL, ticket=papers[0]["ticket"])
    assert await hall.handle(back, holder(papers[0]["ticket"])) == {
        "ticket": papers[0]["ticket"],
        "number": "A001",
        "after": 3,
    }
    assert hall.hubs[HALL].state["queue/social"]["waiting"] == 5
    again = await hall.handle(ReprintTicket(hall=HALL, ticket=papers[0]["ticket"]), KIOSK)
    assert again["ahead"] == 3
    served = [(await serve_one(hall, generation))["number"] for _ in range(5)]
    assert served == ["A002", "A003", "A004", "A001", "A005"]


async def test_of_two_returned_numbers_the_one_whose_turn_has_come_goes_first(
    hall: ProvenHall,
) -> None:
    first, second = await take(hall), await take(hall)
    generation = await open_window(hall)
    by_hand = CallTicket(
        hall=HALL, window="1", generation=generation, ticket=second["ticket"], reason="先来"
    )
    await hall.handle(by_hand, CLERK)
    await at_window(hall, PassOver, generation)
    await hall.handle(ReturnPassed(hall=HALL, ticket=second["ticket"]), KIOSK)  # after call 4
    await passed(hall, generation)  # call 2: the first number
    for _ in range(2):
        await take(hall, priority="elder")
        await serve_one(hall, generation)  # calls 3 and 4
    await hall.handle(ReturnPassed(hall=HALL, ticket=first["ticket"]), KIOSK)  # after call 7
    await take(hall)
    called = [(await serve_one(hall, generation))["number"] for _ in range(3)]
    assert called == ["A002", "A005", "A001"]


async def test_a_number_returns_twice_and_then_a_new_one_is_needed(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    for _ in range(2):
        await passed(hall, generation)
        await hall.handle(ReturnPassed(hall=HALL, ticket=paper["ticket"]), KIOSK)
    await passed(hall, generation)
    third = ReturnPassed(hall=HALL, ticket=paper["ticket"])
    await refused(hall, third, KIOSK, Refusal.RETURN_LIMIT, number="A001", limit=2)


async def test_only_a_passed_number_returns(hall: ProvenHall) -> None:
    waiting, over = await take(hall), await take(hall)
    await hall.handle(CancelTicket(hall=HALL, ticket=over["ticket"]), KIOSK)
    back = ReturnPassed(hall=HALL, ticket=waiting["ticket"])
    await refused(hall, back, KIOSK, Refusal.NOT_PASSED, number="A001", state="waiting")
    back = ReturnPassed(hall=HALL, ticket=over["ticket"])
    await refused(hall, back, KIOSK, Refusal.TICKET_OVER)


async def test_a_holder_has_power_over_his_own_ticket_alone(hall: ProvenHall) -> None:
    mine, other = await take(hall), await take(hall)
    for command in (CancelTicket, ReturnPassed):
        wish = command(hall=HALL, ticket=other["ticket"])
        await refused(hall, wish, holder(mine["ticket"]), Refusal.NOT_PERMITTED)


async def test_yesterdays_number_is_over(hall: ProvenHall, watch: Watch) -> None:
    paper = await take(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    watch.forward(hours=12)
    for command in (CancelTicket, ReprintTicket, ReturnPassed):
        wish = command(hall=HALL, ticket=paper["ticket"])
        await refused(hall, wish, KIOSK, Refusal.TICKET_OVER, state="expired")


async def test_who_waits_is_told_the_same_at_the_kiosk_and_on_a_reprint(hall: ProvenHall) -> None:
    """Also when somebody who was passed over has come back into the queue."""
    first = await take(hall)
    generation = await open_window(hall)
    await passed(hall, generation)
    await hall.handle(ReturnPassed(hall=HALL, ticket=first["ticket"]), KIOSK)
    paper = await take(hall)
    again = await hall.handle(ReprintTicket(hall=HALL, ticket=paper["ticket"]), KIOSK)
    assert again["ahead"] == paper["ahead"]


async def test_finish_ends_a_ticket(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, StartService, generation)
    assert (await at_window(hall, Finish, generation))["ticket"] == paper["ticket"]
    assert f"ticket/{paper['ticket']}" not in hall.hubs[HALL].state
