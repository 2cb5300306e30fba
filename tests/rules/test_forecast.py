"""The forecast: what it knows of a hall, what it answers, and what a person is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_server.rules.calling import Due, Waiting, WindowDuty
from hall_server.rules.forecast import (
    Arrival,
    Forecast,
    Law,
    Laws,
    Now,
    Served,
    Shift,
    Told,
    WindowNow,
    forecast,
    learn,
    rounded,
    told_again,
)
from hall_server.rules.forecast.score import Kept, score
from hall_server.rules.policy import Policy

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SOCIAL = WindowDuty(("social",))
# Services of nearly the same length and people who all come: what follows can be counted.
EXACT = Laws({"social": Law(10, 0.01, 0.0), "tax": Law(10, 0.01, 0.0)}, absent=-1, helping=1)


def line(count: int, queue: str = "social", first: int = 1) -> list[Waiting]:
    return [
        Waiting(f"{queue}-{n}", queue, Due.PLAIN, n, AT - MINUTE)
        for n in range(first, first + count)
    ]


def hall(waiting: Sequence[Waiting], *windows: WindowNow, **more: object) -> Now:
    return Now(waiting, windows or (WindowNow("1", SOCIAL),), AT - timedelta(hours=9), **more)  # type: ignore[arg-type]


def told(now: Now, laws: Laws = EXACT, seed: int = 1, policy: Policy | None = None) -> Forecast:
    return forecast(now, laws, policy or Policy(), AT, Random(seed))


def near(minutes: float) -> object:
    return pytest.approx(minutes, abs=1.0)


def test_who_waits_is_called_one_after_the_other_and_a_new_number_last() -> None:
    found = told(hall(line(3)))
    assert [found.tickets[f"social-{n}"].median for n in (1, 2, 3)] == [0, near(10), near(20)]
    assert found.queues["social"].median == near(30)


@pytest.mark.parametrize("due", list(Due))
def test_numbers_merged_behind_the_same_one_are_called_by_id(due: Due) -> None:
    """Numbers merged from an offline kiosk share the order of the one they stand behind."""
    slot = AT if due is Due.BOOKED else None
    same = [Waiting(name, "social", due, 1, AT - MINUTE, slot=slot) for name in "cab"]
    found = told(hall(same))
    assert [found.tickets[name].median for name in "abc"] == [0, near(10), near(20)]


def test_a_new_number_where_nobody_waits_is_called_at_once() -> None:
    assert told(hall([])).queues["social"].median == 0


def test_a_queue_that_no_window_serves_has_no_forecast() -> None:
    found = told(hall(line(1, "tax")))
    assert "tax" not in found.queues
    assert "tax-1" not in found.tickets


def test_who_is_being_served_needs_the_rest_of_his_time() -> None:
    serving = WindowNow("1", SOCIAL, "social", AT - 6 * MINUTE)
    assert told(hall(line(1), serving)).tickets["social-1"].median == near(4)


def test_a_service_that_already_lasts_long_is_expected_to_last_on() -> None:
    laws = replace(EXACT, service={"social": Law(10, 0.7, 0.0)})
    rests = [
        told(hall(line(1), WindowNow("1", SOCIAL, "social", AT - since * MINUTE)), laws)
        .tickets["social-1"]
        .median
        for since in (0, 20, 10_000)
    ]
    assert rests[1] > 3
    assert rests[0] == pytest.approx(8, abs=3)
    assert 0 < rests[2] < 10


def test_a_break_and_an_opening_are_known_beforehand() -> None:
    pause = WindowNow("1", SOCIAL, plan=(Shift(AT + 5 * MINUTE, pause=45 * MINUTE),))
    found = told(hall(line(2), pause))
    assert found.tickets["social-1"].median == 0
    assert found.tickets["social-2"].median == near(55)
    opens = WindowNow("1", WindowDuty(()), plan=(Shift(AT + 30 * MINUTE, SOCIAL),))
    assert told(hall(line(1), opens)).tickets["social-1"].median == near(30)


def test_a_slow_window_is_known_to_be_slow() -> None:
    laws = replace(EXACT, speeds={"1": 1.5})
    assert told(hall(line(2)), laws).tickets["social-2"].median == near(15)


def test_those_who_will_come_before_are_counted_as_on_a_stored_day() -> None:
    elder = Arrival(timedelta(hours=9, minutes=4), "social", Due.DUE)
    found = told(hall(line(2)), replace(EXACT, days=[[elder, elder, elder]]))
    assert found.tickets["social-2"].median == near(30)  # two elders, then by number
    closed = hall(line(2), doors=AT + 3 * MINUTE)
    assert told(closed, replace(EXACT, days=[[elder]])).tickets["social-2"].median == near(10)


def test_a_first_day_goes_on_as_its_last_hour_went() -> None:
    elder = Arrival(timedelta(hours=8, minutes=4), "social", Due.DUE)
    found = told(hall(line(2), last_hour=[elder]))
    assert found.tickets["social-2"].median == near(20)


def test_the_forecast_keeps_the_rule_of_the_queue() -> None:
    elders = [Waiting(f"e{n}", "social", Due.DUE, n, AT) for n in range(10, 14)]
    waiting = [*line(1), *elders]
    found = told(hall(waiting), policy=Policy(ratio={"social": 3}))
    assert found.tickets["social-1"].median == near(30)
    found = told(hall(waiting, runs={"social": 2}), policy=Policy(ratio={"social": 3}))
    assert found.tickets["social-1"].median == near(10)


def test_a_returned_number_waits_for_its_turn() -> None:
    back = Waiting("back", "social", Due.RETURNED, 1, AT - 60 * MINUTE, 12, 10)
    found = told(hall([back, *line(4, first=2)], calls={"social": 10}))
    assert found.tickets["back"].median == near(20)


def test_the_same_random_gives_the_same_answer_and_nothing_is_kept() -> None:
    now = hall(line(6))
    laws = learn({"social": 10})
    assert told(now, laws, 3) == told(now, laws, 3) != told(now, laws, 4)


def test_the_range_holds_the_median_and_a_cold_start_is_wider() -> None:
    now = hall(line(8))
    known = told(now, Laws({"social": Law(10, 0.7, 0.0)})).tickets["social-8"]
    cold = told(now, learn({"social": 10})).tickets["social-8"]
    assert known.low < known.median < known.high
    assert cold.high - cold.low > known.high - known.low
    assert (known.chance_after(0), known.chance_after(10_000)) == (1, 0)


def test_history_counts_from_thirty_services_on() -> None:
    past = [Served("tax", "1", minutes) for minutes in (10.0, 20.0) * 15]
    assert learn({"tax": 9}, past[:29]).service["tax"] == Law(9)
    law = learn({"tax": 9}, past).service["tax"]
    assert (law.minutes, law.spread) == (15, 0)
    assert law.cv == pytest.approx(0.36, abs=0.02)


@pytest.mark.parametrize(("n", "minutes"), [(0, 9.0), (12, 13.5), (108, 17.1)])
def test_today_weighs_more_with_every_service(n: int, minutes: float) -> None:
    law = learn({"tax": 9}, today=[Served("tax", "1", 18.0)] * n).service["tax"]
    assert law.minutes == pytest.approx(minutes)


def test_an_absurd_service_time_is_not_believed() -> None:
    past = [Served("tax", "1", 0.0), Served("tax", "1", 9_999.0)] * 15
    assert learn({"tax": 9}, past).service["tax"].minutes == pytest.approx(120.1)


def test_a_windows_own_speed_is_learned_slowly() -> None:
    past = [Served("tax", "1", 20.0)] * 20 + [Served("tax", "2", 10.0)] * 20
    speeds = learn({"tax": 9}, past).speeds
    assert speeds["1"] == pytest.approx((4 / 3 + 1) / 2)
    assert speeds["2"] == pytest.approx((2 / 3 + 1) / 2)


def test_a_law_has_the_mean_it_says() -> None:
    law, rng = Law(10, 0.7, 0.0), Random(1)
    assert fmean(rng.lognormvariate(law.mu, law.sigma) for _ in range(20_000)) == near(10)


@given(st.floats(0, 600))
def test_minutes_are_said_in_steps_that_people_say(minutes: float) -> None:
    said = rounded(minutes)
    step = 1 if minutes < 10 else 5 if minutes < 60 else 10
    assert said % step == 0
    assert abs(said - minutes) <= step / 2


@pytest.mark.parametrize(
    ("fresh", "median", "aloud"),
    [(18.0, 18.0, False), (21.0, 20.0, False), (26.0, 20.0, False), (26.1, 26.1, True),
     (13.9, 13.9, True), (0.0, 0.0, True)],
)  # fmt: skip
def test_a_longer_wait_is_never_shown_silently(fresh: float, median: float, aloud: bool) -> None:
    before = Told(AT - 10 * MINUTE, 30, 20, 45)
    after, said = told_again(before, fresh, fresh - 5, fresh + 5, AT)
    assert after.median == pytest.approx(median)
    assert said is aloud
    assert after.low <= after.median <= after.high


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 120)), min_size=1, max_size=20))
def test_what_was_told_grows_only_with_a_notice(steps: list[tuple[float, float]]) -> None:
    now, shown = AT, None
    for gone, fresh in steps:
        now += gone * MINUTE
        after, aloud = told_again(shown, fresh, fresh * 0.8, fresh * 1.2, now)
        if shown is not None and not aloud:
            assert after.median <= shown.left(now) + 1e-6
        shown = after


def test_the_score_tells_error_bias_and_coverage_by_queue() -> None:
    kept = [Kept("tax", 10, 5, 20, 8), Kept("tax", 10, 5, 20, 22), Kept("social", 3, 2, 4, 3)]
    found = score(kept)
    tax = found["tax"]
    assert (tax.n, tax.error, tax.bias, tax.coverage) == (2, 7, -5, 0.5)
    assert (tax.width, tax.waited, tax.far_too_short) == (15, 15, 0.5)
    assert found["*"].n == 3
    assert found["social"].error == 0
    assert score([]) == {}
