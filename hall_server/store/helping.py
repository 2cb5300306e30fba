"""Helper calls in the store: one open call a place."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, text, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import OPEN_CALL, HelperCall

helper_call: Table = HelperCall.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(helper_call))
OF_HALL = helper_call.c.hall == bindparam("hall")
BY_ID = Statement(select(helper_call).where(OF_HALL, helper_call.c.id == bindparam("call")))
OF_PLACE = Statement(
    select(helper_call).where(OF_HALL, helper_call.c.place == bindparam("place"), text(OPEN_CALL))
)
EVERY_OPEN = Statement(
    select(helper_call).where(OF_HALL, text(OPEN_CALL)).order_by(helper_call.c.id)
)
CHANGE = Statement(
    update(helper_call)
    .where(helper_call.c.id == bindparam("of"))
    .values(
        state=bindparam("to_state"),
        helper=bindparam("to_helper"),
        escalated=bindparam("to_escalated"),
        overdue_at=bindparam("to_overdue_at"),
        accepted_at=bindparam("to_accepted_at"),
        arrived_at=bindparam("to_arrived_at"),
        ended_at=bindparam("to_ended_at"),
    )
)


def add(cursor: Cursor, **row: Any) -> Any:
    """Write a new call; its row. The table's wall lets no place have two."""
    cursor.run(ADD, **row)
    return SimpleNamespace(**row)


def by_id(cursor: Cursor, hall: str, call: str) -> Any:
    return cursor.one(BY_ID, hall=hall, call=call)


def of_place(cursor: Cursor, hall: str, place: str) -> Any:
    """The open call of a place, or None."""
    return cursor.one(OF_PLACE, hall=hall, place=place)


def every_open(cursor: Cursor, hall: str) -> list[Any]:
    """The calls that have not ended, the oldest first."""
    return cursor.all(EVERY_OPEN, hall=hall)


def change(cursor: Cursor, row: Any, **changes: Any) -> Any:
    """Write a call's new state; the row as it is now."""
    after = row._replace(**changes)
    cursor.run(
        CHANGE,
        of=after.id,
        to_state=after.state,
        to_helper=after.helper,
        to_escalated=after.escalated,
        to_overdue_at=after.overdue_at,
        to_accepted_at=after.accepted_at,
        to_arrived_at=after.arrived_at,
        to_ended_at=after.ended_at,
    )
    return after
