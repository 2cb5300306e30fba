"""`hall verify`, `hall backup`, `hall restore`: the record proved, copied, brought back."""

import time
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from hall_server.store import backup as copies
from hall_server.store import heads, journal, proof
from hall_server.store.backup import Restored
from hall_server.store.database import Cursor
from hall_server.store.journal import Broken
from hall_server.store.store import Store
from hall_server.wire.hours import HALL_TIME, in_ms


def verify(url: str) -> dict[str, Broken | int]:
    """Walk every hall's chain: the number of sound records, or the first broken one."""

    def walk(cursor: Cursor) -> dict[str, Broken | int]:
        return {head.hall: journal.verify(cursor, head) for head in heads.every_head(cursor)}

    with closing(Store(url)) as store:
        return store.read(walk)


def prove(url: str) -> list[str]:
    """All that is wrong with the record: broken chains, and tables that disagree."""

    def look(cursor: Cursor) -> list[str]:
        found: list[str] = []
        for head in heads.every_head(cursor):
            walked = journal.verify(cursor, head)
            if isinstance(walked, Broken):
                found.append(f"{head.hall}: record {walked.seq} is broken: {walked.why}")
            found += [
                f"{head.hall}: {fault}" for fault in proof.faults(cursor, head.hall, head.day)
            ]
        return found

    with closing(Store(url)) as store:
        return store.read(look)


def restore(source: Path, file: Path) -> list[Restored]:
    """Put a backup in the place of the hall's file, once it has proved sound. What was there is
    set aside, not deleted; where it can still be read, its numbers are not given again.

    Raises OSError, and then the hall's file is what it was."""
    known = copies.given(file)
    fresh = file.with_name(f"{file.name}.restoring")
    _remove(fresh)
    copies.backup(source, fresh)
    try:
        done = begin_epoch(f"sqlite:///{fresh}", known)
    except BaseException:
        _remove(fresh)
        raise
    aside = time.strftime("set-aside-%Y%m%d-%H%M%S")
    for part in _parts(file):
        part.rename(part.with_name(part.name.replace(file.name, f"{file.name}.{aside}", 1)))
    for part in _parts(fresh):
        part.rename(part.with_name(part.name.replace(fresh.name, file.name, 1)))
    return done


def begin_epoch(url: str, known: copies.Given | None = None) -> list[Restored]:
    """Begin a new epoch on a restored database; `known` tells what numbers were given."""
    now = datetime.now(HALL_TIME)
    job = partial(
        copies.begin_epoch,
        known=known,
        at=in_ms(now),
        today=now.date().isoformat(),
    )
    with closing(Store(url)) as store:
        return store.write_alone(job)


def _parts(file: Path) -> list[Path]:
    """A SQLite database's files, as far as they are there."""
    names = (file.name, f"{file.name}-wal", f"{file.name}-shm")
    return [part for name in names if (part := file.with_name(name)).exists()]


def _remove(file: Path) -> None:
    for part in _parts(file):
        part.unlink()
