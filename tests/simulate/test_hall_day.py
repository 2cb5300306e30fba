"""The real Hall and its twin play the same days, and agree in every call and every service."""

import os
from dataclasses import replace

import pytest

from hall_server.simulate import LOADS, rule_of
from hall_server.simulate.day import Book, crowd, play, truth_of
from hall_server.simulate.hall_day import play_hall
from hall_server.simulate.halls import HALLS
from hall_server.simulate.rule import Rule
from hall_server.simulate.visitors import People

SOAK = os.environ.get("HALL_SOAK") == "1"
DAYS = [
    ("street", "normal", "promise", 3),
    ("street", "overload", "ratio-1", 4),
    ("town", "heavy", "promise", 5),
    ("town", "normal", "first-come", 6),
    ("city", "normal", "promise", 7),
]
if SOAK:
    DAYS += [
        (hall, load, rule, seed)
        for hall in HALLS
        for load in LOADS
        for rule in ("promise", "first-come-idle", "ratio-3")
        for seed in range(20, 24)
    ]


def calls_of(book: Book) -> dict[int, float]:
    return {seq: row.visitor.called for seq, row in book.rows.items()}


def both(
    hall: str, load: str, seed: int, rule: Rule, twins: Rule | None = None
) -> tuple[Book, ...]:
    """A day of the twin's, and the same day of the Hall's."""
    plan, people = HALLS[hall], People(load=LOADS[load], booked=0.3, priority=0.2, transfers=0.1)
    truth = truth_of(plan, seed)
    twin = play(plan, truth, crowd(plan, truth, people, seed), twins or rule).book
    return twin, play_hall(plan, truth, crowd(plan, truth, people, seed), rule)


@pytest.mark.parametrize(("hall", "load", "rule", "seed"), DAYS)
def test_hall_and_twin_agree_in_every_call(hall: str, load: str, rule: str, seed: int) -> None:
    """Booked, early, late, absent, returned and sent-on people; breaks; helping windows."""
    twin, real = both(hall, load, seed, rule_of(rule, HALLS[hall], 20))
    assert len(real.rows) > 100
    assert calls_of(real) == calls_of(twin)
    assert real.services == twin.services
    assert real.busy == twin.busy
    for seq, row in real.rows.items():
        same = twin.rows[seq]
        assert (row.calls, row.ahead, row.by_later) == (same.calls, same.ahead, same.by_later)


def test_a_twin_of_another_policy_does_not_agree() -> None:
    """The control: the comparison would see a ratio that differs by one."""
    rule, lines = rule_of("promise", HALLS["street"], 20), HALLS["street"].lines
    ratios = dict.fromkeys((line.name for line in lines), 3)
    other = Rule("ratio-3", replace(rule.policy, ratio=ratios))
    twin, real = both("street", "overload", 4, rule, other)
    assert calls_of(real) != calls_of(twin)
