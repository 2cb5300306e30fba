"""Slots and who may have them, as a table of cases."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from hall_server.rules import appointments as rules
from hall_server.rules.appointments import Slot
from hall_server.words import AppointmentState, Refusal, Refused

MONDAY = date(2026, 11, 23)


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC)


def told(no: pytest.ExceptionInfo[Refused]) -> tuple[Refusal, dict[str, str | int]]:
    return no.value.code, no.value.facts


def test_slots_are_the_half_hours_that_end_before_the_last_ticket() -> None:
    found = rules.starts(MONDAY, [("14:00", "15:10"), ("09:00", "10:00")], UTC)
    assert [f"{one:%H:%M}" for one in found] == ["09:00", "09:30", "14:00", "14:30"]
    assert rules.starts(MONDAY, [("09:00", "09:20")], UTC) == []


@pytest.mark.parametrize(
    ("clock", "windows", "minutes", "places", "capacity"),
    [
        ("09:00", 4.0, 9, None, 8),  # .6 x 4 x 30 / 9 = 8
        ("09:30", 4.0, 9, None, 5),  # the peak: .4
        ("10:30", 4.0, 9, None, 5),
        ("11:00", 4.0, 9, None, 8),
        ("09:00", 0.5, 20, None, 0),  # a slot that holds nobody
        ("09:00", 4.0, 9, 3, 3),
        ("09:30", 4.0, 9, 0, 0),
    ],
)
def test_the_capacity_is_a_part_of_what_the_windows_serve(
    clock: str, windows: float, minutes: int, places: int | None, capacity: int
) -> None:
    found = rules.capacity(at(clock), windows, minutes, places=places, peak_percent=40, percent=60)
    assert found == capacity


def test_today_and_the_next_five_open_days_may_be_booked() -> None:
    week = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8)]
    may = [day for day in week if rules.within_days(day, MONDAY, week)]
    assert may == week[:6]
    sunday = MONDAY - timedelta(days=1)
    assert not rules.within_days(sunday, sunday, week)
    assert rules.within_days(week[4], sunday, week)
    assert not rules.within_days(week[5], sunday, week)


def test_the_nearest_free_slot_of_the_day_is_offered_then_the_days_after() -> None:
    tuesday = MONDAY + timedelta(days=1)
    full = [Slot(at("09:00"), 1, 1), Slot(at("09:30"), 1, 1), Slot(at("10:00"), 0)]
    slots = [*full, Slot(at("11:00"), 2, 1), Slot(at("09:00", tuesday), 1)]
    assert rules.best(slots, at("09:30")) == slots[3]
    assert rules.best([*full, slots[4]], at("09:30")) == slots[4]
    assert rules.best([*full, slots[3]], at("09:00", tuesday)) == slots[3]
    assert rules.best(full, at("09:30")) is None
    both = [Slot(at("09:00"), 1), Slot(at("10:00"), 1)]
    assert rules.best(both, at("09:30")) == both[0]


def test_a_slot_is_booked_while_it_has_a_place_and_has_not_begun() -> None:
    slots = [Slot(at("09:00"), 2, 1), Slot(at("09:30"), 1, 1), Slot(at("10:00"), 1)]
    assert rules.may_book(slots, at("09:00"), at("08:59"), "tax") == slots[0]
    with pytest.raises(Refused) as begun:
        rules.may_book(slots, at("09:00"), at("09:00"), "tax")
    assert told(begun)[0] is Refusal.SLOT_UNKNOWN
    with pytest.raises(Refused) as full:
        rules.may_book(slots, at("09:30"), at("08:59"), "tax")
    assert told(full) == (
        Refusal.SLOT_TAKEN,
        {
            "date": "2026-11-23", "time": "09:30",
            "next_date": "2026-11-23", "next_time": "09:00",
        },
    )  # fmt: skip
    with pytest.raises(Refused) as none:
        rules.may_book(slots[1:2], at("09:30"), at("08:59"), "tax")
    assert told(none) == (Refusal.NO_SLOT_FREE, {"queue": "tax"})
    with pytest.raises(Refused) as strange:
        rules.may_book(slots, at("09:10"), at("08:59"), "tax")
    assert told(strange)[0] is Refusal.SLOT_UNKNOWN


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        ("09:29", Refusal.CHECK_IN_EARLY),
        ("09:30", None),
        ("10:00", None),
        ("10:10", None),
        ("16:00", None),
    ],
)
def test_checking_in_begins_half_an_hour_before_the_slot(now: str, refusal: Refusal | None) -> None:
    if refusal is None:
        rules.may_check_in(at("10:00"), at(now), MONDAY)
        return
    with pytest.raises(Refused) as no:
        rules.may_check_in(at("10:00"), at(now), MONDAY)
    assert told(no) == (refusal, {"date": "2026-11-23", "time": "10:00", "opens": "09:30"})


def test_another_day_is_told_before_the_hour() -> None:
    for day in (MONDAY + timedelta(days=1), MONDAY - timedelta(days=1)):
        with pytest.raises(Refused) as no:
            rules.may_check_in(at("10:00", day), at("09:50"), MONDAY)
        assert no.value.code is Refusal.CHECK_IN_OTHER_DAY


@pytest.mark.parametrize("state", AppointmentState)
@pytest.mark.parametrize("deed", rules.STEPS)
def test_what_has_ended_is_over(deed: str, state: AppointmentState) -> None:
    if state in rules.STEPS[deed][0]:
        assert rules.step(deed, state, at("10:00")) is rules.STEPS[deed][1]
        return
    with pytest.raises(Refused) as no:
        rules.step(deed, state, at("10:00"))
    assert no.value.code is Refusal.APPOINTMENT_OVER


def test_cancelling_is_late_within_two_hours() -> None:
    assert not rules.cancelled_late(at("12:00"), at("10:00"))
    assert rules.cancelled_late(at("12:00"), at("10:01"))


def test_a_code_is_eight_figures() -> None:
    assert rules.code([255, 0, 1, 2, 3, 14, 5, 26, 7]) == "50123456"


B, C, M = AppointmentState.BOOKED, AppointmentState.CHECKED_IN, AppointmentState.MISSED


@pytest.mark.parametrize(
    ("rows", "sure", "found"),
    [
        ([(0, B)], False, 0),
        ([(0, C), (0, B)], False, 1),  # the one he has not come for yet
        ([(0, M), (1, B)], False, 0),
        ([(0, C), (1, B)], False, 0),
        ([(0, B), (0, M)], False, Refusal.APPOINTMENT_SEVERAL),
        ([(1, B), (2, B)], False, Refusal.APPOINTMENT_SEVERAL),
        ([(1, B), (2, B)], True, 0),
        ([], True, Refusal.PROOF_UNKNOWN),
    ],
)
def test_a_proof_finds_todays_appointment_or_the_next_or_asks_for_the_code(
    rows: list[tuple[int, AppointmentState]], sure: bool, found: int | Refusal
) -> None:
    known = [SimpleNamespace(date=f"{MONDAY + timedelta(days=n)}", state=s) for n, s in rows]
    with nullcontext() if isinstance(found, int) else pytest.raises(Refused, match=found.value):
        assert rules.which(known, MONDAY, sure=sure) == found
