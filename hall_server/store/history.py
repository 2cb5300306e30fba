"""What a hall has been through, for those who learn from it: past days, services, arrivals."""

from typing import Any

from sqlalchemy import Table, bindparam, func, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import BusinessDay, Service, Ticket
from hall_server.store.tickets import OF_ITS_DAY

business_day: Table = BusinessDay.__table__  # type: ignore[attr-defined]
service: Table = Service.__table__  # type: ignore[attr-defined]
ticket: Table = Ticket.__table__  # type: ignore[attr-defined]

PAST_DAYS = Statement(
    select(business_day)
    .where(business_day.c.hall == bindparam("hall"), business_day.c.closed_at.is_not(None))
    .order_by(business_day.c.day.desc())
    .limit(bindparam("most"))
)
# The day first: both tables have an index that begins with the hall and the day.
FINISHED = Statement(
    select(service.c.id, service.c.queue, service.c.window, service.c.ended_at)
    .where(
        service.c.hall == bindparam("hall"),
        service.c.day >= bindparam("since"),
        service.c.day <= bindparam("until"),
        service.c.state == "finished",
    )
    .order_by(service.c.called_seq)
)
TAKEN = Statement(
    select(ticket.c.day, ticket.c.queue, ticket.c.priority, ticket.c.slot, ticket.c.taken_at)
    .where(
        ticket.c.hall == bindparam("hall"),
        ticket.c.day >= bindparam("since"),
        ticket.c.day <= bindparam("until"),
        ticket.c.taken_at >= bindparam("after"),
    )
    .order_by(ticket.c.taken_seq)
)

ITEMS_TAKEN = Statement(
    select(ticket.c.item, func.count().label("n"))
    .join(
        business_day,
        OF_ITS_DAY,
    )
    .where(
        ticket.c.hall == bindparam("hall"),
        business_day.c.date >= bindparam("since"),
        ticket.c.item.is_not(None),
    )
    .group_by(ticket.c.item)
    .order_by(func.count().desc(), ticket.c.item)
    .limit(100)
)


def past_days(cursor: Cursor, hall: str, most: int) -> list[Any]:
    """The last closed business days, newest first."""
    return cursor.all(PAST_DAYS, hall=hall, most=most)


def finished(cursor: Cursor, hall: str, since: int, until: int) -> list[Any]:
    """The finished services of the days from `since` to `until`: rows (id, queue, window,
    ended_at)."""
    return cursor.all(FINISHED, hall=hall, since=since, until=until)


def taken(cursor: Cursor, hall: str, since: int, until: int, after: int = 0) -> list[Any]:
    """The numbers taken on those days, `after` a moment in milliseconds: rows (day, queue,
    priority, slot, taken_at)."""
    return cursor.all(TAKEN, hall=hall, since=since, until=until, after=after)


def items_taken(cursor: Cursor, hall: str, since: str) -> list[str]:
    """The hundred items for which most numbers were taken since a date, the first of them the
    one that people came for most."""
    return [row.item for row in cursor.all(ITEMS_TAKEN, hall=hall, since=since)]
