"""Kiosks cut off and killed at any step: one number a wish; 2,000 days: `./run soak kiosk`."""

from pathlib import Path

import pytest

from tests.builders import sqlite_url
from tests.faults import kiosk_days
from tests.faults.kiosk_life import FORGETS, FRESH_IDS

pytestmark = pytest.mark.fault


def test_cut_off_and_killed_at_every_step_each_wish_ends_as_one_number(database_url: str) -> None:
    figure = kiosk_days.run(days=6, seed=11, url=database_url)
    assert figure.holds, str(figure)
    assert figure.acknowledged > 60


@pytest.mark.parametrize(("control", "seed"), [(FORGETS, 3), (FRESH_IDS, 3)])
def test_the_days_bite(control: str, seed: int, tmp_path: Path) -> None:
    """Numbers that are given before they are on disk; wishes asked again under a fresh id."""
    figure = kiosk_days.run(days=4, seed=seed, url=sqlite_url(tmp_path), control=control)
    assert figure.duplicates > 0, str(figure)
