"""The network is cut under twenty boards: each comes back to what the hall shows."""

import pytest

from tests.faults import link_cuts

pytestmark = pytest.mark.fault


def test_every_board_comes_back_without_a_gap_or_a_repeat() -> None:
    figure = link_cuts.run(cuts=7, seed=10)
    assert figure.count == 7
    assert figure.acknowledged > 500
    assert figure.holds, str(figure)


def test_a_link_that_forgets_its_place_shows_gaps() -> None:
    figure = link_cuts.run(cuts=1, seed=11, control=True)
    assert figure.gaps > 0, str(figure)
