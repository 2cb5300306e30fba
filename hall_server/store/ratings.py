"""Ratings (好差评) in the store: one for a service, for ever."""

from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update

from hall_server.store.database import Cursor, Statement
from hall_server.store.kiosk_tables import RatingReasons
from hall_server.store.services import service
from hall_server.store.tables import Rating
from hall_server.store.tickets import ticket

rating: Table = Rating.__table__  # type: ignore[attr-defined]
reasons: Table = RatingReasons.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(rating))
OF = Statement(select(rating).where(rating.c.service == bindparam("service")))
EXPLAIN = Statement(insert(reasons))
REASONS_OF = Statement(select(reasons).where(reasons.c.service == bindparam("service")))
ERASE = Statement(
    update(reasons)
    .where(reasons.c.service == bindparam("of"))
    .values(words="", erased_at=bindparam("at"), erased_for=bindparam("ground"))
)
SHOWN = (
    select(
        *(rating.c.seq, rating.c.level, rating.c.channel, rating.c.at, rating.c.service),
        *(service.c.number, service.c.window, service.c.queue, service.c.staff),
        *(service.c.started_at, service.c.ended_at),
        *(ticket.c.id.label("ticket"), ticket.c.item, ticket.c.taken_seq),
        *(reasons.c.tags, reasons.c.words, reasons.c.erased_at, reasons.c.erased_for),
    )
    .join(service, service.c.id == rating.c.service)
    .join(ticket, ticket.c.id == service.c.ticket)
    .outerjoin(reasons, reasons.c.service == rating.c.service)
    .where(rating.c.hall == bindparam("hall"))
)
NEWEST = Statement(
    SHOWN.where(rating.c.seq < bindparam("before"), rating.c.level <= bindparam("level"))
    .order_by(rating.c.seq.desc())
    .limit(bindparam("most"))
)
ONE = Statement(SHOWN.where(rating.c.service == bindparam("service")))
LEVELS = Statement(
    select(rating.c.level, func.count().label("n"))
    .where(rating.c.hall == bindparam("hall"))
    .group_by(rating.c.level)
    .order_by(rating.c.level.desc())
)


def add(cursor: Cursor, **row: Any) -> None:
    cursor.run(ADD, **row)


def of(cursor: Cursor, service: str) -> Any:
    """The rating of a service, or None: not rated (未评价) stays that."""
    return cursor.one(OF, service=service)


def explain(cursor: Cursor, **row: Any) -> None:
    """Keep why a service was rated so."""
    cursor.run(EXPLAIN, **row)


def reasons_of(cursor: Cursor, service: str) -> Any:
    """Why a service was rated so, or None."""
    return cursor.one(REASONS_OF, service=service)


def erase(cursor: Cursor, service: str, at: int, ground: str) -> None:
    """Take the words of a rating away; its tags stay."""
    cursor.run(ERASE, of=service, at=at, ground=ground)


def newest(cursor: Cursor, hall: str, before: int, level: int, most: int) -> list[Any]:
    """At most `most` ratings of this level or a worse one with what they are of, newest first;
    those given before a seq."""
    return cursor.all(NEWEST, hall=hall, before=before, level=level, most=most)


def one(cursor: Cursor, hall: str, service: str) -> Any:
    """The rating of a service with what it is of, or None."""
    return cursor.one(ONE, hall=hall, service=service)


def levels(cursor: Cursor, hall: str) -> dict[int, int]:
    """How many ratings of each level a hall has."""
    return {row.level: row.n for row in cursor.all(LEVELS, hall=hall)}
