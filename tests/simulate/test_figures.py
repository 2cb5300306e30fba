"""What the rule does to people, on days that are generated; more days with HALL_SOAK=1."""

import os

import pytest

from hall_server.simulate import APART, LOADS, rule_of
from hall_server.simulate.figures import Figures, figures
from hall_server.simulate.halls import HALLS, apart
from hall_server.simulate.visitors import People

SOAK = os.environ.get("HALL_SOAK") == "1"
DAYS = {"city": 3, "town": 10, "street": 20}  # of each of four halls
HELP_AFTER = 10


def played(hall: str, rule: str, load: str, booked: float = 0.25) -> Figures:
    people = People(load=LOADS[load], booked=booked)
    days = range(DAYS[hall] * (10 if SOAK else 1))
    plan = apart(HALLS[hall]) if rule == APART else HALLS[hall]
    return figures(plan, rule_of(rule, plan, HELP_AFTER), people, days)


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("hall", HALLS)
def test_nobody_waits_longer_on_average_than_first_come_and_no_bound_is_broken(
    hall: str, load: str
) -> None:
    first_come, promise = (played(hall, rule, load) for rule in ("first-come", "promise"))
    assert promise.people == first_come.people
    assert promise.mean <= 1.05 * first_come.mean
    assert promise.beyond == 0


@pytest.mark.parametrize("hall", HALLS)
def test_at_normal_load_the_promises_are_kept(hall: str) -> None:
    promise = played(hall, "promise", "normal")
    first_come = played(hall, "first-come", "normal")
    assert promise.punctual >= 0.90 > 0.60 > first_come.punctual
    assert promise.priority_p95 <= 20 < first_come.priority_p95


def test_plain_visitors_pay_within_bounds_for_the_promises() -> None:
    """Waits are conserved: with every third visitor served first the others wait a third longer
    on average, whatever the rule is; with every fifth the long waits grow by less than 1.25.
    Against halls whose windows help nobody, as most are, nobody pays: the help pays for it."""
    for booked, most in ((0.12, 1.25), (0.25, 1.45)):
        first_come = played("city", "first-come", "normal", booked)
        promise = played("city", "promise", "normal", booked)
        apart = played("city", APART, "normal", booked)
        assert promise.mean <= 1.05 * first_come.mean
        assert promise.plain_p95 <= most * first_come.plain_p95
        assert promise.plain_p95 <= 1.10 * apart.plain_p95
        assert promise.mean < 0.9 * apart.mean


def test_no_rule_that_keeps_the_promises_spares_the_plain() -> None:
    """The price of the promises in minutes: what the others wait less, the plain wait more. So
    their mean at 25 % booked grows by more than a quarter, by any rule with these waits."""
    first_come = played("city", "first-come", "normal")
    promise = played("city", "promise", "normal")
    assert promise.mean == pytest.approx(first_come.mean, rel=0.05)
    assert promise.plain_mean > 1.25 * first_come.plain_mean


def test_strict_priority_overtakes_without_bound() -> None:
    strict = played("city", "strict", "heavy")
    assert strict.beyond > 10
