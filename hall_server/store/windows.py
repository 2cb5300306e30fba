"""Windows in the store: their state and their lease."""

from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import Window

window: Table = Window.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(window))
BY_ID = Statement(
    select(window).where(window.c.hall == bindparam("hall"), window.c.window == bindparam("window"))
)
EVERY = Statement(select(window).where(window.c.hall == bindparam("hall")))
CHANGE = Statement(
    update(window)
    .where(window.c.hall == bindparam("of_hall"), window.c.window == bindparam("of_window"))
    .values(
        state=bindparam("to_state"),
        reason=bindparam("to_reason"),
        generation=bindparam("to_generation"),
        staff=bindparam("to_staff"),
        rates=bindparam("to_rates"),
        paper=bindparam("to_paper"),
        paper_prints=bindparam("to_paper_prints"),
    )
)


def add(cursor: Cursor, hall: str, name: str) -> None:
    """A window of the layout, closed until somebody opens it."""
    cursor.run(
        ADD, hall=hall, window=name, state="closed", reason=None, generation=0, staff=None,
        rates=None, paper=None, paper_prints=None,
    )  # fmt: skip


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, window=name)


def every(cursor: Cursor, hall: str) -> list[Any]:
    return cursor.all(EVERY, hall=hall)


def change(cursor: Cursor, row: Any, **changes: Any) -> Any:
    """Write a window's new state; the row as it is now."""
    after = row._replace(**changes)
    cursor.run(
        CHANGE,
        of_hall=after.hall,
        of_window=after.window,
        to_state=after.state,
        to_reason=after.reason,
        to_generation=after.generation,
        to_staff=after.staff,
        to_rates=after.rates,
        to_paper=after.paper,
        to_paper_prints=after.paper_prints,
    )
    return after
