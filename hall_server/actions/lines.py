"""A queue's line, from the store to the rule: who waits there, and how many are before one."""

from datetime import datetime
from typing import Any

from hall_server.rules import forecast
from hall_server.rules.calling import Due, Policy, Waiting
from hall_server.store import tickets
from hall_server.store.database import Cursor
from hall_server.wire.hours import instant


def waiting(row: Any, sums: Any) -> Waiting:
    """A waiting ticket's row and its queue's sums, as the rule sees them."""
    return Waiting(
        row.id,
        row.queue,
        Due(row.due),
        row.taken_seq,
        instant(row.taken_at),
        row.after_call,
        sums.calls,
        sums.run,
        None if row.slot is None else instant(row.slot),
    )


def ahead(cursor: Cursor, ticket: Any, policy: Policy, now: datetime) -> int:
    """How many are called before a waiting ticket (前面还有几人), by the hall's own rule."""
    sums = tickets.sums(cursor, ticket.hall, ticket.day, ticket.queue)
    line = tickets.line(cursor, ticket.hall, ticket.day, ticket.queue)
    return forecast.ahead([waiting(row, sums) for row in line], ticket.id, policy, now)
