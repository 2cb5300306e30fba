"""Devices in the store: one row for each, replaced by what is told next."""

from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.device_table import Device

device: Table = Device.__table__  # type: ignore[attr-defined]

OF_MACHINE = Statement(
    select(device).where(
        device.c.hall == bindparam("hall"), device.c.machine == bindparam("machine")
    )
)
EVERY = Statement(select(device).where(device.c.hall == bindparam("hall")))
REMOVE = Statement(
    delete(device).where(
        device.c.hall == bindparam("hall"),
        device.c.machine == bindparam("machine"),
        device.c.device == bindparam("device"),
    )
)
ADD = Statement(insert(device))


def of_machine(cursor: Cursor, hall: str, machine: str) -> dict[str, Any]:
    """The devices of one machine by name."""
    return {row.device: row for row in cursor.all(OF_MACHINE, hall=hall, machine=machine)}


def every(cursor: Cursor, hall: str) -> list[Any]:
    return cursor.all(EVERY, hall=hall)


def remove(cursor: Cursor, hall: str, machine: str, name: str) -> None:
    cursor.run(REMOVE, hall=hall, machine=machine, device=name)


def put(cursor: Cursor, **row: Any) -> None:
    """Write how a device is now, whether it was known or not."""
    remove(cursor, row["hall"], row["machine"], row["device"])
    cursor.run(ADD, **row)
