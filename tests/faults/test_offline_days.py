"""Kiosks cut off by chance: no number twice, no paper lost; 2,000 days: `python -m tests.soak`."""

import pytest

from tests.faults import offline_days

pytestmark = pytest.mark.fault


def test_random_partitions_leave_every_wish_one_number(database_url: str) -> None:
    figure = offline_days.run(days=12, seed=5, url=database_url)
    assert figure.holds, str(figure)
    assert figure.acknowledged > 100


def test_offline_numbers_without_a_letter_of_their_own_are_given_twice(database_url: str) -> None:
    figure = offline_days.run(days=2, seed=6, url=database_url, control=True)
    assert figure.duplicates > 0, str(figure)
