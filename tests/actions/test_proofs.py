"""Who shows number and short code at a kiosk sees the ticket; who guesses does not."""

import pytest

from hall_server.words import Refusal, Refused
from tests.actions.proof import ProvenHall
from tests.builders import KIOSK, SUPERVISOR, Watch, open_window, serve_one, take


async def test_number_and_code_show_the_ticket_and_where_it_stands(hall: ProvenHall) -> None:
    await take(hall)
    paper = await take(hall)
    seen = await hall.see("held_ticket", {"number": "A002", "code": paper["code"]}, KIOSK)
    assert (seen["ticket"], seen["state"], seen["ahead"]) == (paper["ticket"], "waiting", 1)
    assert seen["token"] == paper["token"]


async def test_what_was_served_may_be_rated_by_it(hall: ProvenHall) -> None:
    paper = await take(hall)
    done = await serve_one(hall, await open_window(hall))
    seen = await hall.see("held_ticket", {"number": "A001", "code": paper["code"]}, KIOSK)
    assert (seen["may_rate"], seen["service"]) == (True, done["service"])


@pytest.mark.parametrize("code", ["", "2222", "号号号号"])
async def test_a_number_with_another_code_is_not_found(hall: ProvenHall, code: str) -> None:
    await take(hall)
    with pytest.raises(Refused) as no:
        await hall.see("held_ticket", {"number": "A001", "code": code}, KIOSK)
    assert no.value.code is Refusal.TICKET_UNKNOWN


async def test_nobody_of_the_hall_gets_at_a_token_this_way(hall: ProvenHall) -> None:
    paper = await take(hall)
    with pytest.raises(Refused) as no:
        await hall.see("held_ticket", {"number": "A001", "code": paper["code"]}, SUPERVISOR)
    assert no.value.code is Refusal.NOT_PERMITTED


async def test_ten_wrong_codes_close_the_door_for_ten_minutes(
    hall: ProvenHall, watch: Watch
) -> None:
    paper = await take(hall)
    right, wrong = ({"number": "A001", "code": code} for code in (paper["code"], "2222"))
    told = []
    for shown in [wrong] * 9 + [right] + [wrong] * 2 + [right]:
        try:
            told.append((await hall.see("held_ticket", shown, KIOSK))["number"])
        except Refused as refused:
            told.append(refused.code.value)
    unknown, many = "ticket_unknown", "too_many_tries"
    assert told == [unknown] * 9 + ["A001", unknown, many, many]
    watch.forward(minutes=10)
    assert (await hall.see("held_ticket", right, KIOSK))["number"] == "A001"
