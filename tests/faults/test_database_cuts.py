"""PostgreSQL breaks every connection off: nothing acknowledged is lost, nothing is doubled."""

import pytest

from tests.faults import database_cuts
from tests.postgresql import Server

pytestmark = [pytest.mark.fault, pytest.mark.postgresql]


def test_no_number_is_lost_or_doubled_when_connections_break(postgresql: Server) -> None:
    figure = database_cuts.run(cuts=30, seed=40, server=postgresql)
    assert figure.count == 30
    assert figure.acknowledged > 100
    assert figure.holds, str(figure)
