"""Deeds on offline numbers that could not come in (未并入): told to the manager, seen to."""

from typing import Any

from hall_server.actions.facts import unmerged_fact
from hall_server.rules.offline import within_unmerged
from hall_server.store import ids, unmerged
from hall_server.store.transaction import Done, Tx
from hall_server.wire.offline import ReportUnmerged, SettleUnmerged
from hall_server.words import Refusal, Refused


def report_unmerged(tx: Tx, command: ReportUnmerged) -> Done:
    """A kiosk tells of a number that the hall would not take in: its holder waits, and nobody
    will call it, until somebody sees to it. Raises too_busy where too many are told of."""
    within_unmerged(len(unmerged.every_open(tx.cursor, tx.hall)))
    row = unmerged.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        kiosk=tx.who.name,
        number=command.number,
        queue=command.queue,
        date=command.date,
        taken_at=command.taken_at,
        reason=command.refusal.value,
        at=tx.at,
        settled_by=None,
        settled_at=None,
    )
    return _told(row)


def settle_unmerged(tx: Tx, command: SettleUnmerged) -> Done:
    """Its holder has been seen to (已处理). Raises ticket_unknown where there is none, or
    ticket_over where somebody was quicker."""
    row = unmerged.by_id(tx.cursor, tx.hall, command.unmerged)
    if row is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    if row.settled_at is not None:
        raise Refused(Refusal.TICKET_OVER, number=row.number)
    return _told(unmerged.change(tx.cursor, row, settled_by=tx.who.name, settled_at=tx.at))


def _told(row: Any) -> Done:
    fact = None if row.settled_at is not None else unmerged_fact(row)
    return Done({"unmerged": row.id, "number": row.number}, {f"unmerged/{row.id}": fact})
