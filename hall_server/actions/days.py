"""Deeds on the business day (业务日)."""

from typing import Any

from hall_server.actions import appointments, facts
from hall_server.store import days, helping, services, windows
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import CloseDay, OpenDay
from hall_server.words import HelpState, Refusal, Refused, ServiceState, WindowState


def open_day(tx: Tx, command: OpenDay) -> Done:
    """Open the day: numbers begin again at 1, and appointments of the days before are settled.
    A date opened twice is its second round.

    Raises day_already_open, or hall_unknown while the hall has no layout.
    """
    if tx.plan.layout is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall=tx.hall)
    if tx.head.day is not None:
        raise Refused(Refusal.DAY_ALREADY_OPEN, date=tx.date)
    appointments.settle_past_days(tx)
    row = days.add(tx.cursor, tx.hall, command.date, tx.at)
    tx.head = tx.head._replace(day=row.day, date=row.date)
    return Done(
        {"date": row.date, "round": row.round},
        {"ticket/*": None, **facts.day_facts(tx), "calls": []},
    )


def close_day(tx: Tx, _command: CloseDay) -> Done:
    """Close the day: live tickets expire (过期), windows close, helper calls
    end. Raises day_closed."""
    day, date = tx.day, tx.date
    for service in services.every_active(tx.cursor, tx.hall):
        services.change(tx.cursor, service, state=ServiceState.CANCELLED.value, ended_at=tx.at)
    expired = days.expire_tickets(tx.cursor, tx.hall, day)
    days.close(tx.cursor, tx.hall, day, tx.at)
    tx.head = tx.head._replace(day=None, date=None)
    told: dict[str, Any] = {"day": None, "calls": []}
    told |= dict.fromkeys(("ticket/*", "pad/*", "paper/*", "booked/*", "helper/*"))
    for window in windows.every(tx.cursor, tx.hall):
        after = windows.change(
            tx.cursor,
            window,
            state=WindowState.CLOSED.value,
            reason=None,
            rates=None,
            paper=None,
            paper_prints=None,
        )
        if after.window in tx.plan.windows:
            told |= facts.window_facts(after, None)
    for call in helping.every_open(tx.cursor, tx.hall):
        helping.change(tx.cursor, call, state=HelpState.ENDED.value, ended_at=tx.at)
    told |= facts.day_facts(tx)
    return Done({"date": date, "expired": expired}, told)
