"""The guarantee of the rule, proved on days that are called by `choose` itself."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hall_server.rules.policy import Policy
from hall_server.simulate import rule_of
from hall_server.simulate.day import Day, Row, crowd, play, truth_of
from hall_server.simulate.halls import HALLS, HallPlan
from hall_server.simulate.rule import Rule
from hall_server.simulate.visitors import People

SOAK = os.environ.get("HALL_SOAK") == "1"
DAYS = 400 if SOAK else 25
SMALL = [HALLS["street"], HALLS["town"]]


def beyond(day: Day, ratios: dict[str, int], hall: HallPlan) -> list[Row]:
    """The plain tickets that waited longer than (ratio + 1)(n + 1) calls of their queue. n are
    those who waited before it, and the older numbers that came back or were sent on later."""
    return [
        row
        for row in day.book.rows.values()
        if row.group == "plain"
        and row.calls > (ratios[hall.lines[row.line].name] + 1) * (row.ahead + row.older + 1)
    ]


@settings(max_examples=DAYS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    hall=st.sampled_from([*SMALL, HALLS["city"]] if SOAK else SMALL),
    seed=st.integers(0, 10_000),
    load=st.sampled_from([0.4, 0.8, 1.1, 1.4]),
    booked=st.sampled_from([0.0, 0.25, 0.6]),
    priority=st.sampled_from([0.0, 0.12, 0.5]),
    ratio=st.lists(st.integers(1, 4), min_size=12, max_size=12),
    absent=st.integers(0, 1),
)
def test_a_plain_ticket_is_called_within_its_bound_and_in_its_order(
    hall: HallPlan,
    seed: int,
    load: float,
    booked: float,
    priority: float,
    ratio: list[int],
    absent: int,
) -> None:
    people = People(load=load, booked=booked, priority=priority)
    truth = truth_of(hall, seed)
    names = [line.name for line in hall.lines]
    ratios = dict(zip(names, ratio, strict=False))
    rule = Rule("random", Policy(ratio=ratios))
    coming = crowd(hall, truth, people, seed)
    day = play(hall, truth, coming, rule, true=True, absent=range(absent))
    rows = day.book.rows.values()
    assert beyond(day, ratios, hall) == []
    assert [row for row in rows if row.group == "plain" and row.overtaken] == []
    assert all(row.visitor.called >= row.visitor.taken for row in rows)
    early = [row for row in rows if row.slot is not None and row.visitor.called < row.slot - 10.001]
    assert early == []


def test_strict_priority_breaks_the_bound() -> None:
    """The control: were priority without ratio, the same count would find plain tickets that
    wait beyond every bound."""
    hall = HALLS["street"]
    names = [line.name for line in hall.lines]
    people = People(load=1.3, priority=0.3)
    strict, found = rule_of("strict", hall, 10), 0
    for seed in range(6):
        truth = truth_of(hall, seed)
        day = play(hall, truth, crowd(hall, truth, people, seed), strict, true=True)
        found += len(beyond(day, dict.fromkeys(names, 2), hall))
    assert found > 5
