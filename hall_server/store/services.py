"""Services in the store: one row for each handling of a ticket at a window."""

from typing import Any

from sqlalchemy import Table, bindparam, select, text

from hall_server.store.database import Cursor, Statement
from hall_server.store.rows import Rows
from hall_server.store.tables import ACTIVE, Service

service: Table = Service.__table__  # type: ignore[attr-defined]

AT_WINDOW = Statement(
    select(service).where(
        service.c.hall == bindparam("hall"),
        service.c.window == bindparam("window"),
        text(ACTIVE),
    )
)
EVERY_ACTIVE = Statement(
    select(service)
    .where(service.c.hall == bindparam("hall"), text(ACTIVE))
    .order_by(service.c.window)
)
BY_ID = Statement(
    select(service).where(service.c.hall == bindparam("hall"), service.c.id == bindparam("service"))
)
LAST_OF = Statement(
    select(service)
    .where(service.c.ticket == bindparam("ticket"))
    .order_by(service.c.called_seq.desc())
    .limit(1)
)
LAST_CALLS = Statement(
    select(service)
    .where(service.c.hall == bindparam("hall"), service.c.day == bindparam("day"))
    .order_by(service.c.called_seq.desc())
    .limit(bindparam("most"))
)
ROWS = Rows(service, "state", "calls", "called_seq", "called_at", "started_at", "ended_at")
add, change = ROWS.add, ROWS.change


def at_window(cursor: Cursor, hall: str, window: str) -> Any:
    """The active service of a window, or None."""
    return cursor.one(AT_WINDOW, hall=hall, window=window)


def every_active(cursor: Cursor, hall: str) -> list[Any]:
    return cursor.all(EVERY_ACTIVE, hall=hall)


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, service=name)


def last_of(cursor: Cursor, ticket: str) -> Any:
    """The service of a ticket that was called last, or None."""
    return cursor.one(LAST_OF, ticket=ticket)


def last_calls(cursor: Cursor, hall: str, day: int, most: int) -> list[Any]:
    """The services called last on a day, newest first."""
    return cursor.all(LAST_CALLS, hall=hall, day=day, most=most)
