"""A paper printed again at a window: one at a time, counted, and its token told to nobody else."""

from typing import Any

import pytest

from hall_server.rules.permits import Who
from hall_server.wire.commands import (
    CallNext,
    CancelTicket,
    CloseDay,
    CollectPaper,
    ImportLayout,
    MissMachine,
    OpenDay,
    PrintAtWindow,
    ReportDevice,
    ReportPrint,
    ReprintTicket,
    StartService,
)
from hall_server.wire.views import SEES
from hall_server.words import PrintState, Refusal, Role
from tests.actions.proof import ProvenHall, refused, seen
from tests.builders import (
    ADMIN,
    CLERK,
    DATE,
    HALL,
    KIOSK,
    NINE,
    SUPERVISOR,
    at_window,
    layout,
    open_window,
    take,
    who,
)

AGENT, GUIDE = who(Role.AGENT, "agent-1", window="1"), who(Role.GUIDE)


async def installed(hall: ProvenHall, state: str = "ready", by: Who = AGENT) -> None:
    """An agent tells of the printer at window 1."""
    for device, kind, window in (("machine", "agent", None), ("printer-1", "printer", "1")):
        told = {
            "hall": HALL,
            "device": device,
            "device_kind": kind,
            "window": window,
            "device_state": state if window else "ready",
            "trouble": "none",
            "since": int(NINE.timestamp() * 1000),
        }
        await hall.handle(ReportDevice.model_validate(told), by)


async def at_hand(hall: ProvenHall) -> tuple[int, dict[str, Any]]:
    """Window 1 serves somebody; its generation, and the paper from the kiosk."""
    paper = await take(hall, item="A-1")
    await installed(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, StartService, generation)
    return generation, paper


def wish(ticket: str, generation: int, window: str = "1") -> PrintAtWindow:
    return PrintAtWindow(hall=HALL, window=window, generation=generation, ticket=ticket)


def collect(ticket: str, window: str = "1") -> CollectPaper:
    return CollectPaper(hall=HALL, window=window, generation=0, ticket=ticket)


def report(ticket: str, prints: int, state: Any = PrintState.PRINTED) -> ReportPrint:
    return ReportPrint(hall=HALL, ticket=ticket, prints=prints, state=state)


def wished(hall: ProvenHall, window: str = "1") -> Any:
    return hall.hubs[HALL].state.get(f"paper/{window}")


@pytest.mark.parametrize("state", [PrintState.PRINTED, PrintState.UNKNOWN, PrintState.FAILED])
async def test_the_same_number_is_printed_again_at_the_window(
    hall: ProvenHall, state: PrintState
) -> None:
    generation, paper = await at_hand(hall)
    ticket = paper["ticket"]
    reply = await hall.handle(wish(ticket, generation), CLERK)
    assert reply == {"ticket": ticket, "number": "A001", "prints": 2}
    assert wished(hall) == {"ticket": ticket, "prints": 2}
    fact = hall.hubs[HALL].state[f"ticket/{ticket}"]
    assert (fact["print"], fact["prints"]) == ("printing", 2)
    again = await hall.handle(collect(ticket), AGENT)
    assert again == paper | {"prints": 2, "ahead": None}, "same number, same code, same token"
    await hall.handle(report(ticket, 2, state), AGENT)
    assert wished(hall) is None
    assert hall.hubs[HALL].state[f"ticket/{ticket}"]["print"] == state.value


async def test_who_still_waits_is_told_how_many_are_before_him(hall: ProvenHall) -> None:
    await take(hall)
    waiting = await take(hall)
    await installed(hall)
    generation = await open_window(hall)
    await hall.handle(wish(waiting["ticket"], generation), CLERK)
    assert (await hall.handle(collect(waiting["ticket"]), AGENT))["ahead"] == 1


async def test_only_agents_see_which_paper_is_wished(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    await hall.handle(wish(paper["ticket"], generation), CLERK)
    state = hall.hubs[HALL].state
    see = {role for role in Role if "paper/1" in seen(state, SEES[role])}
    assert see == {Role.AGENT}


async def test_a_guide_may_wish_it_and_another_windows_agent_may_not_collect_it(
    hall: ProvenHall,
) -> None:
    generation, paper = await at_hand(hall)
    ticket = paper["ticket"]
    await refused(hall, wish(ticket, generation), KIOSK, Refusal.NOT_PERMITTED)
    await refused(hall, wish(ticket, generation), AGENT, Refusal.NOT_PERMITTED)
    await refused(hall, wish(ticket, generation + 1), CLERK, Refusal.WINDOW_TAKEN_OVER)
    await hall.handle(wish(ticket, generation), GUIDE)
    stranger = who(Role.AGENT, "agent-3", window="3")
    await refused(hall, collect(ticket), stranger, Refusal.NOT_PERMITTED)
    await refused(hall, collect(ticket), CLERK, Refusal.NOT_PERMITTED)
    await refused(hall, collect(ticket, "3"), stranger, Refusal.TICKET_UNKNOWN)


async def test_an_agent_tells_only_of_what_its_own_window_wished(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    ticket = paper["ticket"]
    stranger = who(Role.AGENT, "agent-3", window="3")
    last = ReportPrint(hall=HALL, ticket=ticket, state=PrintState.FAILED)
    for of_the_kiosk in (report(ticket, 1), last):
        await refused(hall, of_the_kiosk, AGENT, Refusal.TICKET_UNKNOWN)
    await hall.handle(wish(ticket, generation), CLERK)
    await refused(hall, report(ticket, 2, PrintState.FAILED), stranger, Refusal.TICKET_UNKNOWN)
    assert wished(hall) == {"ticket": ticket, "prints": 2}
    assert hall.hubs[HALL].state[f"ticket/{ticket}"]["print"] == "printing"
    await hall.handle(report(ticket, 2), who(Role.AGENT, "on-the-bus"))  # speaks for every window
    assert wished(hall) is None


async def test_a_paper_that_nobody_wished_is_not_collected(hall: ProvenHall) -> None:
    _, paper = await at_hand(hall)
    await refused(hall, collect(paper["ticket"]), AGENT, Refusal.TICKET_UNKNOWN)


async def test_one_paper_at_a_time(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    other = await take(hall)
    await hall.handle(wish(paper["ticket"], generation), CLERK)
    for ticket in (paper["ticket"], other["ticket"]):
        again = wish(ticket, generation)
        await refused(hall, again, CLERK, Refusal.PAPER_WAITS, window="1")
    await hall.handle(report(paper["ticket"], 2), AGENT)
    await hall.handle(wish(other["ticket"], generation), CLERK)
    assert wished(hall) == {"ticket": other["ticket"], "prints": 2}


async def test_three_times_wherever_it_is_printed(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    ticket = paper["ticket"]
    await hall.handle(ReprintTicket(hall=HALL, ticket=ticket), KIOSK)
    for prints in (3, 4):
        await hall.handle(wish(ticket, generation), CLERK)
        await hall.handle(report(ticket, prints), AGENT)
    await refused(hall, wish(ticket, generation), CLERK, Refusal.REPRINT_LIMIT, limit=3)


async def test_what_became_of_an_older_paper_says_nothing_of_the_last(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    ticket = paper["ticket"]
    await hall.handle(wish(ticket, generation), CLERK)
    await hall.handle(report(ticket, 1, PrintState.FAILED), KIOSK)
    assert wished(hall) == {"ticket": ticket, "prints": 2}
    assert hall.hubs[HALL].state[f"ticket/{ticket}"]["print"] == "printing"
    await hall.handle(ReprintTicket(hall=HALL, ticket=ticket), KIOSK)
    assert (await hall.handle(collect(ticket), AGENT))["prints"] == 2, "each paper says its own"
    await hall.handle(report(ticket, 2), AGENT)
    assert wished(hall) is None
    assert hall.hubs[HALL].state[f"ticket/{ticket}"]["print"] == "printing"


@pytest.mark.parametrize("state", ["fault", "offline", "gone"])
async def test_a_window_without_a_working_printer_says_so_at_once(
    hall: ProvenHall, state: str
) -> None:
    generation, paper = await at_hand(hall)
    await installed(hall, state)
    again = wish(paper["ticket"], generation)
    await refused(hall, again, CLERK, Refusal.NO_PRINTER, window="1")
    await installed(hall, "degraded")
    await hall.handle(wish(paper["ticket"], generation), CLERK)


async def test_the_printer_of_a_machine_that_is_away_prints_nothing(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    away = MissMachine(hall=HALL, machine="agent-1")
    await hall.handle(away, who(Role.CLOCK, "clock"))
    again = wish(paper["ticket"], generation)
    await refused(hall, again, CLERK, Refusal.NO_PRINTER, window="1")


async def test_the_paper_of_a_number_that_is_over_is_neither_wished_nor_collected(
    hall: ProvenHall,
) -> None:
    generation, _ = await at_hand(hall)
    over = (await take(hall))["ticket"]
    await hall.handle(wish(over, generation), CLERK)
    await hall.handle(CancelTicket(hall=HALL, ticket=over), KIOSK)
    await refused(hall, collect(over), AGENT, Refusal.TICKET_OVER, state="cancelled")
    await hall.handle(report(over, 2, PrintState.FAILED), AGENT)
    assert wished(hall) is None
    await refused(hall, wish(over, generation), CLERK, Refusal.TICKET_OVER)


async def test_a_wish_ends_with_the_day_and_with_its_window(hall: ProvenHall) -> None:
    generation, paper = await at_hand(hall)
    await hall.handle(wish(paper["ticket"], generation), CLERK)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert wished(hall) is None
    await hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
    third = (await take(hall, "tax"))["ticket"]
    told = {"device": "printer-3", "device_kind": "printer", "window": "3"}
    told |= {"hall": HALL, "device_state": "ready", "trouble": "none"}
    ready = ReportDevice.model_validate(told | {"since": 0})
    await hall.handle(ready, who(Role.AGENT, "agent-3"))
    await hall.handle(wish(third, await open_window(hall, "3"), "3"), CLERK)
    assert wished(hall, "3") is not None
    await hall.handle(ImportLayout(hall=HALL, layout=layout(windows=2)), ADMIN)
    assert wished(hall, "3") is None
