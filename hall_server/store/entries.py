"""Entries in the store: numbered for ever, their words erasable."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import Entry

entry: Table = Entry.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(entry))
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
CHANGE = Statement(
    update(entry)
    .where(entry.c.id == bindparam("of"))
    .values(
        words=bindparam("to_words"),
        answer=bindparam("to_answer"),
        state=bindparam("to_state"),
        answered_by=bindparam("to_answered_by"),
        answered_at=bindparam("to_answered_at"),
        closed_at=bindparam("to_closed_at"),
        erased_at=bindparam("to_erased_at"),
    )
)


def add(cursor: Cursor, **row: Any) -> Any:
    """Write a new record; its row."""
    cursor.run(ADD, **row)
    return SimpleNamespace(**row)


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, entry=name)


def of_date(cursor: Cursor, hall: str, date: str) -> int:
    """How many records of a date there are."""
    return int(cursor.one(OF_DATE, hall=hall, date=date).n)


def live(cursor: Cursor, hall: str) -> list[Any]:
    """The records that are not closed, the oldest first."""
    return cursor.all(LIVE, hall=hall)


def newest(cursor: Cursor, hall: str, before: str, most: int) -> list[Any]:
    """At most `most` records, the newest first; those before a record number, or "9" for all."""
    return cursor.all(NEWEST, hall=hall, before=before, most=most)


def change(cursor: Cursor, row: Any, **changes: Any) -> Any:
    """Write a record's new state; the row as it is now."""
    after = row._replace(**changes)
    cursor.run(
        CHANGE,
        of=after.id,
        to_words=after.words,
        to_answer=after.answer,
        to_state=after.state,
        to_answered_by=after.answered_by,
        to_answered_at=after.answered_at,
        to_closed_at=after.closed_at,
        to_erased_at=after.erased_at,
    )
    return after
