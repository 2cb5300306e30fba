"""Ratings (好差评) in the store: one for a service, for ever."""

from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import RatingReasons
from hall_server.store.tables import Rating

rating: Table = Rating.__table__  # type: ignore[attr-defined]
reasons: Table = RatingReasons.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(rating))
OF = Statement(select(rating).where(rating.c.service == bindparam("service")))
EXPLAIN = Statement(insert(reasons))
REASONS_OF = Statement(select(reasons).where(reasons.c.service == bindparam("service")))
LEVELS = Statement(
    select(rating.c.level, func.count().label("n"))
    .where(rating.c.hall == bindparam("hall"))
    .group_by(rating.c.level)
    .order_by(rating.c.level.desc())
)


def add(cursor: Cursor, **row: Any) -> None:
    cursor.run(ADD, **row)


def of(cursor: Cursor, service: str) -> Any:
    """The rating of a service, or None: not rated (未评价) stays that."""
    return cursor.one(OF, service=service)


def explain(cursor: Cursor, **row: Any) -> None:
    """Keep why a service was rated so."""
    cursor.run(EXPLAIN, **row)


def reasons_of(cursor: Cursor, service: str) -> Any:
    """Why a service was rated so, or None."""
    return cursor.one(REASONS_OF, service=service)


def levels(cursor: Cursor, hall: str) -> dict[int, int]:
    """How many ratings of each level a hall has."""
    return {row.level: row.n for row in cursor.all(LEVELS, hall=hall)}
