"""The power fails while the store writes: what was acknowledged is there when it is back."""

import pytest

from tests.faults import power_cuts

pytestmark = pytest.mark.fault


def test_nothing_acknowledged_is_lost_and_no_file_is_damaged_by_a_power_cut() -> None:
    figure = power_cuts.run(cuts=500, seed=3)
    assert figure.count == 500
    assert figure.acknowledged > 50
    assert figure.holds, str(figure)


def test_a_store_that_does_not_sync_each_commit_loses_what_it_acknowledged() -> None:
    figure = power_cuts.run(cuts=100, seed=4, control=True)
    assert figure.lost > 0, str(figure)
