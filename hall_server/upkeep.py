"""`hall verify`, `hall backup`, `hall restore`: the record proved, copied, brought back."""

import time
from functools import partial
from pathlib import Path

from hall_server.store import backup as copies
from hall_server.store import heads, journal, proof
from hall_server.store.backup import Restored
from hall_server.store.database import Cursor
from hall_server.store.journal import Broken
from hall_server.store.store import Store


def verify(url: str) -> dict[str, Broken | int]:
    """Walk every hall's chain: the number of sound records, or the first broken one."""

    def walk(cursor: Cursor) -> dict[str, Broken | int]:
        return {head.hall: journal.verify(cursor, head) for head in heads.every_head(cursor)}

    store = Store(url)
    try:
        return store.read(walk)
    finally:
        store.close()


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

    store = Store(url)
    try:
        return store.read(look)
    finally:
        store.close()


def restore(source: Path, file: Path) -> list[Restored]:
    """Put a backup in the place of the hall's file. What was there is set aside, not deleted;
    where it can still be read, its numbers are not given again."""
    found = copies.counters(file) if file.exists() else {}
    aside = time.strftime("set-aside-%Y%m%d-%H%M%S")
    for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        if part.exists():
            part.rename(part.with_name(f"{part.name}.{aside}"))
    copies.backup(source, file)
    store = Store(f"sqlite:///{file}")
    try:
        store.check()
        begin = partial(copies.begin_epoch, known=found, at=int(time.time() * 1000))
        return store.write_alone(begin)
    finally:
        store.close()
