"""Offline numbers in the store: the blocks that were leased, and the key that signs them."""

from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select

from hall_server.store import ids
from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import LeaseBlock, LeaseKey
from hall_server.store.tickets import NOW, TO_SUMS, queue_day, ticket

block: Table = LeaseBlock.__table__  # type: ignore[attr-defined]
lease_key: Table = LeaseKey.__table__  # type: ignore[attr-defined]

KEY = Statement(select(lease_key.c.key).where(lease_key.c.hall == bindparam("hall")))
ADD_KEY = Statement(insert(lease_key))
OF_PREFIX = (
    block.c.hall == bindparam("hall"),
    block.c.day == bindparam("day"),
    block.c.prefix == bindparam("prefix"),
)
LAST = Statement(select(func.max(block.c.block).label("block")).where(*OF_PREFIX))
HELD = Statement(
    select(func.count().label("n"))
    .select_from(block)
    .where(*OF_PREFIX, block.c.kiosk == bindparam("kiosk"))
)
ADD = Statement(insert(block))
MERGED = Statement(
    TO_SUMS.values(
        offline=queue_day.c.offline + 1,
        waiting=queue_day.c.waiting + bindparam("waits"),
    ).returning(*NOW)
)
USED = Statement(
    select(ticket.c.id).where(
        ticket.c.hall == bindparam("hall"),
        ticket.c.day == bindparam("day"),
        ticket.c.prefix == bindparam("prefix"),
        ticket.c.sequence == bindparam("sequence"),
    )
)
BEFORE = Statement(
    select(func.max(ticket.c.taken_seq).label("seq")).where(
        ticket.c.hall == bindparam("hall"),
        ticket.c.day == bindparam("day"),
        ticket.c.taken_at <= bindparam("at"),
    )
)


def key(cursor: Cursor, hall: str) -> str | None:
    """The secret by which a hall signs its blocks; None before its first one."""
    row = cursor.one(KEY, hall=hall)
    return None if row is None else str(row.key)


def sure_key(cursor: Cursor, hall: str) -> str:
    """The hall's key, made when it is needed first."""
    known = key(cursor, hall)
    if known is None:
        known = ids.new_token()
        cursor.run(ADD_KEY, hall=hall, key=known)
    return known


def held(cursor: Cursor, hall: str, day: int, prefix: str, kiosk: str) -> int:
    """How many blocks of a prefix a kiosk has leased on a day."""
    return int(cursor.one(HELD, hall=hall, day=day, prefix=prefix, kiosk=kiosk).n)


def last(cursor: Cursor, hall: str, day: int, prefix: str) -> int:
    """The last block of a prefix that anybody leased on a day; -1: none yet."""
    found = cursor.one(LAST, hall=hall, day=day, prefix=prefix).block
    return -1 if found is None else int(found)


def add(cursor: Cursor, hall: str, day: int, prefix: str, n: int, kiosk: str, at: int) -> None:
    """Lease a block. The table's wall lets nobody else have it."""
    cursor.run(ADD, hall=hall, day=day, prefix=prefix, block=n, kiosk=kiosk, at=at)


def used(cursor: Cursor, hall: str, day: int, prefix: str, sequence: int) -> bool:
    """Whether an offline number is in the hall already."""
    found = cursor.one(USED, hall=hall, day=day, prefix=prefix, sequence=-sequence)
    return found is not None


def count(cursor: Cursor, hall: str, day: int, queue: str, *, waits: int) -> Any:
    """One merged number more in a queue's sums: row (taken, waiting, calls, skipped, offline)."""
    return cursor.one(MERGED, of_hall=hall, of_day=day, of_queue=queue, waits=waits)


def place(cursor: Cursor, hall: str, day: int, at: int) -> int:
    """The seq of the last ticket that was taken up to a moment; 0: none was. A number merged
    for that moment stands right behind it."""
    return int(cursor.one(BEFORE, hall=hall, day=day, at=at).seq or 0)
