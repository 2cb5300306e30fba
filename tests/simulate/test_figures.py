"""What the rule does to people, on days that are generated; more days with HALL_SOAK=1.

Each figure is over four halls of a kind, whose minutes and windows differ, and many days of each;
a quarter of the visitors has booked and 12 % are of a priority class (queue-policy §0)."""

import os
from functools import cache

import pytest

from hall_server.simulate import APART, LOADS, rule_of
from hall_server.simulate.figures import Figures, figures
from hall_server.simulate.halls import HALLS, apart
from hall_server.simulate.visitors import People

SOAK = os.environ.get("HALL_SOAK") == "1"
USUAL = {"city": 8, "town": 25, "street": 80}  # days of each hall, light and at normal load
OTHER = {"city": 3, "town": 8, "street": 20}
HELP_AFTER = 10


@cache
def played(hall: str, rule: str, load: str, booked: float = 0.25) -> Figures:
    people = People(load=LOADS[load], booked=booked)
    usual = load in ("light", "normal")
    days = (USUAL if usual else OTHER)[hall] * (10 if SOAK else 1)
    plan = apart(HALLS[hall]) if rule == APART else HALLS[hall]
    return figures(plan, rule_of(rule, plan, HELP_AFTER), people, range(days))


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("hall", HALLS)
def test_the_plain_pay_within_bounds_for_the_promises_and_nobody_else_does(
    hall: str, load: str
) -> None:
    first_come, promise = (played(hall, rule, load) for rule in ("first-come", "promise"))
    assert promise.people == first_come.people
    assert promise.mean <= 1.05 * first_come.mean
    assert promise.plain_p95 <= 1.25 * first_come.plain_p95
    assert promise.beyond == 0


@pytest.mark.parametrize("hall", HALLS)
def test_at_normal_load_the_promises_are_kept(hall: str) -> None:
    promise = played(hall, "promise", "normal")
    first_come = played(hall, "first-come", "normal")
    assert promise.punctual >= 0.90 > 0.60 > first_come.punctual
    assert promise.priority_p95 <= 20 < first_come.priority_p95


def test_halls_whose_windows_help_nobody_wait_longer_even_the_plain() -> None:
    """The help between windows, as most halls do not have it, saves more than the promises cost."""
    promise, today = (played("city", rule, "normal") for rule in ("promise", APART))
    assert promise.mean < 0.9 * today.mean
    assert promise.plain_p95 < today.plain_p95


def test_no_rule_that_keeps_the_promises_spares_the_plain() -> None:
    """The price of the promises in minutes: what the others wait less, the plain wait more."""
    first_come = played("city", "first-come", "normal")
    promise = played("city", "promise", "normal")
    assert promise.mean == pytest.approx(first_come.mean, rel=0.05)
    assert promise.plain_mean > 1.2 * first_come.plain_mean


def test_strict_priority_overtakes_without_bound() -> None:
    """The control, in which the booked go first however long the others wait."""
    strict, first_come = (played("street", rule, "normal") for rule in ("strict", "first-come"))
    assert strict.beyond > 10
    assert strict.plain_p95 > 1.25 * first_come.plain_p95
