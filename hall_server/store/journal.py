"""The journal (电子监察): every change in order, each row bound to the one before by its hash."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table, bindparam, insert, select, text

from hall_server.store.database import Cursor, Statement
from hall_server.store.heads import Head
from hall_server.store.tables import Journal
from hall_server.wire.bounds import LARGEST_INT

journal: Table = Journal.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(journal))
KNOWN = Statement(
    select(journal.c.command_hash, journal.c.reply, journal.c.seq).where(
        journal.c.hall == bindparam("hall"),
        journal.c.caller == bindparam("caller"),
        journal.c.command == bindparam("command"),
    )
)
OF_TICKET = Statement(
    select(journal)
    .where(
        journal.c.hall == bindparam("hall"),
        journal.c.seq >= bindparam("seq"),
        journal.c.seq <= bindparam("until"),
        journal.c.body.contains(bindparam("ticket"), autoescape=False),
    )
    .order_by(journal.c.seq)
)
WORDS = Statement(
    select(journal)
    .where(
        journal.c.hall == bindparam("hall"),
        journal.c.seq > bindparam("seq"),
        text(
            "kind IN ('explain_rating', 'erase_reasons', 'leave_entry', 'answer_entry',"
            " 'close_entry', 'erase_entry')"
        ),
    )
    .order_by(journal.c.seq)
)
SINCE = Statement(
    select(journal)
    .where(journal.c.hall == bindparam("hall"), journal.c.seq > bindparam("seq"))
    .order_by(journal.c.seq)
    .limit(bindparam("most"))
)


class Entry(NamedTuple):
    """One row of the journal. `body` is {"command": …, "facts": …} as it was written."""

    hall: str
    seq: int
    epoch: str
    at: int
    kind: str
    caller: str
    command: str
    command_hash: str
    body: str
    reply: str
    before: str
    hash: str

    def true_hash(self) -> str:
        """The hash that this row must carry; of the reply, which is never sent on, its hash. No
        field may hold a line break: the body is JSON, which holds none."""
        reply = hashlib.sha256(self.reply.encode()).hexdigest()
        told = (
            f"{self.before}\n{self.hall}\n{self.epoch}\n{self.seq}\n{self.at}\n{self.kind}\n"
            f"{self.caller}\n{self.command}\n{self.command_hash}\n{reply}\n{self.body}"
        )
        return hashlib.sha256(told.encode()).hexdigest()


def known(cursor: Cursor, hall: str, caller: str, command: str) -> tuple[str, str] | None:
    """(command hash, reply) of a command that was done before, else None."""
    row = cursor.one(KNOWN, hall=hall, caller=caller, command=command)
    return None if row is None else (row.command_hash, row.reply)


def add(
    cursor: Cursor,
    head: Head,
    *,
    at: int,
    kind: str,
    caller: str,
    command: str,
    command_hash: str,
    body: str,
    reply: str,
) -> Entry:
    """Write the next row after this head."""
    bare = Entry(
        head.hall, head.seq + 1, head.epoch, at, kind, caller, command, command_hash,
        body, reply, head.hash, "",
    )  # fmt: skip
    entry = bare._replace(hash=bare.true_hash())
    cursor.run(ADD, **entry._asdict())
    return entry


def since(cursor: Cursor, hall: str, seq: int, most: int) -> list[Entry]:
    """At most `most` rows after seq, in order."""
    return [Entry(*row) for row in cursor.all(SINCE, hall=hall, seq=seq, most=most)]


def of_ticket(
    cursor: Cursor, hall: str, seq: int, ticket: str, until: int = LARGEST_INT
) -> list[Entry]:
    """The rows from seq on that speak of a ticket by its id, in order. Reads every body from
    there on: for a person who asks, not for the hall's own work."""
    found = cursor.all(OF_TICKET, hall=hall, seq=seq, until=until, ticket=ticket)
    return [Entry(*row) for row in found]


def of_words(cursor: Cursor, hall: str, seq: int) -> list[Entry]:
    """The rows after seq that are of people's words: left, answered, closed or erased."""
    return [Entry(*row) for row in cursor.all(WORDS, hall=hall, seq=seq)]


def walk(cursor: Cursor, hall: str) -> Iterator[Entry]:
    """Every row from the first on, read in pieces."""
    seq = 0
    while rows := since(cursor, hall, seq, 2_000):
        yield from rows
        seq = rows[-1].seq


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that is not what was written, and why."""

    seq: int
    why: str


def verify(cursor: Cursor, head: Head) -> Broken | int:
    """Walk the chain (全程留痕): the number of sound records, or the first broken one.

    Found are: a changed field, a missing or doubled seq, a row whose hash was made anew without
    those after it, and a cut tail (the head remembers seq and hash).
    """
    seq, digest = 0, "0" * 64
    for entry in walk(cursor, head.hall):
        if entry.seq != seq + 1:
            return Broken(seq + 1, "missing")
        if entry.before != digest:
            return Broken(entry.seq, "not bound to the record before")
        if entry.hash != entry.true_hash():
            return Broken(entry.seq, "changed")
        seq, digest = entry.seq, entry.hash
    if (seq, digest) != (head.seq, head.hash):
        return Broken(seq + 1, "missing")
    return seq
