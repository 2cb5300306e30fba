"""Salts of what is erased some day: each a secret of its own, erased with it."""

from sqlalchemy import Table, bindparam, delete, insert, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import WordSalt

salt: Table = WordSalt.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(salt))
OF = Statement(
    select(salt.c.salt).where(
        salt.c.hall == bindparam("hall"),
        salt.c.caller == bindparam("caller"),
        salt.c.command == bindparam("command"),
    )
)
ERASE = Statement(
    delete(salt).where(salt.c.hall == bindparam("hall"), salt.c.about == bindparam("about"))
)


def add(cursor: Cursor, **row: str) -> None:
    cursor.run(ADD, **row)


def of(cursor: Cursor, hall: str, caller: str, command: str) -> str | None:
    """What a command was salted with, or None: what it brought is erased."""
    row = cursor.one(OF, hall=hall, caller=caller, command=command)
    return None if row is None else str(row.salt)


def erase(cursor: Cursor, hall: str, about: str) -> None:
    """Forget what was salted of a record, a service or an appointment."""
    cursor.run(ERASE, hall=hall, about=about)
