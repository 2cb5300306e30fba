"""Records: their numbers, and how many a day has."""

import pytest

from hall_server.rules.entries import MOST_A_DAY, record
from hall_server.words import Refusal, Refused


def test_a_record_is_numbered_by_its_day() -> None:
    assert record("2026-11-23", 1) == "20261123-001"
    assert record("2026-11-23", MOST_A_DAY) == "20261123-999"


def test_beyond_the_last_number_the_desk_helps() -> None:
    with pytest.raises(Refused) as no:
        record("2026-11-23", MOST_A_DAY + 1)
    assert no.value.code is Refusal.ENTRIES_FULL
