"""The one writer: a thread that drains its queue of jobs into one transaction at a time."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hall_server.store.database import Cursor
from hall_server.store.heads import Heads
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

# Group commit (notes: FULL loses nothing and costs 11 % when ≤ 256 jobs share one fsync).
LARGEST_BATCH = 256
LARGEST_MAILBOX = 4_000
TRIES = 3
CHECKPOINT_AFTER, CHECKPOINT_AT_LAST = 500, 5_000  # commits: when idle; even under load

Job = Callable[["Batch"], Any]


@dataclass(slots=True)
class Outcome:
    """What became of one job: its result or its error, and who waits for it."""

    ticket: Any
    result: Any = None
    error: Exception | None = None


class Batch(Cursor):
    """One open transaction, and the heads of the halls that it touches."""

    def __init__(self, cursor: Any, dialect: Any) -> None:
        super().__init__(cursor, dialect)
        self.heads = Heads(self)


class _Spoiled(Exception):
    """A job failed in the middle of its writing, and its neighbours stand in its transaction."""


class Writer:
    """Runs every job that changes the store, in order, in one transaction with its neighbours.

    `deliver` gets the outcomes of a batch after its commit, in the writer's thread. A job
    that raises is undone alone. When the database itself fails (disk full, read-only, gone)
    the batch is tried again and then answered store_unavailable: nothing was done, or the
    answer to a repeat will say that it was.
    """

    def __init__(
        self,
        engine: Engine,
        deliver: Callable[[list[Outcome]], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine, self._deliver, self._failed = engine, deliver, failed
        self._mailbox: queue.SimpleQueue[tuple[Job, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._connection: Any = None
        self._commits = 0
        # A wall that stood, a value that the database cannot hold: one job's fault, not the rest's.
        dbapi = engine.dialect.loaded_dbapi
        self._database_error = (dbapi.Error, SQLAlchemyError)
        self._jobs_own = (dbapi.IntegrityError, dbapi.DataError)
        self._lite = engine.dialect.name == "sqlite"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what was put, then end."""
        self._mailbox.put(None)
        self._thread.join()

    def put(self, job: Job, ticket: Any) -> None:
        """Queue a job; its outcome carries `ticket`. Refused(too_busy) when the queue is full."""
        if self._mailbox.qsize() >= LARGEST_MAILBOX:
            raise Refused(Refusal.TOO_BUSY)
        self._mailbox.put((job, ticket))

    def _run(self) -> None:
        while True:
            first = self._mailbox.get()
            jobs: list[tuple[Job, Any]] = []
            last = first is None
            if first is not None:
                jobs.append(first)
            while not last and len(jobs) < LARGEST_BATCH:
                try:
                    more = self._mailbox.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                else:
                    jobs.append(more)
            if jobs:
                self._deliver(self._write(jobs))
            if last:
                self._close()
                return
            self._tidy()

    def _write(self, jobs: list[tuple[Job, Any]]) -> list[Outcome]:
        apart = False
        for tried in range(1, TRIES + 1):
            try:
                if not apart:
                    with suppress(_Spoiled):
                        return self._commit(jobs, apart=False)
                    apart = True
                return self._commit(jobs, apart=True)
            except self._database_error as broken:
                log.error("write failed (try %d of %d): %s", tried, TRIES, broken)
                self._failed()
                self._close()
                if tried < TRIES:
                    time.sleep(0.02 * tried)
            except Exception as bug:  # the thread must live: others wait behind these jobs
                self._failed()
                self._close()
                return [Outcome(ticket, error=bug) for _, ticket in jobs]
        unavailable = Refused(Refusal.STORE_UNAVAILABLE)
        return [Outcome(ticket, error=unavailable) for _, ticket in jobs]

    def _commit(self, jobs: list[tuple[Job, Any]], *, apart: bool) -> list[Outcome]:
        """Do a batch in one transaction. Most jobs do all they want, or are refused before they
        write: then nothing need be undone, and a third of the statements is saved. Where one
        fails in the middle of its writing, the whole batch is undone and done again `apart`,
        each job in its own SAVEPOINT; nobody has been told anything yet."""
        cursor = self._open()
        batch = Batch(cursor, self._engine.dialect)
        outcomes: list[Outcome] = []
        batch.steer("BEGIN IMMEDIATE" if self._lite else "BEGIN")
        for job, ticket in jobs:
            before, written = batch.heads.mark(), batch.written
            if apart:
                batch.steer("SAVEPOINT job")
            try:
                outcomes.append(Outcome(ticket, job(batch)))
                if apart:
                    batch.steer("RELEASE job")
            except Exception as error:
                database = isinstance(error, self._database_error)
                if database and not isinstance(error, self._jobs_own):
                    raise
                if apart:
                    batch.steer("ROLLBACK TO job")
                    batch.steer("RELEASE job")
                elif database or batch.written != written:
                    batch.steer("ROLLBACK")
                    self._failed()
                    raise _Spoiled from None
                batch.heads.back_to(before)
                outcomes.append(Outcome(ticket, error=error))
        batch.heads.keep()
        batch.steer("COMMIT")
        self._commits += 1
        return outcomes

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            if not self._lite:
                self._connection.driver_connection.autocommit = True  # BEGIN is ours to say
        return self._connection.cursor()

    def _close(self) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        with suppress(Exception):  # the connection may be what broke
            connection.cursor().execute("ROLLBACK")
        with suppress(Exception):
            connection.invalidate()

    def _tidy(self) -> None:
        """Move the WAL into the file while nobody waits, by the one connection that writes."""
        due = CHECKPOINT_AFTER if self._mailbox.empty() else CHECKPOINT_AT_LAST
        if self._lite and self._commits >= due:
            self._commits = 0
            with suppress(*self._database_error):
                self._open().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
