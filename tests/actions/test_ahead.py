"""The number of people before somebody is the number that is called before him."""

from typing import Any

import pytest

from hall_server.wire.appointments import BookAppointment, CheckIn
from hall_server.wire.commands import CallNext, PassOver, ReprintTicket, ReturnPassed
from tests.actions.proof import ProvenHall
from tests.actions.test_offline import lease, merging, ms
from tests.builders import DATE, HALL, KIOSK, Watch, at_window, open_window, take


async def checked_in(hall: ProvenHall, time: str) -> dict[str, Any]:
    booking = BookAppointment(hall=HALL, queue="social", date=DATE, time=time)
    code = (await hall.handle(booking, KIOSK))["code"]
    return await hall.handle(CheckIn(hall=HALL, code=code), KIOSK)


async def told(hall: ProvenHall, paper: dict[str, Any]) -> int:
    """How many are before a number, as its holder sees it on the phone."""
    seen = await hall.see("ticket", {"token": paper["token"]}, KIOSK)
    return int(seen["ahead"])


async def called(hall: ProvenHall, generation: int) -> str:
    number = (await at_window(hall, CallNext, generation))["number"]
    await at_window(hall, PassOver, generation)
    return str(number)


@pytest.mark.parametrize("minutes", [4, 40], ids=["before 55 minutes", "after 55 minutes"])
async def test_everybody_is_told_as_many_as_are_called_before_him(
    hall: ProvenHall, watch: Watch, minutes: int
) -> None:
    generation = await open_window(hall)
    back = await take(hall)
    await called(hall, generation)
    [block] = await lease(hall)
    papers = [await take(hall) for _ in range(3)]
    for sequence in (1, 2):  # both stand right behind the third plain number
        await hall.handle(merging(block, sequence, ms(watch)), KIOSK)
        papers.append({"token": f"A-{sequence:06d}-token-of-paper"})
    watch.forward(minutes=20)
    papers += [await take(hall, priority="elder") for _ in range(4)]
    papers.append(await checked_in(hall, "09:30"))
    await hall.handle(ReturnPassed(hall=HALL, ticket=back["ticket"]), KIOSK)
    papers += [back, await take(hall)]
    watch.forward(minutes=minutes)
    seen = {await told(hall, paper): paper for paper in papers}
    assert sorted(seen) == list(range(len(papers)))
    numbers = [
        (await hall.see("ticket", {"token": seen[n]["token"]}, KIOSK))["number"]
        for n in sorted(seen)
    ]
    assert [await called(hall, generation) for _ in papers] == numbers


async def test_a_number_on_paper_and_on_the_phone_is_the_same_for_every_standing(
    hall: ProvenHall,
) -> None:
    for standing in ({}, {"priority": "elder"}, {}, {"priority": "soldier"}, {"priority": "elder"}):
        paper = await take(hall, **standing)
        assert paper["ahead"] == await told(hall, paper)


async def test_in_a_long_line_a_plain_number_is_the_last(hall: ProvenHall) -> None:
    for n in range(30):
        paper = await take(hall, priority="elder" if n % 3 == 0 else None)
        if n % 3:
            assert paper["ahead"] == n
    assert await told(hall, paper) == 29


async def test_the_paper_of_a_number_that_is_called_tells_nobody_before_it(
    hall: ProvenHall,
) -> None:
    paper = await take(hall)
    await take(hall)
    await at_window(hall, CallNext, await open_window(hall))
    again = await hall.handle(ReprintTicket(hall=HALL, ticket=paper["ticket"]), KIOSK)
    assert again["ahead"] is None
