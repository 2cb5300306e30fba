"""The store, opened: one engine that reads, one thread that writes."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from hall_server.store.database import Cursor, open_engine
from hall_server.store.plans import Plans
from hall_server.store.tables import metadata
from hall_server.store.writer import Batch, Job, Outcome, Writer
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

Found = TypeVar("Found")


class StoreDamaged(Exception):
    """The file is not a sound database. Nothing is begun anew: a person restores a backup."""


class Store:
    """A database by URL: sqlite:///file or postgresql+psycopg://…"""

    def __init__(self, url: str) -> None:
        self.url = url
        self.plans = Plans()
        self._write_engine: Engine = open_engine(url)
        self._read_engine: Engine = open_engine(url, read_only=True)
        self._writer: Writer | None = None

    @property
    def dialect(self) -> str:
        return self._write_engine.dialect.name

    def make_tables(self) -> None:
        """Make every table and wall, where there are none (tests; a hall is migrated)."""
        metadata.create_all(self._write_engine)

    def check(self) -> None:
        """Raise StoreDamaged when SQLite finds its own file unsound."""
        if self.dialect != "sqlite":
            return
        try:
            with self._read_engine.connect() as connection:
                found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        except Exception as broken:
            raise StoreDamaged(str(broken)) from broken
        if found != "ok":
            raise StoreDamaged(str(found))

    def start(self, deliver: Callable[[list[Outcome]], None]) -> None:
        """Begin to write; `deliver` gets each batch's outcomes in the writer's thread."""
        self._writer = Writer(self._write_engine, deliver, self.plans.forget)
        self._writer.start()

    def put(self, job: Job, ticket: Any) -> None:
        """Queue one job for the writer."""
        assert self._writer is not None
        self._writer.put(job, ticket)

    def read(self, question: Callable[[Cursor], Found]) -> Found:
        """Ask the store, in one reading transaction, in this thread. Raises store_unavailable
        where the database itself fails."""
        dbapi = self._read_engine.dialect.loaded_dbapi
        try:
            # Its return to the pool ends the transaction. The cursor ends with it: one that a
            # refusal's traceback kept would, when it is collected at last, take the statement
            # that they share back to its start under whoever is reading then.
            with (
                closing(self._read_engine.raw_connection()) as connection,
                closing(connection.cursor()) as bare,
            ):
                cursor = Cursor(bare, self._read_engine.dialect)
                if self.dialect == "sqlite":
                    cursor.steer("BEGIN")
                return question(cursor)
        except dbapi.DataError:  # a value of the question's own
            raise
        except (dbapi.Error, SQLAlchemyError) as broken:
            log.error("read failed: %s", broken)
            raise Refused(Refusal.STORE_UNAVAILABLE) from broken

    async def look(self, question: Callable[[Cursor], Found]) -> Found:
        """Ask the store without holding the event loop."""
        return await asyncio.to_thread(self.read, question)

    def write_alone(self, job: Callable[[Batch], Found]) -> Found:
        """Do one job where no server runs, and wait for its commit. Raises what it raised."""
        done: SimpleQueue[Outcome] = SimpleQueue()
        self.start(lambda outcomes: done.put(outcomes[0]))
        self.put(job, None)
        outcome = done.get()
        if outcome.error is not None:
            raise outcome.error
        found: Found = outcome.result
        return found

    def close(self) -> None:
        """Finish what was put, and let the files go."""
        if self._writer is not None:
            self._writer.stop()
        self._write_engine.dispose()
        self._read_engine.dispose()
