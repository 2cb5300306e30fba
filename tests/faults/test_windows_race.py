"""Forty windows press next together: each ticket is called to one window, each window has one."""

import pytest

from tests.faults import windows_race
from tests.postgresql import TEMPLATE, Server

pytestmark = pytest.mark.fault


def test_no_ticket_is_called_to_two_windows(database_url: str) -> None:
    figure = windows_race.run(presses=2_000, seed=5, url=database_url)
    assert figure.count >= 2_000
    assert figure.acknowledged > 500
    assert figure.holds, str(figure)


@pytest.mark.postgresql
def test_no_ticket_is_called_to_two_windows_by_two_servers(postgresql: Server) -> None:
    url = postgresql.url(postgresql.create(TEMPLATE))
    figure = windows_race.run(presses=1_000, seed=6, url=url, servers=2)
    assert figure.acknowledged > 300
    assert figure.holds, str(figure)


def test_looking_first_and_writing_then_calls_tickets_twice(database_url: str) -> None:
    figure = windows_race.run_naive(presses=400, seed=7, url=database_url)
    assert figure.duplicates > 0, str(figure)
