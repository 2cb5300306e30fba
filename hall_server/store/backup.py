"""Backups of the store, and coming back from one without giving any number twice."""

import os
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import bindparam, select, update

from hall_server.store import heads, ids, journal, tickets
from hall_server.store.database import Cursor, Statement, open_engine, sqlite_module
from hall_server.store.heads import Head
from hall_server.store.writer import Batch

# Numbers that may have been given after the backup was made, where nothing tells how many.
SAFETY_GAP = 200

queue_day = tickets.queue_day
JUMP = Statement(
    update(queue_day)
    .where(
        queue_day.c.hall == bindparam("of_hall"),
        queue_day.c.day == bindparam("of_day"),
        queue_day.c.queue == bindparam("of_queue"),
    )
    .values(taken=bindparam("to_taken"))
)
COUNTERS = Statement(
    select(queue_day.c.hall, queue_day.c.day, queue_day.c.queue, queue_day.c.taken)
)


@dataclass(frozen=True, slots=True)
class Restored:
    """One hall after a restore: its new epoch, and by how much each open queue jumped."""

    hall: str
    epoch: str
    jumps: dict[str, int]


def backup(file: Path, target: Path) -> int:
    """Copy a running SQLite database whole (VACUUM INTO: at most 150 ms of the writer's time at
    316 MB) and check the copy. Its size in bytes; raises OSError or the database's error."""
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    with closing(sqlite_module().connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite_module().connect(target)) as copy:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        target.unlink()
        raise OSError(f"the copy is not sound: {found}")
    with target.open("rb+") as written:
        os.fsync(written.fileno())
    return target.stat().st_size


def counters(file: Path) -> dict[tuple[str, int, str], int]:
    """How many numbers each queue had given in a file; empty where it cannot be read."""
    engine = open_engine(f"sqlite:///{file}", read_only=True)
    try:
        connection = engine.raw_connection()
        try:
            rows = Cursor(connection.cursor(), engine.dialect).all(COUNTERS)
        finally:
            connection.close()
    except engine.dialect.loaded_dbapi.Error:
        return {}
    finally:
        engine.dispose()
    return {(row.hall, row.day, row.queue): row.taken for row in rows}


def begin_epoch(batch: Batch, known: dict[tuple[str, int, str], int], at: int) -> list[Restored]:
    """After a restore: a new epoch for every hall, so that all who listen take a snapshot; and
    every queue of an open day goes on beyond the numbers that may have been given since."""
    done: list[Restored] = []
    for head in heads.every_head(batch):
        jumps = _jump(batch, head, known)
        begun = replace(head, epoch=ids.new_epoch())
        batch.heads.of(head.hall)
        entry = journal.add(
            batch,
            begun,
            at=at,
            kind="restore",
            caller="admin:restore",
            command=ids.new_row_id(at),
            command_hash="0" * 64,
            body=f'{{"command":{{"gap":{max(jumps.values(), default=0)}}},"facts":{{}}}}',
            reply="{}",
        )
        batch.heads.move(replace(begun, seq=entry.seq, hash=entry.hash))
        done.append(Restored(head.hall, begun.epoch, jumps))
    return done


def _jump(batch: Batch, head: Head, known: dict[tuple[str, int, str], int]) -> dict[str, int]:
    if head.day is None:
        return {}
    jumps: dict[str, int] = {}
    for row in tickets.every_sum(batch, head.hall, head.day):
        last = known.get((head.hall, head.day, row.queue))
        to = row.taken + SAFETY_GAP if last is None else max(last, row.taken)
        batch.run(JUMP, of_hall=head.hall, of_day=head.day, of_queue=row.queue, to_taken=to)
        jumps[row.queue] = to - row.taken
    return jumps
