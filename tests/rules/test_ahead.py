"""How many are before a ticket is what the hall's own rule makes of the line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.rules.calling import Due, Waiting, WindowDuty, choose
from hall_server.rules.forecast import ahead
from hall_server.rules.policy import Policy

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICY = Policy(ratio={"tax": 3})


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


@st.composite
def lines(draw: st.DrawFn) -> list[Waiting]:
    """One queue in any state: several may share a place, and every slot is near."""
    queue = draw(st.sampled_from(["social", "tax"]))
    calls, run = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    people = draw(
        st.lists(
            st.tuples(
                st.sampled_from(list(Due)), st.integers(0, 80), st.integers(-30, 10),
                st.integers(0, 9),
            ),
            min_size=1, max_size=16,
        )
    )  # fmt: skip
    ages = sorted((age for _, age, _, _ in people), reverse=True)
    names = [
        f"ticket-{n:02}" for n in range(len(people))
    ]  # ids go by time, as the store makes them
    places = sorted(draw(st.lists(st.integers(0, 9), min_size=len(people), max_size=len(people))))
    return [
        Waiting(name, queue, due, place, NOON - minutes(age), after, calls, run,
                NOON + minutes(slot) if due is Due.BOOKED else None)
        for name, place, age, (due, _, slot, after) in zip(names, places, ages, people, strict=True)
    ]  # fmt: skip


def order(line: list[Waiting]) -> list[str]:
    """Whom the rule calls one after the other while time stands still."""
    called = []
    while line:
        choice = choose(line, WindowDuty((line[0].queue,)), POLICY, NOON)
        called.append(choice.ticket)
        line = [
            replace(one, queue_calls=one.queue_calls + 1, queue_run=choice.run)
            for one in line
            if one.ticket != choice.ticket
        ]
    return called


@settings(max_examples=400, deadline=None)
@given(lines())
def test_everybody_is_told_as_many_as_the_rule_calls_before(line: list[Waiting]) -> None:
    told = {one.ticket: ahead(line, one.ticket, POLICY, NOON) for one in line}
    assert sorted(told, key=lambda ticket: told[ticket]) == order(line)
    assert sorted(told.values()) == list(range(len(line)))


@pytest.mark.parametrize(("waited", "before"), [(54, 1), (55, 0)])
def test_once_a_plain_number_has_waited_55_minutes_the_booked_are_not_before_it(
    waited: int, before: int
) -> None:
    plain = Waiting("plain", "social", Due.PLAIN, 1, NOON - minutes(waited))
    booked = Waiting("booked", "social", Due.BOOKED, 2, NOON - minutes(9), slot=NOON)
    assert ahead([plain, booked], "plain", POLICY, NOON) == before


def test_who_is_booked_for_later_counts_as_before_a_plain_number() -> None:
    plain = Waiting("plain", "social", Due.PLAIN, 1, NOON)
    booked = Waiting("booked", "social", Due.BOOKED, 2, NOON, slot=NOON + minutes(25))
    assert ahead([plain, booked], "plain", POLICY, NOON) == 1
    assert ahead([plain, booked], "booked", POLICY, NOON) == 0
