"""The head of each hall's journal, held for the length of one transaction."""

from typing import NamedTuple

from sqlalchemy import Table, bindparam, insert, select, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import Hall

hall: Table = Hall.__table__  # type: ignore[attr-defined]

# FOR UPDATE: on PostgreSQL a second server process waits here, so that a hall's commands stand
# in one order whoever writes them. SQLite has one writer anyway and ignores the words.
HEAD = Statement(select(hall).where(hall.c.id == bindparam("hall")).with_for_update())
KEEP = Statement(
    update(hall)
    .where(hall.c.id == bindparam("of"))
    .values(
        epoch=bindparam("to_epoch"),
        seq=bindparam("to_seq"),
        hash=bindparam("to_hash"),
        layout=bindparam("to_layout"),
        catalogue=bindparam("to_catalogue"),
        day=bindparam("to_day"),
        date=bindparam("to_date"),
    )
)
ADD = Statement(insert(hall))
EVERY = Statement(select(hall).order_by(hall.c.id))


class Head(NamedTuple):
    """Where a hall's journal stands: epoch, seq, hash, versions in force, the open day."""

    hall: str
    epoch: str
    seq: int
    hash: str
    layout: int
    catalogue: int
    day: int | None
    date: str | None


class Heads:
    """The heads that one transaction has read, and what it made of them."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._read: dict[str, Head] = {}
        self._now: dict[str, Head] = {}

    def of(self, name: str) -> Head | None:
        """A hall's head, locked from here to the commit; None when there is no such hall."""
        head = self._now.get(name)
        if head is None:
            row = self._cursor.one(HEAD, hall=name)
            if row is None:
                return None
            head = self._read[name] = self._now[name] = Head(*row)
        return head

    def move(self, head: Head) -> None:
        self._now[head.hall] = head

    def mark(self) -> dict[str, Head]:
        return dict(self._now)

    def back_to(self, mark: dict[str, Head]) -> None:
        self._now = mark

    def keep(self) -> None:
        """Write the heads that moved."""
        for name, head in self._now.items():
            if self._read.get(name) != head:
                self._cursor.run(
                    KEEP,
                    of=name,
                    to_epoch=head.epoch,
                    to_seq=head.seq,
                    to_hash=head.hash,
                    to_layout=head.layout,
                    to_catalogue=head.catalogue,
                    to_day=head.day,
                    to_date=head.date,
                )


def add_hall(cursor: Cursor, name: str, epoch: str) -> Head:
    """A new hall with an empty journal."""
    head = Head(name, epoch, 0, "0" * 64, 0, 0, None, None)
    cursor.run(
        ADD, id=name, epoch=epoch, seq=0, hash=head.hash, layout=0, catalogue=0, day=None,
        date=None,
    )  # fmt: skip
    return head


def every_head(cursor: Cursor) -> list[Head]:
    """All halls of this server."""
    return [Head(*row) for row in cursor.all(EVERY)]
