"""Booking, moving, cancelling, checking in and missing a slot, on both databases."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from hall_server.clockwork import Clockwork
from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.store import proof
from hall_server.store.store import Store
from hall_server.wire.appointments import (
    BookAppointment,
    CancelAppointment,
    CheckIn,
    MarkMissed,
    MoveAppointment,
)
from hall_server.wire.commands import CallNext, Command, Finish, StartService, TakeTicket, Transfer
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import ProvenHall, proven_hall, refused
from tests.builders import (
    ADMIN,
    CLERK,
    DATE,
    HALL,
    KIOSK,
    Watch,
    at_window,
    open_hall,
    open_window,
    take,
    who,
)
from tests.postgresql import TEMPLATE, Server
from tests.store.hands import database

CLOCK = who(Role.CLOCK)
TUESDAY = "2026-11-24"


def booking(time: str = "10:00", date: str = DATE, **more: Any) -> BookAppointment:
    return BookAppointment(hall=HALL, **{"queue": "social", "date": date, "time": time} | more)


async def book(hall: ProvenHall, time: str = "10:00", date: str = DATE, **more: Any) -> Any:
    return await hall.handle(booking(time, date, **more), KIOSK)


def checking_in(code: str, **more: Any) -> CheckIn:
    return CheckIn(hall=HALL, code=code, **more)


def booked(hall: ProvenHall, queue: str = "social") -> Any:
    return hall.hubs[HALL].state.get(f"booked/{queue}")


async def free(hall: ProvenHall, date: str = DATE, queue: str = "social") -> dict[str, int]:
    told = await hall.see("slots", {"queue": queue, "date": date}, KIOSK)
    return {slot["time"]: slot["free"] for slot in told["slots"]}


def sound(hall: ProvenHall) -> None:
    assert hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1)) == []


async def test_a_slot_is_booked_and_the_code_proves_it(hall: ProvenHall) -> None:
    assert (await free(hall))["10:00"] == 1
    told = await book(hall, item="A-1", queue=None)
    assert (told["date"], told["time"], told["queue"]) == (DATE, "10:00", "social")
    assert (await free(hall))["10:00"] == 0
    assert (await free(hall, queue="tax"))["10:00"] > 0
    seen = await hall.see("appointment", {"code": told["code"]}, KIOSK)
    assert (seen["state"], seen["item"], seen["ticket"]) == ("booked", "A-1", None)
    assert booked(hall)["expected"] == 1
    sound(hall)


async def test_slots_of_today_and_the_next_five_working_days_are_offered(
    hall: ProvenHall, watch: Watch
) -> None:
    watch.forward(minutes=95)
    told = await hall.see("slots", {"queue": "social"}, KIOSK)
    dates = sorted({slot["date"] for slot in told["slots"]})
    assert dates == [f"2026-11-{day}" for day in (23, 24, 25, 26, 27, 28)]
    assert min(slot["time"] for slot in told["slots"] if slot["date"] == DATE) == "11:00"
    with pytest.raises(Refused) as no:
        await hall.see("slots", {"queue": "nowhere"}, KIOSK)
    assert no.value.code is Refusal.QUEUE_UNKNOWN


async def test_a_full_slot_names_the_next_best(hall: ProvenHall) -> None:
    await book(hall)
    assert await free(hall, TUESDAY) == {
        slot: 1 if "09:30" <= slot < "11:00" else 2 for slot in await free(hall, TUESDAY)
    }
    best = {"next_date": DATE, "next_time": "09:30", "date": DATE, "time": "10:00"}
    await refused(hall, booking(), KIOSK, Refusal.SLOT_TAKEN, **best)


async def test_a_hall_without_a_free_slot_says_so(database_url: str) -> None:
    async with proven_hall(database_url, slots={"places": 0}) as hall:
        await refused(hall, booking(), KIOSK, Refusal.NO_SLOT_FREE, queue="社保")
        assert await free(hall) == {}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (booking("10:10"), Refusal.SLOT_UNKNOWN),
        (booking("09:00"), Refusal.SLOT_UNKNOWN),  # it begins now
        (booking("16:30"), Refusal.SLOT_UNKNOWN),  # it would end after the last ticket
        (booking(date="2026-11-29"), Refusal.SLOT_UNKNOWN),  # the sixth day
        (booking(date="2026-11-22"), Refusal.SLOT_UNKNOWN),
        (booking(queue="nowhere"), Refusal.QUEUE_UNKNOWN),
        (booking(item="nothing"), Refusal.ITEM_UNKNOWN),
        (MoveAppointment(hall=HALL, code="12345678", date=DATE, time="10:00"),
         Refusal.APPOINTMENT_UNKNOWN),
        (CancelAppointment(hall=HALL, code="12345678"), Refusal.APPOINTMENT_UNKNOWN),
        (checking_in("12345678"), Refusal.APPOINTMENT_UNKNOWN),
    ],
)  # fmt: skip
async def test_what_there_is_not_cannot_be_booked(
    hall: ProvenHall, wrong: Command, code: Refusal
) -> None:
    await refused(hall, wrong, KIOSK, code)


async def test_a_known_person_books_once_a_day(hall: ProvenHall) -> None:
    person = {"person": "ab" * 32}
    first = await book(hall, "10:00", **person)
    again = booking("11:00", queue="tax", **person)
    await refused(hall, again, KIOSK, Refusal.ALREADY_BOOKED, date=DATE, time="10:00")
    other = await book(hall, "10:00", TUESDAY, **person)
    move = MoveAppointment(hall=HALL, code=other["code"], date=DATE, time="11:00")
    await refused(hall, move, KIOSK, Refusal.ALREADY_BOOKED)
    await book(hall, "11:00", person="cd" * 32)
    await hall.handle(CancelAppointment(hall=HALL, code=first["code"]), KIOSK)
    await hall.handle(move, KIOSK)


async def test_moving_frees_the_old_place_and_keeps_the_code(hall: ProvenHall) -> None:
    told = await book(hall)
    move = MoveAppointment(hall=HALL, code=told["code"], date=TUESDAY, time="10:30")
    moved = await hall.handle(move, KIOSK)
    assert (moved["code"], moved["date"], moved["time"]) == (told["code"], TUESDAY, "10:30")
    assert (await free(hall))["10:00"] == 1
    assert (await free(hall, TUESDAY))["10:30"] == 0
    assert booked(hall) is None
    await book(hall, "10:00", TUESDAY)
    full = MoveAppointment(hall=HALL, code=told["code"], date=TUESDAY, time="10:00")
    await refused(hall, full, KIOSK, Refusal.SLOT_TAKEN)
    assert (await free(hall, TUESDAY))["10:30"] == 0
    sound(hall)


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (120, False), (121, True)])
async def test_cancelling_frees_the_place_and_tells_whether_it_was_late(
    hall: ProvenHall, watch: Watch, minutes: int, late: bool
) -> None:
    told = await book(hall, "13:00")
    watch.forward(minutes=minutes)
    cancel = CancelAppointment(hall=HALL, code=told["code"])
    assert (await hall.handle(cancel, KIOSK))["late"] is late
    assert (await free(hall))["13:00"] == 2
    assert booked(hall) is None
    again = CancelAppointment(hall=HALL, code=told["code"])
    await refused(hall, again, KIOSK, Refusal.APPOINTMENT_OVER)
    await refused(hall, checking_in(told["code"]), KIOSK, Refusal.APPOINTMENT_OVER)
    sound(hall)


async def test_who_checks_in_is_called_at_the_slot_before_who_came_earlier(
    hall: ProvenHall, watch: Watch
) -> None:
    told = await book(hall, "09:30")
    plain = [await take(hall) for _ in range(3)]
    ticket = await hall.handle(checking_in(told["code"]), KIOSK)
    assert ticket["number"] == "A004"
    assert ticket["slot"] == told["at"]
    assert ticket["ahead"] == 0
    assert (await take(hall))["ahead"] == 4
    assert booked(hall) == {"expected": 0, "arrived": 1, "missed": 0, "overdue_at": None}
    generation = await open_window(hall)
    first = await at_window(hall, CallNext, generation)
    assert first["number"] == plain[0]["number"]  # 30 minutes before the slot
    await at_window(hall, StartService, generation)
    await at_window(hall, Finish, generation)
    watch.forward(minutes=26)
    due = await at_window(hall, CallNext, generation)
    assert due["ticket"] == ticket["ticket"]
    assert due["why"][0]["code"] == "due"


async def test_who_is_early_is_told_when_to_come_back(hall: ProvenHall) -> None:
    told = await book(hall, "11:00")
    early = checking_in(told["code"])
    await refused(hall, early, KIOSK, Refusal.CHECK_IN_EARLY, time="11:00", opens="10:30")


async def test_who_comes_on_another_day_is_told_which(hall: ProvenHall) -> None:
    told = await book(hall, "11:00", TUESDAY)
    wrong = checking_in(told["code"])
    await refused(hall, wrong, KIOSK, Refusal.CHECK_IN_OTHER_DAY, date=TUESDAY, time="11:00")


@pytest.mark.parametrize(("minutes", "due"), [(40, True), (41, False)])
async def test_who_comes_late_has_an_ordinary_number_from_then_on(
    hall: ProvenHall, watch: Watch, minutes: int, due: bool
) -> None:
    told = await book(hall, "09:30")
    watch.forward(minutes=minutes)
    plain = await take(hall)
    ticket = await hall.handle(checking_in(told["code"]), KIOSK)
    assert ticket["slot"] == (told["at"] if due else None)
    assert ticket["ahead"] == (0 if due else 1)
    generation = await open_window(hall)
    called = await at_window(hall, CallNext, generation)
    assert called["ticket"] == (ticket if due else plain)["ticket"]
    await refused(hall, checking_in(told["code"]), KIOSK, Refusal.APPOINTMENT_OVER)


async def test_who_does_not_come_is_missed_by_the_clock_and_may_still_come_late(
    hall: ProvenHall, watch: Watch
) -> None:
    told = await book(hall, "09:30", person="ab" * 32)
    later = await book(hall, "10:00")
    watch.forward(minutes=40)
    assert (await hall.handle(MarkMissed(hall=HALL), CLOCK))["missed"] == 0
    watch.forward(seconds=1)
    assert booked(hall)["overdue_at"] < watch().timestamp() * 1000
    assert (await hall.handle(MarkMissed(hall=HALL), CLOCK))["missed"] == 1
    assert booked(hall)["missed"] == 1
    move = MoveAppointment(hall=HALL, code=told["code"], date=DATE, time="11:00")
    await refused(hall, move, KIOSK, Refusal.APPOINTMENT_OVER, state="missed")
    assert (await hall.handle(checking_in(told["code"]), KIOSK))["slot"] is None
    assert booked(hall)["arrived"] == 1
    assert (await hall.handle(checking_in(later["code"]), KIOSK))["slot"] == later["at"]
    sound(hall)


async def test_the_clock_looks_for_who_missed(hall: ProvenHall, watch: Watch) -> None:
    await book(hall, "09:30")
    clockwork = Clockwork(hall, shared=False)
    await clockwork._days()
    assert booked(hall)["expected"] == 1
    watch.forward(minutes=41)
    await clockwork._days()
    assert (booked(hall)["expected"], booked(hall)["missed"]) == (0, 1)
    seq = hall.hubs[HALL].seq
    await clockwork._days()
    assert hall.hubs[HALL].seq == seq


async def test_a_booked_ticket_keeps_its_slot_when_it_is_sent_on(
    hall: ProvenHall, watch: Watch
) -> None:
    told = await book(hall, "09:30")
    watch.forward(minutes=25)
    ticket = await hall.handle(checking_in(told["code"]), KIOSK)
    plain = await take(hall, "tax")
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await at_window(hall, StartService, generation)
    await at_window(hall, Transfer, generation, queue="tax")
    taxes = await open_window(hall, "2")
    first = await at_window(hall, CallNext, taxes, "2")
    assert (first["ticket"], plain["number"]) == (ticket["ticket"], "B001")


async def test_a_promised_slot_is_kept_although_the_quota_is_used_up(
    database_url: str, watch: Watch
) -> None:
    async with proven_hall(database_url, watch, quota=1) as hall:
        told = await book(hall, "09:30")
        await take(hall)
        full = TakeTicket(hall=HALL, queue="social")
        await refused(hall, full, KIOSK, Refusal.QUOTA_USED_UP)
        assert (await hall.handle(checking_in(told["code"]), KIOSK))["number"] == "A002"


@pytest.mark.parametrize(
    ("command", "asks"),
    [
        (booking(), ADMIN),
        (CancelAppointment(hall=HALL, code="12345678"), who(Role.DISPLAY)),
        (MarkMissed(hall=HALL), CLERK),
    ],
)
async def test_who_may_not_is_refused(hall: ProvenHall, command: Command, asks: Who) -> None:
    await refused(hall, command, asks, Refusal.NOT_PERMITTED)
    with pytest.raises(Refused) as no:
        await hall.see("appointment", {"code": "12345678"}, who(Role.DISPLAY))
    assert no.value.code is Refusal.NOT_PERMITTED


async def test_a_sum_that_is_not_what_was_booked_is_found(hall: ProvenHall) -> None:
    """The control of what every test here ends with."""
    await book(hall, "11:00")
    with database(hall.store.url) as connection:
        connection.execute(text("UPDATE slot SET taken = 2"))
    found = hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1))
    assert len(found) == 1
    assert "2 places taken, 1 held" in found[0]


def raced(answers: list[Any]) -> None:
    """One won; every other was told of the next best."""
    won = [one for one in answers if isinstance(one, dict)]
    lost = [one for one in answers if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, len(answers) - 1)
    assert {one.code for one in lost} == {Refusal.SLOT_TAKEN}
    assert {(one.facts["next_date"], one.facts["next_time"]) for one in lost} == {(DATE, "09:30")}


async def test_a_hundred_book_the_last_place_and_one_has_it(database_url: str) -> None:
    async with proven_hall(database_url, slots={"places": 1}) as hall:
        wishes = (hall.once_more(booking(), who(Role.KIOSK, f"kiosk-{n}")) for n in range(100))
        raced(await asyncio.gather(*wishes, return_exceptions=True))
        assert (await free(hall))["10:00"] == 0
        sound(hall)


@pytest.mark.postgresql
async def test_a_hundred_book_the_last_place_at_two_servers(postgresql: Server) -> None:
    url = postgresql.url(postgresql.create(TEMPLATE))
    async with open_hall(url, slots={"places": 1}) as hall:
        other = Hall(Store(url), Watch())
        await other.start()
        try:
            wishes = (
                (hall, other)[n % 2].handle(booking(), who(Role.KIOSK, f"kiosk-{n}"))
                for n in range(100)
            )
            raced(await asyncio.gather(*wishes, return_exceptions=True))
            assert hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1)) == []
        finally:
            await other.stop()
