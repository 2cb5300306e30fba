"""Offline numbers in the store that the hall could not take in (未并入)."""

from typing import Any

from sqlalchemy import Table, bindparam, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import Unmerged
from hall_server.store.rows import Rows

unmerged: Table = Unmerged.__table__  # type: ignore[attr-defined]

OF_HALL = unmerged.c.hall == bindparam("hall")
BY_ID = Statement(select(unmerged).where(OF_HALL, unmerged.c.id == bindparam("unmerged")))
OPEN = Statement(
    select(unmerged).where(OF_HALL, unmerged.c.settled_at.is_(None)).order_by(unmerged.c.id)
)
ROWS = Rows(unmerged, "settled_by", "settled_at")
add, change = ROWS.add, ROWS.change


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, unmerged=name)


def every_open(cursor: Cursor, hall: str) -> list[Any]:
    """Those that nobody has seen to, the oldest first."""
    return cursor.all(OPEN, hall=hall)
