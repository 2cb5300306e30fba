"""Ratings: one for a finished service, by who was served, told to nobody."""

from typing import Any

import pytest

from hall_server.rules.permits import Who
from hall_server.store import ratings
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CallNext, CloseDay, PassOver, Rate, StartService
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import (
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    open_window,
    serve_one,
    take,
    who,
)

PAD = who(Role.AGENT, "pad-1", window="1")


def holder(paper: dict[str, Any]) -> Who:
    return who(Role.CITIZEN, paper["ticket"], ticket=paper["ticket"])


async def served(hall: ProvenHall) -> tuple[dict[str, Any], str]:
    """The paper of one who was served at window 1, and the service."""
    paper = await take(hall)
    done = await serve_one(hall, await open_window(hall))
    return paper, done["service"]


def kept(hall: ProvenHall, service: str) -> Any:
    return hall.store.read(lambda cursor: ratings.of(cursor, service))


async def test_the_pad_rates_who_was_served_last_and_then_asks_no_more(hall: ProvenHall) -> None:
    _, service = await served(hall)
    assert await hall.handle(Rate(hall=HALL, service=service, level=5), PAD) == {"service": service}
    assert "pad/1" not in hall.hubs[HALL].state
    row = kept(hall, service)
    assert (row.level, row.channel, row.seq) == (5, "pad", hall.hubs[HALL].seq)


async def test_a_phone_that_came_in_by_the_ticket_rates(hall: ProvenHall) -> None:
    paper, service = await served(hall)
    await hall.handle(Rate(hall=HALL, service=service, level=1), holder(paper))
    assert (kept(hall, service).level, kept(hall, service).channel) == (1, "phone")
    assert "pad/1" not in hall.hubs[HALL].state


async def test_a_kiosk_rates_for_who_shows_the_ticket(hall: ProvenHall) -> None:
    paper, service = await served(hall)
    stranger = await take(hall)
    for token in (None, "x" * 22, stranger["token"]):
        rate = Rate(hall=HALL, service=service, level=2, token=token)
        await refused(hall, rate, KIOSK, Refusal.RATING_NOT_ALLOWED)
    await hall.handle(Rate(hall=HALL, service=service, level=2, token=paper["token"]), KIOSK)
    assert kept(hall, service).channel == "kiosk"


@pytest.mark.parametrize("channel", ["pad", "phone", "kiosk"])
async def test_a_service_is_rated_once_whichever_way(hall: ProvenHall, channel: str) -> None:
    paper, service = await served(hall)
    await hall.handle(Rate(hall=HALL, service=service, level=4), holder(paper))
    again = Rate(hall=HALL, service=service, level=5, token=paper["token"])
    giver = {"pad": PAD, "phone": holder(paper), "kiosk": KIOSK}[channel]
    await refused(hall, again, giver, Refusal.ALREADY_RATED)
    assert kept(hall, service).level == 4


async def test_a_pad_rates_at_its_own_window_alone(hall: ProvenHall) -> None:
    _, service = await served(hall)
    rate = Rate(hall=HALL, service=service, level=5)
    other = who(Role.AGENT, "pad-3", window="3")
    await refused(hall, rate, other, Refusal.RATING_NOT_ALLOWED)
    await hall.handle(rate, PAD)


async def test_the_agent_of_the_halls_own_bus_speaks_for_every_pad(hall: ProvenHall) -> None:
    _, service = await served(hall)
    await hall.handle(Rate(hall=HALL, service=service, level=5), who(Role.AGENT, "bus"))
    assert kept(hall, service).channel == "pad"


async def test_after_the_next_call_the_pad_asks_no_more_but_the_phone_still_may(
    hall: ProvenHall,
) -> None:
    paper = await take(hall)
    await take(hall)
    generation = await open_window(hall)
    service = (await serve_one(hall, generation))["service"]
    await at_window(hall, CallNext, generation)
    assert "pad/1" not in hall.hubs[HALL].state
    rate = Rate(hall=HALL, service=service, level=5)
    await refused(hall, rate, PAD, Refusal.RATING_LATE)
    await hall.handle(rate, holder(paper))


async def test_after_the_day_the_phone_still_may(hall: ProvenHall) -> None:
    paper, service = await served(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    await refused(hall, Rate(hall=HALL, service=service, level=3), PAD, Refusal.RATING_LATE)
    await hall.handle(Rate(hall=HALL, service=service, level=3), holder(paper))
    assert kept(hall, service).level == 3


async def test_nothing_is_rated_before_its_end(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    service = (await at_window(hall, CallNext, generation))["service"]
    rate = Rate(hall=HALL, service=service, level=5)
    await refused(hall, rate, holder(paper), Refusal.SERVICE_NOT_FINISHED)
    await at_window(hall, StartService, generation)
    await refused(hall, rate, holder(paper), Refusal.SERVICE_NOT_FINISHED)


async def test_who_did_not_come_does_not_rate(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    service = (await at_window(hall, CallNext, generation))["service"]
    await at_window(hall, PassOver, generation)
    rate = Rate(hall=HALL, service=service, level=5)
    await refused(hall, rate, holder(paper), Refusal.SERVICE_NOT_FINISHED)


async def test_another_tickets_holder_does_not_rate(hall: ProvenHall) -> None:
    _, service = await served(hall)
    stranger = await take(hall)
    rate = Rate(hall=HALL, service=service, level=1)
    await refused(hall, rate, holder(stranger), Refusal.RATING_NOT_ALLOWED)


@pytest.mark.parametrize(
    "role", [Role.STAFF, Role.GUIDE, Role.SUPERVISOR, Role.INSPECTOR, Role.ADMIN, Role.CLOCK]
)
async def test_nobody_who_works_here_rates(hall: ProvenHall, role: Role) -> None:
    paper, service = await served(hall)
    rate = Rate(hall=HALL, service=service, level=5, token=paper["token"])
    await refused(hall, rate, who(role), Refusal.NOT_PERMITTED)


async def test_a_service_that_was_not_is_unknown(hall: ProvenHall) -> None:
    rate = Rate(hall=HALL, service=new_id(), level=5)
    await refused(hall, rate, KIOSK, Refusal.SERVICE_UNKNOWN)


async def test_who_is_not_asked_stays_not_rated(hall: ProvenHall) -> None:
    _, service = await served(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert kept(hall, service) is None
    assert hall.store.read(lambda cursor: ratings.levels(cursor, HALL)) == {}


async def test_a_paper_proves_its_holder_for_a_week_after_its_day(
    hall: ProvenHall, watch: Watch
) -> None:
    paper, service = await served(hall)
    rating = {"service": service, "level": 4, "token": paper["token"]}
    watch.forward(days=8)
    await refused(hall, Rate(hall=HALL, **rating), KIOSK, Refusal.RATING_NOT_ALLOWED)
    watch.forward(seconds=-1)
    await hall.handle(Rate(hall=HALL, **rating), KIOSK)
    assert kept(hall, service).level == 4
