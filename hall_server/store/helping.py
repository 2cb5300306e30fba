"""Helper calls in the store: one open call a place."""

from typing import Any

from sqlalchemy import Table, bindparam, select, text

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import OPEN_CALL, HelperCall
from hall_server.store.rows import Rows

helper_call: Table = HelperCall.__table__  # type: ignore[attr-defined]

OF_HALL = helper_call.c.hall == bindparam("hall")
BY_ID = Statement(select(helper_call).where(OF_HALL, helper_call.c.id == bindparam("call")))
OF_PLACE = Statement(
    select(helper_call).where(OF_HALL, helper_call.c.place == bindparam("place"), text(OPEN_CALL))
)
EVERY_OPEN = Statement(
    select(helper_call).where(OF_HALL, text(OPEN_CALL)).order_by(helper_call.c.id)
)
ROWS = Rows(
    helper_call,
    "state",
    "helper",
    "escalated",
    "overdue_at",
    "accepted_at",
    "arrived_at",
    "ended_at",
)
add, change = ROWS.add, ROWS.change


def by_id(cursor: Cursor, hall: str, call: str) -> Any:
    return cursor.one(BY_ID, hall=hall, call=call)


def of_place(cursor: Cursor, hall: str, place: str) -> Any:
    """The open call of a place, or None."""
    return cursor.one(OF_PLACE, hall=hall, place=place)


def every_open(cursor: Cursor, hall: str) -> list[Any]:
    """The calls that have not ended, the oldest first."""
    return cursor.all(EVERY_OPEN, hall=hall)
