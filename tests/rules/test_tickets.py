"""What may become of a ticket, its number, its code, its quota and its reprints."""

import pytest

from hall_server.rules.tickets import (
    CODE_LENGTH,
    CODE_LETTERS,
    STEPS,
    code,
    number,
    step,
    within_quota,
    within_reprints,
)
from hall_server.words import LIVE_TICKETS, Refusal, Refused, TicketState

# The whole table: each deed on each live state, and what becomes of it.
TABLE = """
              waiting    called       serving      held       passed
call          called     -            -            -          -
call_by_hand  called     -            -            -          called
start         -          serving      -            -          -
finish        -          -            finished     -          -
hold          -          held         held         -          -
resume        -          -            -            serving    -
pass_over     -          passed       -            -          -
return        -          -            -            -          waiting
transfer      -          waiting      waiting      -          -
cancel        cancelled  -            -            cancelled  cancelled
expire        expired    expired      expired      expired    expired
"""
NO = {
    "call": Refusal.NOT_WAITING,
    "call_by_hand": Refusal.NOT_WAITING,
    "start": Refusal.NOTHING_CALLED,
    "finish": Refusal.NOT_SERVING,
    "hold": Refusal.NOT_SERVING,
    "resume": Refusal.NOT_HELD,
    "pass_over": Refusal.NOTHING_CALLED,
    "return": Refusal.NOT_PASSED,
    "transfer": Refusal.NOT_SERVING,
    "cancel": Refusal.ALREADY_SERVING,
}
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CASES = [
    (row[0], TicketState(state), after)
    for row in ROWS
    for state, after in zip(HEAD, row[1:], strict=True)
]
ENDED = [state for state in TicketState if state not in LIVE_TICKETS]


def test_the_table_is_whole() -> None:
    assert {deed for deed, _, _ in CASES} == set(STEPS)
    assert {state for _, state, _ in CASES} == LIVE_TICKETS


@pytest.mark.parametrize(("deed", "state", "after"), CASES)
def test_each_deed_on_each_state(deed: str, state: TicketState, after: str) -> None:
    if after != "-":
        assert step(deed, state, "A012") is TicketState(after)
        return
    with pytest.raises(Refused) as no:
        step(deed, state, "A012")
    assert no.value.code is NO[deed]
    assert no.value.facts == {"number": "A012", "state": state.value}


@pytest.mark.parametrize("deed", STEPS)
@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_has_ended(deed: str, state: TicketState) -> None:
    with pytest.raises(Refused) as no:
        step(deed, state, "A012")
    assert no.value.code is Refusal.TICKET_OVER
    assert no.value.facts == {"number": "A012", "state": state.value}


@pytest.mark.parametrize(
    ("prefix", "sequence", "printed"),
    [("A", 1, "A001"), ("A", 12, "A012"), ("AB", 999, "AB999"), ("A", 1000, "A1000")],
)
def test_the_printed_number(prefix: str, sequence: int, printed: str) -> None:
    assert number(prefix, sequence) == printed


@pytest.mark.parametrize(
    ("sequence", "quota", "passes"),
    [(1, None, True), (9999, None, True), (1, 1, True), (2, 1, False), (50, 50, True)],
)
def test_the_quota_counts_numbers_of_the_day(
    sequence: int, quota: int | None, passes: bool
) -> None:
    if passes:
        within_quota(sequence, quota, "社保")
        return
    with pytest.raises(Refused) as no:
        within_quota(sequence, quota, "社保")
    assert no.value.code is Refusal.QUOTA_USED_UP
    assert no.value.facts == {"queue": "社保", "quota": quota}


@pytest.mark.parametrize("prints", [1, 2, 3])
def test_three_reprints(prints: int) -> None:
    within_reprints(prints, "A012")


def test_the_fourth_reprint_is_a_persons_to_decide() -> None:
    with pytest.raises(Refused) as no:
        within_reprints(4, "A012")
    assert (no.value.code, no.value.facts) == (
        Refusal.REPRINT_LIMIT,
        {"number": "A012", "limit": 3},
    )


def test_a_code_has_four_letters_that_nobody_misreads() -> None:
    assert code([0, 1, 2, 3]) == CODE_LETTERS[:4]
    assert code(list(range(200, 256))) == code([200, 201, 202, 203])
    assert len(code([255] * CODE_LENGTH)) == CODE_LENGTH
    assert not set("01OILlo") & set(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) == len(CODE_LETTERS)


def test_every_letter_of_a_code_can_be_drawn() -> None:
    assert {code([draw] * 4)[0] for draw in range(256)} == set(CODE_LETTERS)
