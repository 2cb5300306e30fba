"""Requests arrive several times and out of order: each wish is done once."""

import pytest

from tests.faults import repeats

pytestmark = pytest.mark.fault


def test_a_request_that_is_repeated_and_reordered_is_done_once(database_url: str) -> None:
    figure = repeats.run(wishes=1_500, seed=8, url=database_url)
    assert figure.count >= 1_500
    assert figure.acknowledged > 700
    assert figure.holds, str(figure)


def test_repeats_under_fresh_ids_give_more_tickets_than_wishes(database_url: str) -> None:
    figure = repeats.run(wishes=300, seed=9, url=database_url, control=True)
    assert figure.duplicates > 0, str(figure)
