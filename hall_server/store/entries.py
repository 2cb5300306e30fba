"""Entries in the store: numbered for ever, their words erasable."""

from typing import Any

from sqlalchemy import Table, bindparam, func, select, text

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import Entry
from hall_server.store.rows import Rows

entry: Table = Entry.__table__  # type: ignore[attr-defined]

OF_HALL = entry.c.hall == bindparam("hall")
BY_ID = Statement(select(entry).where(OF_HALL, entry.c.id == bindparam("entry")))
OF_DATE = Statement(
    select(func.count().label("n"))
    .select_from(entry)
    .where(OF_HALL, entry.c.date == bindparam("date"))
)
LIVE = Statement(select(entry).where(OF_HALL, text("state <> 'closed'")).order_by(entry.c.id))
NEWEST = Statement(
    select(entry)
    .where(OF_HALL, entry.c.record < bindparam("before"))
    .order_by(entry.c.record.desc())
    .limit(bindparam("most"))
)
BY_RECORD = Statement(select(entry).where(OF_HALL, entry.c.record == bindparam("record")))
OF_TICKET = Statement(
    select(entry).where(entry.c.ticket == bindparam("ticket")).order_by(entry.c.record.desc())
)
ROWS = Rows(
    entry,
    "words",
    "answer",
    "state",
    "answered_by",
    "answered_at",
    "closed_at",
    "erased_at",
    "erased_for",
)
add, change = ROWS.add, ROWS.change


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, entry=name)


def by_record(cursor: Cursor, hall: str, record: str) -> Any:
    """The record of a number, or None."""
    return cursor.one(BY_RECORD, hall=hall, record=record)


def of_ticket(cursor: Cursor, ticket: str) -> list[Any]:
    """The records that were left with a ticket, the newest first."""
    return cursor.all(OF_TICKET, ticket=ticket)


def of_date(cursor: Cursor, hall: str, date: str) -> int:
    """How many records of a date there are."""
    return int(cursor.one(OF_DATE, hall=hall, date=date).n)


def live(cursor: Cursor, hall: str) -> list[Any]:
    """The records that are not closed, the oldest first."""
    return cursor.all(LIVE, hall=hall)


def newest(cursor: Cursor, hall: str, before: str, most: int) -> list[Any]:
    """At most `most` records, the newest first; those before a record number, or "9" for all."""
    return cursor.all(NEWEST, hall=hall, before=before, most=most)
