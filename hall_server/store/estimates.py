"""Estimates in the store: what each ticket was told of its wait, and what came of it."""

from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import WAITING, Estimate, Service, Ticket

estimate: Table = Estimate.__table__  # type: ignore[attr-defined]
service: Table = Service.__table__  # type: ignore[attr-defined]
ticket: Table = Ticket.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(estimate))
OF_WAITING = Statement(
    select(estimate.c.ticket, estimate.c.at, estimate.c.median, estimate.c.low, estimate.c.high)
    .join(ticket, ticket.c.id == estimate.c.ticket)
    .where(
        ticket.c.hall == bindparam("hall"),
        ticket.c.day == bindparam("day"),
        text(WAITING),
        # Who was passed over or sent on waits anew: what was said at first is not of this wait.
        ticket.c.passed == 0,
        ticket.c.queue == estimate.c.queue,
    )
)
# Ids of services are in the order of time: the least is the first call.
TOLD = (
    *(estimate.c.day, estimate.c.queue),
    *(estimate.c.at, estimate.c.median, estimate.c.low, estimate.c.high),
)
KEPT = Statement(
    select(*TOLD, func.min(service.c.id).label("first"))
    .join(service, service.c.ticket == estimate.c.ticket)
    .where(
        estimate.c.hall == bindparam("hall"),
        estimate.c.day >= bindparam("since"),
        estimate.c.day <= bindparam("until"),
    )
    .group_by(estimate.c.ticket, *TOLD)
)


def add(
    cursor: Cursor,
    *,
    ticket: str,
    hall: str,
    day: int,
    queue: str,
    at: int,
    median: int,
    low: int,
    high: int,
) -> None:
    """Keep what a new ticket was told; minutes."""
    cursor.run(
        ADD, ticket=ticket, hall=hall, day=day, queue=queue, at=at, median=median, low=low,
        high=high,
    )  # fmt: skip


def of_waiting(cursor: Cursor, hall: str, day: int) -> list[Any]:
    """What those who wait where they took their number were told: rows (ticket, at, median, low,
    high)."""
    return cursor.all(OF_WAITING, hall=hall, day=day)


def kept(cursor: Cursor, hall: str, since: int, until: int) -> list[Any]:
    """What was told on the days from `since` to `until` to those who were called since: rows
    (day, queue, at, median, low, high, first), `first` the id of their first service."""
    return cursor.all(KEPT, hall=hall, since=since, until=until)
