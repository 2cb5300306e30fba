"""Hands in the database: changing what the program never changes, around its walls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, event, text

from hall_server.hall import Hall
from hall_server.store import heads, journal
from hall_server.store.database import Cursor, sqlite_module
from hall_server.store.store import Store
from hall_server.store.tables import FOR_EVER
from tests.builders import HALL


@contextmanager
def database(url: str) -> Iterator[Connection]:
    """The bare database, as somebody with the file or the password has it."""
    more: dict[str, Any] = {"module": sqlite_module()} if url.startswith("sqlite") else {}
    engine = create_engine(url, **more)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA foreign_keys=ON"))
            yield connection
    finally:
        engine.dispose()


def drop_walls(connection: Connection) -> None:
    """Take the triggers away, as whoever can write the file can."""
    on = {"sqlite": "", "postgresql": " ON {table}"}[connection.dialect.name]
    for table in FOR_EVER:
        for deed in ("update", "delete"):
            place = on.format(table=table)
            connection.execute(text(f"DROP TRIGGER {table}_no_{deed}{place}"))


def verified(url: str) -> journal.Broken | int:
    """What the journal's verification finds in this database."""

    def ask(cursor: Cursor) -> journal.Broken | int:
        head = next(head for head in heads.every_head(cursor) if head.hall == HALL)
        return journal.verify(cursor, head)

    store = Store(url)
    try:
        return store.read(ask)
    finally:
        store.close()


class Trouble:
    """Trouble of the database itself, on every connection that the writer opens from now on."""

    def __init__(self, hall: Hall) -> None:
        self.pragma: str | None = None
        engine = hall.store._write_engine
        event.listen(engine, "connect", self._connected)
        engine.dispose()

    def _connected(self, connection: Any, _record: Any) -> None:
        if self.pragma is not None:
            connection.execute(self.pragma)
