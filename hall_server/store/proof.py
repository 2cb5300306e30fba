"""Proof: whether what the tables say of a hall agrees with itself."""

from sqlalchemy import and_, bindparam, func, select

from hall_server.store import appointments
from hall_server.store.database import Cursor, Statement
from hall_server.store.ratings import rating
from hall_server.store.services import service
from hall_server.store.tickets import queue_day, ticket

OF_PREFIX = and_(
    ticket.c.hall == queue_day.c.hall,
    ticket.c.day == queue_day.c.day,
    ticket.c.prefix == queue_day.c.prefix,
)
MERGED = Statement(
    select(
        queue_day.c.day,
        queue_day.c.queue,
        queue_day.c.offline,
        func.count(ticket.c.id).label("there"),
    )
    .select_from(queue_day)
    .outerjoin(ticket, and_(OF_PREFIX, ticket.c.sequence < 0))
    .where(queue_day.c.hall == bindparam("hall"))
    .group_by(queue_day.c.day, queue_day.c.queue, queue_day.c.offline)
    .having(queue_day.c.offline != func.count(ticket.c.id))
)
NUMBERS = Statement(
    select(
        queue_day.c.day,
        queue_day.c.queue,
        queue_day.c.taken,
        func.count(ticket.c.id).label("given"),
        func.max(ticket.c.sequence).label("last"),
    )
    .select_from(queue_day)
    .outerjoin(ticket, and_(OF_PREFIX, ticket.c.sequence > 0))
    .where(queue_day.c.hall == bindparam("hall"))
    .group_by(queue_day.c.day, queue_day.c.queue, queue_day.c.taken)
)
WAITING = Statement(
    select(queue_day.c.queue, queue_day.c.waiting, func.count(ticket.c.id).label("there"))
    .select_from(queue_day)
    .outerjoin(
        ticket,
        and_(
            ticket.c.hall == queue_day.c.hall,
            ticket.c.day == queue_day.c.day,
            ticket.c.queue == queue_day.c.queue,
            ticket.c.state == "waiting",
        ),
    )
    .where(queue_day.c.hall == bindparam("hall"), queue_day.c.day == bindparam("day"))
    .group_by(queue_day.c.queue, queue_day.c.waiting)
)
RATED_UNFINISHED = Statement(
    select(func.count().label("n"))
    .select_from(rating)
    .outerjoin(service, service.c.id == rating.c.service)
    .where(
        rating.c.hall == bindparam("hall"),
        (service.c.id.is_(None)) | (service.c.state != "finished"),
    )
)


def faults(cursor: Cursor, hall: str, day: int | None) -> list[str]:
    """What cannot be, each in a sentence: numbers that are missing, sums that do not fit,
    ratings of services that nobody finished. A restore may leave a gap in the numbers."""
    found: list[str] = []
    for row in cursor.all(NUMBERS, hall=hall):
        if row.given != row.taken or (row.last or 0) != row.taken:
            found.append(
                f"day {row.day} {row.queue}: {row.taken} numbers given, {row.given} tickets, "
                f"the last is {row.last}"
            )
    for row in cursor.all(MERGED, hall=hall):
        found.append(f"day {row.day} {row.queue}: {row.offline} merged, {row.there} tickets")
    if day is not None:
        for row in cursor.all(WAITING, hall=hall, day=day):
            if row.waiting != row.there:
                found.append(f"{row.queue}: {row.waiting} should wait, {row.there} do")
    for row in appointments.unsound(cursor, hall):
        found.append(f"{row.queue} slot {row.at}: {row.taken} places taken, {row.held} held")
    unfinished = int(cursor.one(RATED_UNFINISHED, hall=hall).n)
    if unfinished:
        found.append(f"{unfinished} ratings of services that were not finished")
    return found
