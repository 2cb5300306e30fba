"""A card or a phone's last four in the place of the code: who shows them checks in."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import text

from hall_server.store import journal, salts
from hall_server.store.database import Cursor
from hall_server.wire.appointments import CancelAppointment, CheckIn, LeaveProof
from hall_server.wire.commands import CloseDay, OpenDay
from hall_server.words import Refusal, Refused
from tests.actions.proof import ProvenHall, refused
from tests.actions.test_appointments import TUESDAY, book, booking, checking_in, sound
from tests.builders import HALL, KIOSK, SUPERVISOR, Watch
from tests.store.hands import database

WEDNESDAY = "2026-11-25"


async def see(hall: ProvenHall, **shown: str) -> Any:
    return await hall.see("appointment", shown, KIOSK)


def leaving(code: str, **proof: str) -> LeaveProof:
    return LeaveProof(hall=HALL, code=code, **proof)


CARD, PHONE = {"person": "ab" * 32}, {"phone": "cd" * 32}


async def test_a_card_or_a_phone_finds_the_appointment_and_its_id_checks_in(
    hall: ProvenHall,
) -> None:
    told = await book(hall, "09:30")
    await hall.handle(leaving(told["code"], **CARD), KIOSK)
    await hall.handle(leaving(told["code"], **PHONE), KIOSK)
    by_card, by_phone = await see(hall, **CARD), await see(hall, **PHONE)
    assert (by_card["code"], by_phone["code"]) == (told["code"], None)
    assert by_phone["time"] == "09:30"
    here = CheckIn(hall=HALL, appointment=by_phone["appointment"])
    ticket = await hall.handle(here, KIOSK)
    assert ticket["slot"] == told["at"]
    assert (await see(hall, **PHONE))["state"] == "checked_in"
    again = CheckIn(hall=HALL, appointment=by_phone["appointment"])
    await refused(hall, again, KIOSK, Refusal.APPOINTMENT_OVER)
    late = leaving(told["code"], person="ef" * 32)
    await refused(hall, late, KIOSK, Refusal.APPOINTMENT_OVER)
    sound(hall)


async def test_four_figures_that_two_have_tell_neither_and_todays_goes_before_a_later_one(
    hall: ProvenHall,
) -> None:
    today, later, same = (
        await book(hall, "10:00"),
        await book(hall, "10:00", TUESDAY),
        await book(hall, "11:00"),
    )
    for one in (today, later):
        await hall.handle(leaving(one["code"], **PHONE), KIOSK)
    assert (await see(hall, **PHONE))["appointment"] == today["appointment"]
    await hall.handle(leaving(same["code"], **PHONE), KIOSK)
    with pytest.raises(Refused) as no:
        await see(hall, **PHONE)
    assert no.value.code is Refusal.APPOINTMENT_SEVERAL


async def test_a_card_has_one_appointment_a_day_however_it_was_left(hall: ProvenHall) -> None:
    first, second = await book(hall, "10:00", **CARD), await book(hall, "11:00")
    await refused(hall, leaving(second["code"], **CARD), KIOSK, Refusal.ALREADY_BOOKED)
    await hall.handle(leaving(first["code"], **CARD), KIOSK)
    assert (await see(hall, **CARD))["appointment"] == first["appointment"]


def left(hall: ProvenHall) -> list[tuple[Any, ...]]:
    """State, person and phone of every appointment, the earliest first."""
    with database(hall.store.url) as connection:
        rows = connection.execute(text("SELECT state, person, phone FROM appointment ORDER BY at"))
        return [tuple(row) for row in rows]


async def test_what_was_left_is_forgotten_on_the_next_morning_whether_anybody_missed_a_slot(
    hall: ProvenHall, watch: Watch
) -> None:
    here, away = await book(hall, "10:00", **CARD), await book(hall, "16:00")
    coming = await book(hall, "10:00", WEDNESDAY, **CARD)
    for told in (here, away):
        await hall.handle(leaving(told["code"], **PHONE), KIOSK)
    watch.forward(minutes=40)
    await hall.handle(checking_in(here["code"]), KIOSK)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert left(hall)[1] == ("booked", None, PHONE["phone"])
    watch.forward(hours=24)
    await hall.handle(OpenDay(hall=HALL, date=TUESDAY), SUPERVISOR)
    assert left(hall) == [
        ("checked_in", None, None),
        ("missed", None, None),
        ("booked", CARD["person"], None),
    ]
    assert (await see(hall, **CARD))["appointment"] == coming["appointment"]
    with pytest.raises(Refused) as no:
        await see(hall, **PHONE)
    assert no.value.code is Refusal.PROOF_UNKNOWN


async def test_who_cancels_is_forgotten_at_once(hall: ProvenHall) -> None:
    told = await book(hall, "10:00", **CARD)
    await hall.handle(leaving(told["code"], **PHONE), KIOSK)
    await hall.handle(CancelAppointment(hall=HALL, code=told["code"]), KIOSK)
    assert left(hall) == [("cancelled", None, None)]


@pytest.mark.parametrize("ends", ["cancelled", "over"])
async def test_who_was_forgotten_is_not_found_out_from_the_journal_by_guessing(
    hall: ProvenHall, watch: Watch, ends: str
) -> None:
    """A card's hash is keyed, but all the cards of a town are soon tried by who has the key."""
    wish = booking("16:00", **CARD)
    code = (await hall.handle(wish, KIOSK))["code"]
    left = leaving(code, **PHONE)
    await hall.handle(left, KIOSK)

    def salted(cursor: Cursor) -> list[str | None]:
        return [salts.of(cursor, HALL, KIOSK.caller, one.id) for one in (wish, left)]

    def fits(cursor: Cursor, salts: list[Any]) -> list[bool]:
        kept = {entry.command: entry.command_hash for entry in journal.walk(cursor, HALL)}
        bodies = [f"{one.kind}\n{one.model_dump_json()}" for one in (wish, left)]
        return [
            kept[one.id] == hashlib.sha256(f"{salt}{body}".encode()).hexdigest()
            for one, salt, body in zip((wish, left), salts, bodies, strict=True)
        ]

    known = hall.store.read(salted)
    assert hall.store.read(lambda cursor: fits(cursor, known)) == [True, True]
    assert hall.store.read(lambda cursor: fits(cursor, ["", ""])) == [False, False]
    if ends == "cancelled":
        await hall.handle(CancelAppointment(hall=HALL, code=code), KIOSK)
    else:
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        watch.forward(hours=24)
        await hall.handle(OpenDay(hall=HALL, date=TUESDAY), SUPERVISOR)
    assert hall.store.read(salted) == [None, None]


async def test_ten_wrong_codes_close_the_door_and_a_right_one_that_is_early_is_not_wrong(
    hall: ProvenHall, watch: Watch
) -> None:
    told = await book(hall, "11:00")
    for _ in range(12):
        await refused(hall, checking_in(told["code"]), KIOSK, Refusal.CHECK_IN_EARLY)
    assert await guess_codes(hall, told["code"]) == [Refusal.APPOINTMENT_UNKNOWN] * 10
    with pytest.raises(Refused) as no:
        await hall.once_more(checking_in(told["code"]), KIOSK)
    assert no.value.code is Refusal.TOO_MANY_TRIES
    watch.forward(minutes=10)
    await refused(hall, checking_in(told["code"]), KIOSK, Refusal.CHECK_IN_EARLY)


async def test_cards_without_an_appointment_and_wrong_tickets_close_no_door_to_bookings(
    hall: ProvenHall,
) -> None:
    told = await book(hall, "09:30")
    for n in range(12):
        with pytest.raises(Refused) as no:
            await see(hall, person=f"{n:064x}")
        assert no.value.code is Refusal.PROOF_UNKNOWN
    for _ in range(10):
        with pytest.raises(Refused):
            await hall.see("held_ticket", {"number": "A001", "code": "2222"}, KIOSK)
    shown = {"number": "A001", "code": "2222"} | CARD
    with pytest.raises(Refused) as no:  # a card shown beside it opens nothing either
        await hall.see("held_ticket", shown, KIOSK)
    assert no.value.code is Refusal.TOO_MANY_TRIES
    assert (await see(hall, code=told["code"]))["time"] == "09:30"


async def test_a_phones_four_figures_are_guessed_ten_times_at_most(hall: ProvenHall) -> None:
    told = await book(hall, "09:30")
    await hall.handle(leaving(told["code"], **PHONE), KIOSK)
    assert await guess_phones(hall, 11) == [Refusal.PROOF_UNKNOWN] * 10 + [Refusal.TOO_MANY_TRIES]
    with pytest.raises(Refused) as no:
        await see(hall, **PHONE)
    assert no.value.code is Refusal.TOO_MANY_TRIES


async def test_who_guesses_at_phones_keeps_nobody_from_his_card_or_his_code(
    hall: ProvenHall,
) -> None:
    by_card, by_code = await book(hall, "09:30"), await book(hall, "11:00")
    await hall.handle(leaving(by_card["code"], **CARD), KIOSK)
    await guess_phones(hall, 11)
    known = await see(hall, **CARD)
    here = CheckIn(hall=HALL, appointment=known["appointment"])
    assert (await hall.handle(here, KIOSK))["slot"] == by_card["at"]
    await hall.handle(CancelAppointment(hall=HALL, code=by_code["code"]), KIOSK)


async def test_who_guesses_at_codes_keeps_nobody_from_checking_in_by_card(hall: ProvenHall) -> None:
    told = await book(hall, "09:30")
    await hall.handle(leaving(told["code"], **CARD), KIOSK)
    await guess_codes(hall, told["code"])
    known = await see(hall, **CARD)
    here = CheckIn(hall=HALL, appointment=known["appointment"])
    assert (await hall.handle(here, KIOSK))["slot"] == told["at"]


async def test_a_phone_with_any_code_beside_it_is_not_told_the_code(hall: ProvenHall) -> None:
    told = await book(hall, "09:30")
    await hall.handle(leaving(told["code"], **PHONE), KIOSK)
    assert (await see(hall, code="00000000", **PHONE))["code"] is None


async def guess_phones(hall: ProvenHall, times: int) -> list[Refusal]:
    """What somebody is told who tries figures that nobody left."""
    codes = []
    for n in range(times):
        with pytest.raises(Refused) as no:
            await see(hall, phone=f"{n:064x}")
        codes.append(no.value.code)
    return codes


async def guess_codes(hall: ProvenHall, right: str) -> list[Refusal]:
    """What somebody is told who types one that nobody has ten times."""
    wrong = f"{(int(right) + 1) % 100_000_000:08}"
    codes = []
    for _ in range(10):
        with pytest.raises(Refused) as no:
            await hall.once_more(checking_in(wrong), KIOSK)
        codes.append(no.value.code)
    return codes
