"""How many are called before a ticket (前面还有几人): the hall's own order, played forward."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hall_server.rules.calling import Due, Waiting
from hall_server.rules.forecast.lines import MINUTE, Line, Visitor, line_values
from hall_server.rules.policy import WHOLE_DAY, Policy


def ahead(line: Sequence[Waiting], ticket: str, policy: Policy, now: datetime) -> int:
    """How many of those who wait in a queue the rule calls before this one of them, if nobody
    else comes and whoever is called is there.

    It counts as things stand now, but every slot as near: who is booked for later goes first if
    the line is long, and to promise too few is the worse error.

    >>> at = datetime(2026, 5, 1, 9)
    >>> line = [Waiting(f"A00{n}", "tax", Due.DUE if n > 1 else Due.PLAIN, n, at) for n in range(5)]
    >>> [ahead(line, f"A00{n}", Policy(), at) for n in range(5)]  # two of the due, then one
    [2, 4, 0, 1, 3]
    """
    queue = Line(
        *line_values(line[0].queue, replace(policy, due_before=WHOLE_DAY, never_before=WHOLE_DAY))
    )
    queue.calls, queue.run = line[0].queue_calls, line[0].queue_run
    # Numbers merged from offline kiosks share the seq of another: they go by ticket.
    for seq, one in enumerate(sorted(line, key=lambda one: (one.seq, one.ticket))):
        slot = 0.0 if one.slot is None else (one.slot - now) / MINUTE
        visitor = Visitor(seq, (one.taken_at - now) / MINUTE, 0, int(one.due), slot, 0.0, 0.0)
        visitor.name = one.ticket
        if one.due is Due.RETURNED:
            queue.waiting += 1
            queue.give_back(visitor, one.after_call)
        else:
            queue.add(visitor)
    called = 0
    while (pick := queue.pick(0.0)) is not None and pick[5].name != ticket:
        queue.take(pick)
        called += 1
    return called
