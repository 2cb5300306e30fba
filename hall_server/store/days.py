"""Business days (业务日) in the store."""

from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import LIVE_STATES, BusinessDay, Ticket

business_day: Table = BusinessDay.__table__  # type: ignore[attr-defined]
ticket: Table = Ticket.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(business_day))
BY_ID = Statement(
    select(business_day).where(
        business_day.c.hall == bindparam("hall"), business_day.c.day == bindparam("day")
    )
)
LAST = Statement(
    select(func.max(business_day.c.day).label("day")).where(
        business_day.c.hall == bindparam("hall")
    )
)
ROUNDS = Statement(
    select(func.count().label("n"))
    .select_from(business_day)
    .where(business_day.c.hall == bindparam("hall"), business_day.c.date == bindparam("date"))
)
LAST_DATE = Statement(
    select(business_day.c.date)
    .where(business_day.c.hall == bindparam("hall"))
    .order_by(business_day.c.day.desc())
    .limit(1)
)
CLOSE = Statement(
    update(business_day)
    .where(business_day.c.hall == bindparam("of_hall"), business_day.c.day == bindparam("of_day"))
    .values(closed_at=bindparam("to_closed_at"))
)
EXPIRE = Statement(
    update(ticket)
    .where(
        ticket.c.hall == bindparam("of_hall"),
        ticket.c.day == bindparam("of_day"),
        text(LIVE_STATES),
    )
    .values(state=bindparam("to_state"), window=bindparam("to_window"))
)


def add(cursor: Cursor, hall: str, date: str, at: int) -> Any:
    """Open a day: row (hall, day, date, round, …). A date opened again is its next round."""
    before = last(cursor, hall)
    rounds = int(cursor.one(ROUNDS, hall=hall, date=date).n)
    day = 1 if before is None else before + 1
    cursor.run(ADD, hall=hall, day=day, date=date, round=rounds + 1, opened_at=at, closed_at=None)
    return by_id(cursor, hall, day)


def by_id(cursor: Cursor, hall: str, day: int) -> Any:
    return cursor.one(BY_ID, hall=hall, day=day)


def last(cursor: Cursor, hall: str) -> int | None:
    """The last day that was opened, or None."""
    found: int | None = cursor.one(LAST, hall=hall).day
    return found


def last_date(cursor: Cursor, hall: str) -> str | None:
    """The date of the last day that was opened, or None."""
    row = cursor.one(LAST_DATE, hall=hall)
    return None if row is None else str(row.date)


def close(cursor: Cursor, hall: str, day: int, at: int) -> None:
    cursor.run(CLOSE, of_hall=hall, of_day=day, to_closed_at=at)


def expire_tickets(cursor: Cursor, hall: str, day: int) -> int:
    """Every live ticket of the day ends as expired (过期); how many there were."""
    return cursor.run(EXPIRE, of_hall=hall, of_day=day, to_state="expired", to_window=None)
