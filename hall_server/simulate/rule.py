"""The rules that are compared, and the hall's own `choose` put in the place of the quick one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hall_server.rules import calling
from hall_server.rules.calling import Due, Waiting, WindowDuty
from hall_server.rules.forecast.lines import Line, Pick, line_values
from hall_server.rules.forecast.run import Run
from hall_server.rules.policy import WHOLE_DAY, Policy
from hall_server.words import Refused

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
NO_BOUND = 10**9  # a ratio: whoever is due goes first, which must break the guarantee


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name. `plain`: everybody is plain, which is first come, first served (先来后到)."""

    name: str
    policy: Policy
    plain: bool = False


FIRST_COME = Rule("first-come", Policy(plain_within=WHOLE_DAY), plain=True)
PROMISE = Rule("promise", Policy())


def line_of(queue: str, policy: Policy) -> Line:
    """An empty line under this policy."""
    return Line(*line_values(queue, policy))


class TrueRun(Run):
    """A run in which every call is made by `calling.choose` itself, on values as the store's.

    The quick order of the forecast must agree at every call: AssertionError where it does not.
    """

    names: Sequence[str] = ()
    policy = Policy()

    def choose(self, number: int, now: float) -> tuple[Line, Pick] | None:
        desk, at = self.desks[number], moment(now)
        own, backup = ([self.names[n] for n in lines] for lines in (desk.own, desk.backup))
        heads: list[Waiting] = []
        for n in (*desk.own, *desk.backup):
            heads += calling.firsts(waiting_in(self.lines[n], self.names[n]), self.policy, at)
        quick = super().choose(number, now)
        try:
            choice = calling.choose(heads, WindowDuty(tuple(own), tuple(backup)), self.policy, at)
        except Refused:
            assert quick is None
            return None
        assert quick is not None
        line, pick = quick
        _, _, seq, _, ready, visitor, _, counts = pick
        run = line.run if not ready else line.run + 1 if counts else 0
        assert (str(seq), self.names[visitor.line], run) == (
            choice.ticket,
            choice.queue,
            choice.run,
        )
        return quick


def waiting_in(line: Line, queue: str) -> list[Waiting]:
    """All who wait in a line, as `calling.choose` sees them; a ticket's name is its seq."""
    entries = [
        *((Due.PLAIN, 0, visitor) for _, visitor in line.plain),
        *((Due.DUE, 0, visitor) for _, visitor in line.due),
        *((Due.BOOKED, 0, visitor) for _, visitor in line.booked),
        *((Due.RETURNED, after_call, visitor) for after_call, _, visitor in line.returned),
    ]
    return [
        Waiting(
            str(visitor.seq),
            queue,
            due,
            visitor.seq,
            moment(visitor.taken),
            after_call,
            line.calls,
            line.run,
            moment(visitor.slot) if due is Due.BOOKED else None,
        )
        for due, after_call, visitor in entries
    ]


def moment(minutes: float) -> datetime:
    """The instant so many minutes after midnight, to the microsecond."""
    return MIDNIGHT + timedelta(minutes=minutes)
