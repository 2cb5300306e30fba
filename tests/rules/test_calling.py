"""Who is called next, and whether a window may call at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hall_server.rules.calling import (
    Due,
    Policy,
    Waiting,
    WindowDuty,
    choose,
    holds_lease,
    may_call,
    within_returns,
)
from hall_server.words import Refusal, Refused, WindowState

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUTY = WindowDuty(("social", "general"), ("tax",))
PLAIN = Waiting("plain", "social", Due.PLAIN, 5, AT)
DUE = Waiting("due", "social", Due.DUE, 9, AT)
BACK = Waiting("back", "social", Due.RETURNED, 1, AT, after_call=8, queue_calls=7)
READY = replace(BACK, ticket="ready", queue_calls=8)
HELPED = Waiting("helped", "tax", Due.PLAIN, 2, AT)


def waits(ticket: Waiting, minutes: float) -> Waiting:
    """The same ticket, taken so many minutes ago."""
    return replace(ticket, taken_at=AT - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("heads", "chosen"),
    [
        ([PLAIN], "plain"),
        ([PLAIN, DUE], "due"),
        ([DUE, replace(DUE, ticket="earlier", seq=8)], "earlier"),
        ([PLAIN, replace(PLAIN, ticket="earlier", queue="general", seq=4)], "earlier"),
        ([BACK], "back"),
        ([BACK, PLAIN], "plain"),
        ([READY, PLAIN], "ready"),
        ([READY, DUE], "due"),
        ([READY, replace(PLAIN, ticket="first", seq=0)], "first"),
        ([BACK, READY], "ready"),
        ([HELPED], "helped"),
        ([HELPED, PLAIN], "plain"),
        ([BACK, HELPED], "helped"),
        ([BACK, replace(BACK, ticket="other", queue="tax", seq=0)], "back"),
        ([waits(HELPED, 10), PLAIN], "helped"),
        ([waits(HELPED, 9.99), PLAIN], "plain"),
        ([waits(HELPED, 25), waits(PLAIN, 16)], "plain"),
        ([waits(HELPED, 10), DUE], "due"),
        ([waits(HELPED, 29.9), DUE], "due"),
        ([waits(HELPED, 30), DUE], "helped"),
        ([waits(HELPED, 10), READY], "helped"),
        ([waits(replace(BACK, queue="tax", ticket="b"), 60), PLAIN], "plain"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_who_is_next(heads: list[Waiting], chosen: str, turned: bool) -> None:
    given = heads[::-1] if turned else heads
    assert choose(given, DUTY, Policy(), AT).ticket == chosen


@pytest.mark.parametrize(("minutes", "chosen"), [(2.9, "plain"), (3, "helped")])
def test_each_queue_says_after_how_long_it_is_helped(minutes: float, chosen: str) -> None:
    policy = Policy({"tax": timedelta(minutes=3)})
    assert choose([waits(HELPED, minutes), PLAIN], DUTY, policy, AT).ticket == chosen


@pytest.mark.parametrize("heads", [[], [replace(PLAIN, queue="elsewhere")]])
def test_nobody_waits_where_this_window_calls(heads: list[Waiting]) -> None:
    with pytest.raises(Refused) as no:
        choose(heads, DUTY, Policy(), AT)
    assert no.value.code is Refusal.NO_ONE_WAITING


def test_a_window_that_helps_nobody_calls_its_own() -> None:
    duty = WindowDuty(("social",))
    assert choose([waits(HELPED, 600), PLAIN], duty, Policy(), AT).ticket == "plain"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (WindowState.OPEN, None),
        (WindowState.PAUSED, Refusal.WINDOW_PAUSED),
        (WindowState.CLOSED, Refusal.WINDOW_NOT_OPEN),
    ],
)
def test_only_an_open_window_calls(state: WindowState, code: Refusal | None) -> None:
    if code is None:
        may_call(state, "3")
        return
    with pytest.raises(Refused) as no:
        may_call(state, "3")
    assert (no.value.code, no.value.facts) == (code, {"window": "3"})


@pytest.mark.parametrize("by_key", [False, True])
@pytest.mark.parametrize("given", [0, 1, 2, 3])
@pytest.mark.parametrize("present", [0, 2])
def test_the_last_who_opened_has_the_window_and_its_box_always_has(
    given: int, present: int, by_key: bool
) -> None:
    if given == present or (by_key and given == 0):
        holds_lease(given, present, "3", by_key=by_key)
        return
    with pytest.raises(Refused) as no:
        holds_lease(given, present, "3", by_key=by_key)
    assert no.value.code is Refusal.WINDOW_TAKEN_OVER


@pytest.mark.parametrize("limit", [0, 2, 9])
def test_a_number_returns_as_often_as_the_hall_allows(limit: int) -> None:
    within_returns(limit, limit, "A012")
    with pytest.raises(Refused) as no:
        within_returns(limit + 1, limit, "A012")
    assert no.value.code is Refusal.RETURN_LIMIT
    assert no.value.facts == {"number": "A012", "limit": limit}
