"""The forecast against days that it has not seen; more days with HALL_SOAK=1."""

import os

import pytest

from hall_server.simulate.forecasting import Compared, compare
from hall_server.simulate.halls import HALLS

SOAK = os.environ.get("HALL_SOAK") == "1"
DAYS = 4 if SOAK else 1
HALL_SEEDS = (1, 2, 3) if SOAK else (1,)


def compared(learned: int) -> list[Compared]:
    return [
        compare(HALLS["city"], seed=seed, learned=learned, days=DAYS, every=12)
        for seed in HALL_SEEDS
    ]


@pytest.mark.parametrize(("learned", "share"), [(15, 0.5), (0, 0.65)])
def test_the_forecast_errs_half_as_much_as_the_usual_formula(learned: int, share: float) -> None:
    for told in compared(learned):
        assert told.score.n >= 30
        assert told.share <= share
        assert told.score.coverage >= (0.72 if learned else 0.65)
        assert told.score.width <= told.score.waited
