"""The writer is killed at random moments: nothing acknowledged is lost, nothing is doubled."""

import pytest

from tests.faults import writer_kills

pytestmark = pytest.mark.fault


def test_no_number_is_lost_or_doubled_when_the_writer_is_killed() -> None:
    figure = writer_kills.run(kills=60, seed=1)
    assert figure.count == 60
    assert figure.acknowledged > figure.count
    assert figure.holds, str(figure)


def test_clients_without_command_ids_get_more_tickets_than_they_wished_for() -> None:
    figure = writer_kills.run(kills=60, seed=2, control=True)
    assert figure.duplicates > 0, str(figure)
