"""Tickets in the store: numbers handed out, states changed, lines read."""

from typing import Any

from sqlalchemy import (
    Integer,
    Table,
    and_,
    bindparam,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from hall_server.store.database import Cursor, Statement
from hall_server.store.rows import Rows
from hall_server.store.tables import LIVE_STATES, WAITING, BusinessDay, QueueDay, Ticket
from hall_server.wire.offline import place_of

ticket: Table = Ticket.__table__  # type: ignore[attr-defined]
RETURNED, BOOKED = 3, 4  # ticket.due, as rules.calling.Due
business_day: Table = BusinessDay.__table__  # type: ignore[attr-defined]
queue_day: Table = QueueDay.__table__  # type: ignore[attr-defined]
NOW = (
    queue_day.c.taken,
    queue_day.c.waiting,
    queue_day.c.calls,
    queue_day.c.skipped,
    queue_day.c.offline,
)


def _first_sums(dialect: Any, taken: int) -> Any:
    """A queue's row of the day, from the first number on or with none yet."""
    return dialect.insert(queue_day).values(
        hall=bindparam("hall"),
        day=bindparam("day"),
        queue=bindparam("queue"),
        prefix=bindparam("prefix"),
        taken=taken,
        waiting=taken,
        calls=0,
        run=0,
        skipped=0,
        offline=0,
    )


def _next_number(dialect: Any) -> Statement:
    """One more number of a queue: the first of the day makes its row."""
    return Statement(
        _first_sums(dialect, 1)
        .on_conflict_do_update(
            index_elements=["hall", "day", "queue"],
            set_={"taken": queue_day.c.taken + 1, "waiting": queue_day.c.waiting + 1},
        )
        .returning(*NOW)
    )


NEXT_NUMBER = {"sqlite": _next_number(sqlite), "postgresql": _next_number(postgresql)}
IN_DAY = and_(
    queue_day.c.hall == bindparam("hall"),
    queue_day.c.day == bindparam("day"),
)
SUMS = Statement(select(queue_day).where(IN_DAY, queue_day.c.queue == bindparam("queue")))
EVERY_SUM = Statement(select(queue_day).where(IN_DAY).order_by(queue_day.c.queue))
TO_SUMS = update(queue_day).where(
    queue_day.c.hall == bindparam("of_hall"),
    queue_day.c.day == bindparam("of_day"),
    queue_day.c.queue == bindparam("of_queue"),
)
MOVE_SUMS = Statement(
    TO_SUMS.values(
        waiting=queue_day.c.waiting + bindparam("waits"),
        calls=queue_day.c.calls + bindparam("called"),
        run=func.coalesce(bindparam("to_run", type_=Integer), queue_day.c.run),
    ).returning(*NOW)
)
OPEN_SUMS = {
    name: Statement(
        _first_sums(dialect, 0).on_conflict_do_nothing(index_elements=["hall", "day", "queue"])
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
BY_ID = Statement(
    select(ticket).where(ticket.c.hall == bindparam("hall"), ticket.c.id == bindparam("ticket"))
)
OF_ITS_DAY = and_(business_day.c.hall == ticket.c.hall, business_day.c.day == ticket.c.day)
BY_NUMBER = Statement(
    select(ticket)
    .join(
        business_day,
        OF_ITS_DAY,
    )
    .where(
        business_day.c.hall == bindparam("hall"),
        business_day.c.date >= bindparam("since"),
        business_day.c.date <= bindparam("until"),
        ticket.c.prefix == bindparam("prefix"),
        ticket.c.sequence == bindparam("sequence"),
    )
    .order_by(business_day.c.day.desc())
    .limit(1)
)
BY_TOKEN = Statement(select(ticket).where(ticket.c.token == bindparam("token")))
LIVE = Statement(
    select(ticket)
    .where(
        ticket.c.hall == bindparam("hall"),
        ticket.c.day == bindparam("day"),
        text(LIVE_STATES),
    )
    .order_by(ticket.c.taken_seq)
)
# The states stand in the text itself: with a bound value the partial index is not used.
IN_QUEUE = and_(
    ticket.c.hall == bindparam("hall"),
    ticket.c.day == bindparam("day"),
    ticket.c.queue == bindparam("queue"),
    text(WAITING),
)
LINE = and_(IN_QUEUE, ticket.c.due == bindparam("due"))
HEADS = select(
    ticket.c.id,
    ticket.c.queue,
    ticket.c.due,
    ticket.c.taken_seq,
    ticket.c.taken_at,
    ticket.c.after_call,
    ticket.c.slot,
)
FIRST = HEADS.where(LINE).limit(1)
# A merged offline number shares the seq of the one it stands behind; its id is later.
HEAD = Statement(FIRST.order_by(ticket.c.taken_seq, ticket.c.id))
# An early number whose turn has not come must not hide a later one whose turn has.
HEAD_RETURNED = Statement(
    FIRST.order_by(ticket.c.after_call > bindparam("calls"), ticket.c.taken_seq, ticket.c.id)
)
# Of the booked, the first is not always he whose number is lowest: all who may be called.
BOOKED_HEADS = Statement(
    HEADS.where(IN_QUEUE, ticket.c.due == BOOKED, ticket.c.slot <= bindparam("latest"))
)
EVERYBODY = Statement(HEADS.where(IN_QUEUE))
ROWS = Rows(ticket, "queue", "state", "due", "after_call", "passed", "window", "print", "prints")
add, change = ROWS.add, ROWS.change


def next_number(cursor: Cursor, hall: str, day: int, queue: str, prefix: str) -> Any:
    """Hand out the next number: row (taken, waiting, calls, skipped, offline) after it."""
    return cursor.one(
        NEXT_NUMBER[cursor.dialect.name], hall=hall, day=day, queue=queue, prefix=prefix
    )


def given(sums: Any) -> int:
    """How many numbers of a queue count in its quota: those given here and those merged, without
    those that a restore left out."""
    return int(sums.taken - sums.skipped + sums.offline)


def open_sums(cursor: Cursor, hall: str, day: int, queue: str, prefix: str) -> None:
    """Make a queue's row of today, where it has none yet."""
    cursor.run(OPEN_SUMS[cursor.dialect.name], hall=hall, day=day, queue=queue, prefix=prefix)


def sums(cursor: Cursor, hall: str, day: int, queue: str) -> Any:
    """A queue's sums today, or None before its first number."""
    return cursor.one(SUMS, hall=hall, day=day, queue=queue)


def every_sum(cursor: Cursor, hall: str, day: int) -> list[Any]:
    return cursor.all(EVERY_SUM, hall=hall, day=day)


def move_sums(
    cursor: Cursor,
    hall: str,
    day: int,
    queue: str,
    *,
    waits: int = 0,
    called: int = 0,
    run: int | None = None,
) -> Any:
    """Add to a queue's sums of waiting and of calls; `run`, where it is given, is what the due
    calls in a row are now. The row (taken, waiting, calls, skipped, offline) after it."""
    return cursor.one(
        MOVE_SUMS,
        of_hall=hall,
        of_day=day,
        of_queue=queue,
        waits=waits,
        called=called,
        to_run=run,
    )


def by_id(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_ID, hall=hall, ticket=name)


def by_number(cursor: Cursor, hall: str, number: str, date: str | None) -> Any:
    """The ticket of a number on a date, else of the last day that gave the number; or None."""
    place = place_of(number)
    if place is None:
        return None
    since, until = (date, date) if date else ("0", "9")
    prefix, sequence = place
    return cursor.one(
        BY_NUMBER, hall=hall, prefix=prefix, sequence=sequence, since=since, until=until
    )


def by_token(cursor: Cursor, token: str) -> Any:
    return cursor.one(BY_TOKEN, token=token)


def live(cursor: Cursor, hall: str, day: int) -> list[Any]:
    """The tickets of a day that have not ended, in the order of taking."""
    return cursor.all(LIVE, hall=hall, day=day)


def head(cursor: Cursor, hall: str, day: int, queue: str, due: int, calls: int) -> Any:
    """The first waiting ticket of one queue and one standing (see rules.calling.Due), after so
    many calls of the queue."""
    if due == RETURNED:
        return cursor.one(HEAD_RETURNED, hall=hall, day=day, queue=queue, due=due, calls=calls)
    return cursor.one(HEAD, hall=hall, day=day, queue=queue, due=due)


def booked_heads(cursor: Cursor, hall: str, day: int, queue: str, latest: int) -> list[Any]:
    """The waiting booked tickets of one queue whose slots are not later than this."""
    return cursor.all(BOOKED_HEADS, hall=hall, day=day, queue=queue, latest=latest)


def line(cursor: Cursor, hall: str, day: int, queue: str) -> list[Any]:
    """All who wait in one queue, as far as the rule looks at them."""
    return cursor.all(EVERYBODY, hall=hall, day=day, queue=queue)
