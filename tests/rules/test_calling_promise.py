"""The rule "promise and ratio": who is due, the ratio, the reasons, and the bound."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.language import facts_of, say
from hall_server.rules.calling import Due, Waiting, WindowDuty, choose, firsts, standing
from hall_server.rules.policy import WHOLE_DAY, Policy
from hall_server.words import Refused

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWN = WindowDuty(("social",))
HELPING = WindowDuty(("social",), ("tax",))


def ticket(name: str, due: Due, seq: int, minutes: float = 0, **more: object) -> Waiting:
    """A ticket of the queue social, taken so many minutes ago."""
    waiting = Waiting(name, "social", due, seq, AT - minutes * MINUTE)
    return replace(waiting, **more)  # type: ignore[arg-type]


def booked(name: str, seq: int, slot_in: float, **more: object) -> Waiting:
    """Somebody who checked in 20 minutes ago for a slot in so many minutes."""
    return ticket(name, Due.BOOKED, seq, 20, slot=AT + slot_in * MINUTE, **more)


def in_row(run: int, *heads: Waiting) -> list[Waiting]:
    """The same, after so many due calls in a row."""
    return [replace(head, queue_run=run) for head in heads]


PLAIN = ticket("plain", Due.PLAIN, 5, 15)
LONG = ticket("long", Due.PLAIN, 5, 55)
FIVE = Policy(due_before=5 * MINUTE)  # callable 10 minutes before the slot, but due only at 5


@pytest.mark.parametrize(
    ("heads", "chosen", "codes"),
    [
        ([PLAIN], "plain", ["in_order"]),
        ([PLAIN, booked("b", 9, 5)], "b", ["due"]),
        ([PLAIN, booked("b", 9, 5.1)], "plain", ["in_order"]),
        ([PLAIN, booked("b", 4, 9.9)], "b", ["in_order"]),
        ([PLAIN, booked("b", 4, 10.1)], "plain", ["in_order"]),
        ([PLAIN, booked("b", 9, -9)], "b", ["due"]),
        ([booked("b", 9, -9)], "b", ["due_alone"]),
        ([booked("b", 9, -1), booked("c", 3, 1)], "b", ["due_alone"]),
        # A slot of 9:00 and a priority ticket of 8:56 are both promised: the earlier first.
        ([booked("b", 9, 0), ticket("p", Due.DUE, 8, 4)], "b", ["due_alone"]),
        ([booked("b", 9, 2), ticket("p", Due.DUE, 8, 4)], "p", ["due_alone"]),
        ([PLAIN, ticket("p", Due.DUE, 8, queue_run=1)], "p", ["due_last"]),
        ([PLAIN, ticket("p", Due.DUE, 8, queue_run=2)], "plain", ["ratio"]),
        ([PLAIN, ticket("p", Due.DUE, 4, queue_run=2)], "p", ["ratio"]),
        ([ticket("p", Due.DUE, 8, queue_run=2)], "p", ["due_alone"]),
        ([ticket("r", Due.RETURNED, 1, after_call=9, queue_calls=9)], "r", ["returned"]),
        ([ticket("r", Due.RETURNED, 1, after_call=9, queue_calls=8)], "r", ["returned_early"]),
    ],
)
def test_who_is_called_and_why(heads: list[Waiting], chosen: str, codes: list[str]) -> None:
    waiting = in_row(max(head.queue_run for head in heads), *heads)
    choice = choose(waiting, OWN, FIVE, AT)
    assert (choice.ticket, [reason.code for reason in choice.reasons]) == (chosen, codes)


def test_who_booked_is_due_as_soon_as_he_may_be_called() -> None:
    assert choose([PLAIN, booked("b", 9, 10)], OWN, Policy(), AT).ticket == "b"


@pytest.mark.parametrize(
    ("heads", "chosen", "codes"),
    [
        ([LONG, booked("b", 9, 0)], "long", ["plain_due"]),
        ([LONG, booked("b", 4, 0)], "b", ["plain_due"]),
        ([ticket("long", Due.PLAIN, 5, 54.9), booked("b", 9, 0)], "b", ["due"]),
        # An elder still goes first, and then by number.
        ([LONG, ticket("p", Due.DUE, 8), booked("b", 9, 0)], "p", ["due"]),
        ([LONG, ticket("p", Due.DUE, 8, queue_run=2), booked("b", 9, 0)], "long", ["ratio"]),
        ([LONG], "long", ["in_order"]),
        # A returned number has waited by its own fault.
        ([ticket("r", Due.RETURNED, 1, 90), booked("b", 9, 0)], "b", ["due"]),
    ],
)
def test_once_a_plain_number_has_waited_long_the_booked_go_by_number(
    heads: list[Waiting], chosen: str, codes: list[str]
) -> None:
    waiting = in_row(max(head.queue_run for head in heads), *heads)
    choice = choose(waiting, OWN, Policy(), AT)
    assert (choice.ticket, [reason.code for reason in choice.reasons]) == (chosen, codes)
    if codes == ["plain_due"]:
        assert choice.reasons[0].facts == {"minutes": 55}
        assert choice.run == 0
        whole_day = Policy(plain_within=WHOLE_DAY)
        assert choose(waiting, OWN, whole_day, AT).reasons[0].code == "due"


def test_of_two_lines_the_one_whose_plain_number_has_waited_long_is_due_too() -> None:
    both = WindowDuty(("social", "tax"))
    taxed = Waiting("t", "tax", Due.BOOKED, 9, AT - 20 * MINUTE, slot=AT + MINUTE)
    assert choose([LONG, taxed], both, Policy(), AT).ticket == "long"
    sooner = replace(taxed, slot=AT - MINUTE)
    assert choose([LONG, sooner], both, Policy(), AT).ticket == "t"
    assert choose([ticket("p", Due.PLAIN, 5, 54), taxed], both, Policy(), AT).ticket == "t"


def test_numbers_of_the_same_order_go_by_id() -> None:
    """Numbers merged from an offline kiosk share the order of the one they stand behind."""
    for due in (Due.PLAIN, Due.DUE, Due.RETURNED, Due.BOOKED):
        slot = AT if due is Due.BOOKED else None
        same = [ticket(name, due, 7, 15, slot=slot) for name in "ab"]
        for heads in (same, same[::-1]):
            assert choose(heads, OWN, Policy(), AT).ticket == "a"
            assert [one.ticket for one in firsts(heads, Policy(), AT)] == ["a"]
    mixed = [ticket("b", Due.DUE, 7, 15, queue_run=2), ticket("a", Due.PLAIN, 7, 15, queue_run=2)]
    assert {choose(heads, OWN, Policy(), AT).ticket for heads in (mixed, mixed[::-1])} == {"a"}


def test_nobody_is_called_more_than_ten_minutes_before_the_slot() -> None:
    with pytest.raises(Refused):
        choose([booked("b", 1, 10.1)], OWN, Policy(), AT)


@pytest.mark.parametrize(
    ("own", "other", "chosen", "code"),
    [
        ([], 0.0, "t", "help_idle"),
        ([PLAIN], 24.9, "plain", "in_order"),
        ([PLAIN], 25.0, "t", "help_older"),
        # With somebody due at hand it helps only those who have waited 3 times that longer.
        ([ticket("p", Due.DUE, 8), PLAIN], 44.9, "p", "due"),
        ([ticket("p", Due.DUE, 8), PLAIN], 45.0, "t", "help_older"),
        ([LONG], 84.9, "long", "in_order"),
        ([LONG], 85.0, "t", "help_older"),
        ([booked("later", 1, 30)], 0.0, "t", "help_idle"),
        ([ticket("r", Due.RETURNED, 1, 90, after_call=1)], 0.0, "t", "help_idle"),
    ],
)
def test_a_window_helps_when_idle_or_when_they_have_waited_longer(
    own: list[Waiting], other: float, chosen: str, code: str
) -> None:
    taxed = Waiting("t", "tax", Due.PLAIN, 2, AT - other * MINUTE)
    choice = choose([*own, taxed], HELPING, Policy(), AT)
    assert (choice.ticket, choice.reasons[0].code) == (chosen, code)
    if code == "help_older":
        assert choice.reasons[0].facts == {"queue": "tax", "minutes": int(other)}


def test_the_helped_line_counts_by_its_oldest_not_by_whom_it_sends() -> None:
    elder = Waiting("elder", "tax", Due.DUE, 9, AT)
    old = Waiting("old", "tax", Due.PLAIN, 2, AT - 40 * MINUTE)
    choice = choose([PLAIN, elder, old], HELPING, Policy(), AT)
    assert (choice.ticket, choice.reasons[0].code, choice.run) == ("elder", "help_older", 1)


def test_every_reason_has_a_sentence_and_brings_its_facts() -> None:
    heads = [
        [PLAIN],
        [PLAIN, ticket("p", Due.DUE, 8)],
        in_row(1, PLAIN, ticket("p", Due.DUE, 8)),
        in_row(2, PLAIN, ticket("p", Due.DUE, 8)),
        [ticket("p", Due.DUE, 8)],
        [ticket("r", Due.RETURNED, 1)],
        [ticket("r", Due.RETURNED, 1, after_call=1)],
        [PLAIN, Waiting("t", "tax", Due.PLAIN, 2, AT - 60 * MINUTE)],
        [Waiting("t", "tax", Due.PLAIN, 2, AT)],
        [LONG, booked("b", 9, 0)],
    ]
    seen = set()
    for one in heads:
        for reason in choose(one, HELPING, Policy(), AT).reasons:
            seen.add(reason.code)
            assert facts_of(f"reasons.{reason.code}") <= set(reason.facts)
            assert say(f"reasons.{reason.code}", "en", **reason.facts)
    assert len(seen) == 10


@pytest.mark.parametrize(
    ("priority", "slot_in", "due", "kept"),
    [
        (False, None, Due.PLAIN, False),
        (True, None, Due.DUE, False),
        (False, 30, Due.BOOKED, True),
        (False, -10, Due.BOOKED, True),
        (False, -10.1, Due.PLAIN, False),
        (True, -10.1, Due.DUE, False),
        (True, 5, Due.BOOKED, True),
        (True, 5.1, Due.DUE, False),
    ],
)
def test_how_a_new_ticket_stands(
    priority: bool, slot_in: float | None, due: Due, kept: bool
) -> None:
    slot = None if slot_in is None else AT + slot_in * MINUTE
    stands = standing(priority=priority, slot=slot, taken_at=AT, policy=Policy())
    assert stands == (due, slot if kept else None)


@st.composite
def lines(draw: st.DrawFn) -> list[Waiting]:
    """All who wait in two lines: any standings, tickets in the order of their times."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["social", "tax"]),
                st.sampled_from(list(Due)),
                st.integers(0, 50),
                st.integers(-30, 30),
                st.integers(0, 4),
            ),
            max_size=12,
        )
    )
    counts = {q: (draw(st.integers(0, 4)), draw(st.integers(0, 3))) for q in ("social", "tax")}
    ages = sorted((row[2] for row in rows), reverse=True)
    return [
        Waiting(
            str(seq),
            queue,
            due,
            seq,
            AT - age * MINUTE,
            after_call,
            *counts[queue],
            slot=AT + slot * MINUTE if due is Due.BOOKED else None,
        )
        for seq, (age, (queue, due, _, slot, after_call)) in enumerate(zip(ages, rows, strict=True))
    ]


@given(lines(), st.sampled_from([OWN, HELPING, WindowDuty(("social", "tax"))]))
def test_the_few_that_a_store_finds_are_enough(waiting: list[Waiting], duty: WindowDuty) -> None:
    few = [
        head
        for queue in ("social", "tax")
        for head in firsts([one for one in waiting if one.queue == queue], Policy(), AT)
    ]
    assert len(few) <= 12

    def answer(heads: list[Waiting]) -> object:
        try:
            return choose(heads, duty, Policy(), AT)
        except Refused as no:
            return no.code

    assert answer(few) == answer(waiting)
