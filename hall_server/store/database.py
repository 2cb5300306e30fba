"""The database under the store: engines, pragmas, and statements compiled once."""

from collections import namedtuple
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import CompilerElement

# synchronous=FULL: NORMAL lost acknowledged tickets in 78 % of simulated power cuts.
# secure_delete: erased personal data must not stay in free pages.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=4000",
)
# A server that has gone, or another process that holds a hall's head and has stopped, must be
# noticed: the commands that wait are answered, and asked again.
REACH = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
PATIENCE = "SET lock_timeout = '3s'; SET idle_in_transaction_session_timeout = '1min'"


def sqlite_module() -> Any:
    """The SQLite that carries the WAL-reset fix (3.51.3 and later); Python's own does not."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # no wheel on Windows: there is one connection that writes, see writer.py
        import sqlite3 as dbapi2
    return dbapi2


def open_engine(url: str, read_only: bool = False) -> Engine:
    """An engine for a database URL: sqlite:///file or postgresql+psycopg://…"""
    if not url.startswith("sqlite"):
        return _open_postgresql(url, read_only)
    engine = create_engine(
        url, module=sqlite_module(), connect_args={"check_same_thread": False, "timeout": 5}
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA wal_autocheckpoint=0")

    return engine


def _open_postgresql(url: str, read_only: bool) -> Engine:
    # Whoever reads sees one moment, as on SQLite: a chain may grow while it is verified.
    whole = {"pool_pre_ping": True, "isolation_level": "REPEATABLE READ"} if read_only else {}
    engine = create_engine(url, pool_size=4, max_overflow=4, connect_args=REACH, **whole)

    @event.listens_for(engine, "connect")
    def _patience(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # else the rollback at its return would undo it
        connection.execute(PATIENCE)
        connection.autocommit = False

    return engine


class Statement:
    """A SQLAlchemy Core statement, compiled once for each engine and then run on the bare
    cursor: the ORM costs 5 to 25 times as much on the hot path, and Core's own execution
    still more than the database."""

    def __init__(self, what: Executable) -> None:
        self._what = what
        self._compiled: dict[str, _Compiled] = {}

    def on(self, dialect: Dialect) -> "_Compiled":
        """This statement in an engine's own SQL."""
        known = self._compiled.get(dialect.name)
        if known is None:
            assert isinstance(self._what, CompilerElement)
            known = self._compiled[dialect.name] = _Compiled(self._what.compile(dialect=dialect))
        return known


class _Compiled:
    def __init__(self, made: Any) -> None:
        self.text = str(made)
        self.changes = bool(made.isinsert or made.isupdate or made.isdelete)
        make_row: Any = namedtuple  # the columns are known only now
        self.row = make_row("Row", [entry.keyname for entry in made._result_columns])._make
        # Constants written into a statement become bound values too.
        self._constants = {name: value for name, value in made.params.items() if value is not None}
        self._places: list[str] | None = made.positiontup

    def values(self, values: dict[str, Any]) -> Any:
        if self._constants:
            values = {**self._constants, **values}
        return [values[name] for name in self._places] if self._places is not None else values


class Cursor:
    """Runs statements on one open transaction."""

    def __init__(self, cursor: Any, dialect: Dialect) -> None:
        self._cursor, self.dialect = cursor, dialect
        self.written = 0  # statements that change something

    def run(self, statement: Statement, **values: Any) -> int:
        """Run; the number of rows that it touched."""
        on = statement.on(self.dialect)
        self.written += 1
        self._cursor.execute(on.text, on.values(values))
        return int(self._cursor.rowcount)

    def one(self, statement: Statement, **values: Any) -> Any:
        """The first row, or None."""
        on = statement.on(self.dialect)
        self.written += on.changes
        self._cursor.execute(on.text, on.values(values))
        found = self._cursor.fetchone()
        return None if found is None else on.row(found)

    def all(self, statement: Statement, **values: Any) -> list[Any]:
        """Every row."""
        on = statement.on(self.dialect)
        self._cursor.execute(on.text, on.values(values))
        return [on.row(found) for found in self._cursor.fetchall()]

    def steer(self, text: str) -> None:
        """Steer the transaction itself: BEGIN, SAVEPOINT, COMMIT."""
        self._cursor.execute(text)
