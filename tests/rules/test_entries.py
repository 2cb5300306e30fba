"""Records: their numbers, and how many a day has."""

from datetime import date

import pytest

from hall_server.rules.entries import MOST_A_DAY, answer_by, record
from hall_server.wire.hours import Calendar, CalendarYear, Holiday
from hall_server.words import Refusal, Refused


def test_a_record_is_numbered_by_its_day() -> None:
    assert record("2026-11-23", 1) == "20261123-001"
    assert record("2026-11-23", MOST_A_DAY) == "20261123-999"


@pytest.mark.parametrize(
    ("left", "days", "by"),
    [
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-23", 5, "2026-11-30"),  # a weekend between
        ("2026-09-30", 2, "2026-10-09"),  # the National Day's week between
        ("2026-11-28", 1, "2026-11-30"),  # left on a Saturday
    ],
)
def test_a_record_is_answered_within_so_many_working_days(left: str, days: int, by: str) -> None:
    free = Holiday(name="国庆节", first=date(2026, 10, 1), last=date(2026, 10, 7))
    year = CalendarYear(year=2026, published=True, holidays=(free,))
    told = answer_by(date.fromisoformat(left), days, Calendar(years=(year,)).works)
    assert told == date.fromisoformat(by)


def test_beyond_the_last_number_the_desk_helps() -> None:
    with pytest.raises(Refused) as no:
        record("2026-11-23", MOST_A_DAY + 1)
    assert no.value.code is Refusal.ENTRIES_FULL
