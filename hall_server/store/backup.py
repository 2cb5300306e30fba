"""Backups of the store, and coming back from one without giving any number twice."""

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select, update

from hall_server.rules.offline import SAFETY_BLOCKS
from hall_server.store import accounts, days, heads, ids, journal, offline, tickets
from hall_server.store.database import Cursor, Statement, open_engine, sqlite_module
from hall_server.store.heads import Head
from hall_server.store.plans import Plans
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
    .values(taken=bindparam("to_taken"), skipped=queue_day.c.skipped + bindparam("left_out"))
)
COUNTERS = Statement(
    select(queue_day.c.hall, queue_day.c.day, queue_day.c.prefix, queue_day.c.taken)
)
# How many numbers were given under each (hall, day, prefix).
Given = Mapping[tuple[str, int, str], int]


@dataclass(frozen=True, slots=True)
class Restored:
    """One hall after a restore: its new epoch, and by how much each queue jumped."""

    hall: str
    epoch: str
    jumps: dict[str, int]


def backup(file: Path, target: Path) -> int:
    """Copy a running SQLite database whole (VACUUM INTO: at most 150 ms of the writer's time at
    316 MB) and check the copy. Its size in bytes; raises OSError, and then there is no copy."""
    if not file.is_file():  # SQLite would make one
        raise FileNotFoundError(f"{file} is not there")
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    database = sqlite_module()
    try:
        with closing(database.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with closing(database.connect(target)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            copy.execute("SELECT 1 FROM hall")
        if found != "ok":
            raise OSError(f"the copy is not sound: {found}")
    except (database.Error, OSError) as broken:
        target.unlink(missing_ok=True)
        raise OSError(f"{file} cannot be copied to {target}: {broken}") from broken
    with target.open("rb+") as written:
        os.fsync(written.fileno())
    return target.stat().st_size


def given(file: Path) -> Given | None:
    """How many numbers were given, as a file tells; None where it cannot be read."""
    if not file.is_file():
        return None
    engine = open_engine(f"sqlite:///{file}", read_only=True)
    try:
        with closing(engine.raw_connection()) as connection:
            rows = Cursor(connection.cursor(), engine.dialect).all(COUNTERS)
    except engine.dialect.loaded_dbapi.Error:
        return None
    finally:
        engine.dispose()
    return {(row.hall, row.day, row.prefix): row.taken for row in rows}


def begin_epoch(batch: Batch, known: Given | None, at: int, today: str) -> list[Restored]:
    """After a restore: a new epoch for every hall, so that all who listen take a snapshot; the
    open day, and one that may have been opened since, go on beyond the numbers that may have
    been given. Nobody is signed in any more: a window's lease may be older than its holder's."""
    accounts.end_every_session(batch)
    done: list[Restored] = []
    for head in heads.every_head(batch):
        jumps = _jump(batch, head, known, today)
        begun = head._replace(epoch=ids.new_epoch())
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
        batch.heads.move(begun._replace(seq=entry.seq, hash=entry.hash))
        done.append(Restored(head.hall, begun.epoch, jumps))
    return done


def _jump(batch: Batch, head: Head, known: Given | None, today: str) -> dict[str, int]:
    """Move the queues' counters of the open day, and lay down those of the day after it."""
    last = days.last(batch, head.hall) or 0
    jumps: dict[str, int] = {}
    if head.day is not None:
        jumps |= _beyond(batch, head, head.day, _of_day(known, head.hall, head.day))
    lost = max((day for hall, day, _ in known or () if hall == head.hall), default=0)
    if lost > last:
        jumps |= _beyond(batch, head, last + 1, _of_day(known, head.hall, lost))
    elif known is None and head.date != today:
        jumps |= _beyond(batch, head, last + 1, None)
    return jumps


def _of_day(known: Given | None, hall: str, day: int) -> dict[str, int] | None:
    if known is None:
        return None
    return {prefix: n for (of, on, prefix), n in known.items() if (of, on) == (hall, day)}


def _beyond(
    batch: Batch, head: Head, day: int, numbers: Mapping[str, int] | None
) -> dict[str, int]:
    """Let every queue of a day go on after the last number of its prefix (None: nobody knows),
    and its offline numbers beyond the blocks that may have been leased since."""
    plan = Plans().of(batch, head.hall, head.layout, head.catalogue)
    jumps: dict[str, int] = {}
    for queue in plan.queues.values():
        block = offline.last(batch, head.hall, day, queue.prefix) + SAFETY_BLOCKS
        offline.add(batch, head.hall, day, queue.prefix, block, kiosk="", at=0)
        row = tickets.sums(batch, head.hall, day, queue.id)
        taken = 0 if row is None else int(row.taken)
        to = taken + SAFETY_GAP if numbers is None else numbers.get(queue.prefix, 0)
        if to > taken:
            tickets.open_sums(batch, head.hall, day, queue.id, queue.prefix)
            # Numbers that may never have been given do not count against the quota.
            left_out = to - taken if numbers is None else 0
            batch.run(
                JUMP, of_hall=head.hall, of_day=day, of_queue=queue.id, to_taken=to,
                left_out=left_out,
            )  # fmt: skip
            jumps[queue.id] = to - taken
    return jumps
