"""The quick order of the forecast is the hall's own order, in every state."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.rules.calling import Due, WindowDuty, choose
from hall_server.rules.forecast.lines import Line, Visitor, best
from hall_server.rules.policy import Policy
from hall_server.simulate.rule import line_of, moment, waiting_in
from hall_server.words import Refused

QUEUES = ("general", "social", "tax")
NOON = 720.0
POLICY = Policy(ratio={"general": 1, "tax": 9})
DUTIES = st.permutations(range(3)).flatmap(
    lambda order: st.tuples(st.integers(1, 3), st.integers(0, 2)).map(
        lambda cut: (tuple(order[: cut[0]]), tuple(order[cut[0] : cut[0] + cut[1]]))
    )
)


@st.composite
def halls(draw: st.DrawFn) -> list[Line]:
    """Three lines in any state that a day may bring."""
    lines = [line_of(queue, POLICY) for queue in QUEUES]
    for line in lines:
        line.calls, line.run = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    people = draw(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.sampled_from(list(Due)),
                st.integers(0, 40),
                st.integers(-20, 20),
                st.integers(0, 8),
            ),
            max_size=14,
        )
    )
    ages = sorted((row[2] for row in people), reverse=True)
    for seq, (age, (number, due, _, slot, after_call)) in enumerate(zip(ages, people, strict=True)):
        taken = NOON - age
        visitor = Visitor(seq, taken, number, int(due), NOON + slot, 5.0, 2.0)
        if due is Due.RETURNED:
            lines[number].waiting += 1
            lines[number].give_back(visitor, after_call)
        else:
            lines[number].add(visitor)
    return lines


@settings(max_examples=600, deadline=None)
@given(halls(), DUTIES)
def test_the_quick_order_and_choose_empty_the_hall_alike(
    lines: list[Line], duty: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    own, backup = ([lines[n] for n in numbers] for numbers in duty)
    names = [tuple(QUEUES[n] for n in numbers) for numbers in duty]
    for _ in range(20):
        heads = [head for n, line in enumerate(lines) for head in waiting_in(line, QUEUES[n])]
        found = best(own, backup, NOON)
        try:
            choice = choose(heads, WindowDuty(*names), POLICY, moment(NOON))
        except Refused:
            assert found is None
            return
        assert found is not None
        line, pick = found
        assert (str(pick[2]), QUEUES[lines.index(line)]) == (choice.ticket, choice.queue)
        line.take(pick)
        assert line.run == choice.run
