"""The whole server is killed under sixteen clients: nothing is lost, nothing is doubled."""

import pytest

from tests.faults import server_kills

pytestmark = pytest.mark.fault


def test_no_number_is_lost_or_doubled_when_the_server_is_killed() -> None:
    figure = server_kills.run(kills=4, seed=30)
    assert figure.count == 4
    assert figure.acknowledged > 20
    assert figure.holds, str(figure)


def test_clients_that_forget_their_wish_get_more_tickets_than_they_asked_for() -> None:
    """A kill must fall between a commit and its answer: some do, not each."""
    seeds = range(31, 39)
    figures = (server_kills.run(kills=4, seed=seed, control=True) for seed in seeds)
    assert any(figure.duplicates > 0 for figure in figures)
