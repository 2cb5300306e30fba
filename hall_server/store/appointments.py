"""Appointments in the store: places taken and given back, and who has them."""

from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from hall_server.store.booking_tables import (
    AWAITED,
    HELD_FOR_SOMEBODY,
    HOLDS_A_PLACE,
    KNOWN_BY_PHONE,
    Appointment,
    Slot,
)
from hall_server.store.database import Cursor, Statement
from hall_server.store.rows import Rows
from hall_server.store.salts import salt

appointment: Table = Appointment.__table__  # type: ignore[attr-defined]
slot: Table = Slot.__table__  # type: ignore[attr-defined]


def _take(dialect: Any) -> Statement:
    """One more place of a slot: the first makes its row. The table's wall stops one too many."""
    first = dialect.insert(slot).values(
        hall=bindparam("hall"),
        queue=bindparam("queue"),
        at=bindparam("at"),
        date=bindparam("date"),
        capacity=bindparam("capacity"),
        taken=1,
    )
    return Statement(
        first.on_conflict_do_update(
            index_elements=["hall", "queue", "at"],
            set_={"taken": slot.c.taken + 1, "capacity": first.excluded.capacity},
        )
    )


TAKE = {"sqlite": _take(sqlite), "postgresql": _take(postgresql)}
GIVE_BACK = Statement(
    update(slot)
    .where(
        slot.c.hall == bindparam("of_hall"),
        slot.c.queue == bindparam("of_queue"),
        slot.c.at == bindparam("of_at"),
    )
    .values(taken=slot.c.taken - 1)
)
SLOTS = Statement(
    select(slot.c.at, slot.c.taken).where(
        slot.c.hall == bindparam("hall"),
        slot.c.queue == bindparam("queue"),
        slot.c.at >= bindparam("since"),
        slot.c.at < bindparam("until"),
    )
)
OF_HALL = appointment.c.hall == bindparam("hall")
BY_CODE = Statement(select(appointment).where(OF_HALL, appointment.c.code == bindparam("code")))
# The conditions of the partial indexes stand in the text itself, as in store/tickets.py.
KNOWN = {"person": HELD_FOR_SOMEBODY, "phone": KNOWN_BY_PHONE}
OF_PERSON = Statement(
    select(appointment).where(
        OF_HALL,
        appointment.c.date == bindparam("date"),
        appointment.c.person == bindparam("person"),
        text(KNOWN["person"]),
    )
)
KNOWN_BY = {
    proof: Statement(
        select(appointment)
        .where(
            OF_HALL,
            appointment.c[proof] == bindparam("proof"),
            appointment.c.date >= bindparam("since"),
            text(known),
            text(HOLDS_A_PLACE),
        )
        .order_by(appointment.c.at)
    )
    for proof, known in KNOWN.items()
}
BY_ID = Statement(select(appointment).where(OF_HALL, appointment.c.id == bindparam("id")))
COUNTS = Statement(
    select(
        appointment.c.queue,
        appointment.c.state,
        func.count().label("n"),
        func.min(appointment.c.at).label("first"),
    )
    .where(OF_HALL, appointment.c.date == bindparam("date"))
    .group_by(appointment.c.queue, appointment.c.state)
)
ROWS = Rows(appointment, "date", "at", "person", "phone", "state", "ticket", "ended_at")
add, change = ROWS.add, ROWS.change
MISS = Statement(
    update(appointment)
    .where(appointment.c.hall == bindparam("of_hall"), appointment.c.at < bindparam("until"))
    .where(text(AWAITED))
    .values(state=bindparam("to_state"), ended_at=bindparam("to_ended_at"))
)
FORGET = [
    Statement(
        update(appointment)
        .where(
            appointment.c.hall == bindparam("of_hall"),
            appointment.c.date < bindparam("before"),
            text(known),
        )
        .values({proof: bindparam("nobody")})
    )
    for proof, known in KNOWN.items()
]
FORGET_SALTS = Statement(
    delete(salt).where(
        salt.c.hall == bindparam("of_hall"),
        exists().where(appointment.c.id == salt.c.about, appointment.c.date < bindparam("before")),
    )
)
held = (
    select(appointment.c.queue, appointment.c.at, func.count().label("n"))
    .where(OF_HALL, text(HOLDS_A_PLACE))
    .group_by(appointment.c.queue, appointment.c.at)
    .subquery("held")
)
UNSOUND = Statement(
    select(slot.c.queue, slot.c.at, slot.c.taken, func.coalesce(held.c.n, 0).label("held"))
    .select_from(slot)
    .outerjoin(held, and_(held.c.queue == slot.c.queue, held.c.at == slot.c.at))
    .where(slot.c.hall == bindparam("hall"), slot.c.taken != func.coalesce(held.c.n, 0))
)


def take_place(cursor: Cursor, hall: str, queue: str, date: str, at: int, capacity: int) -> None:
    """Take one place of a slot that holds so many. The wall slot_not_overbooked stands behind."""
    cursor.run(
        TAKE[cursor.dialect.name], hall=hall, queue=queue, date=date, at=at, capacity=capacity
    )


def give_back(cursor: Cursor, hall: str, queue: str, at: int) -> None:
    """One place of a slot is free again."""
    cursor.run(GIVE_BACK, of_hall=hall, of_queue=queue, of_at=at)


def taken(cursor: Cursor, hall: str, queue: str, since: int, until: int) -> dict[int, int]:
    """Places taken, by the moment of the slot, from since to before until."""
    rows = cursor.all(SLOTS, hall=hall, queue=queue, since=since, until=until)
    return {row.at: row.taken for row in rows}


def by_code(cursor: Cursor, hall: str, code: str) -> Any:
    return cursor.one(BY_CODE, hall=hall, code=code)


def by_id(cursor: Cursor, hall: str, id: str) -> Any:
    return cursor.one(BY_ID, hall=hall, id=id)


def known_by(cursor: Cursor, hall: str, proof: str, mark: str, since: str) -> list[Any]:
    """The appointments from a date on that this `person` or `phone` has, the earliest first."""
    return cursor.all(KNOWN_BY[proof], hall=hall, proof=mark, since=since)


def of_person(cursor: Cursor, hall: str, date: str, person: str) -> Any:
    """The appointment that a known person has on a date, or None."""
    return cursor.one(OF_PERSON, hall=hall, date=date, person=person)


def counts(cursor: Cursor, hall: str, date: str) -> list[Any]:
    """Of a date: rows (queue, state, n, first moment)."""
    return cursor.all(COUNTS, hall=hall, date=date)


def miss(cursor: Cursor, hall: str, until: int, at: int) -> int:
    """Whoever is awaited for a slot before `until` has missed it; how many there were."""
    return cursor.run(MISS, of_hall=hall, until=until, to_state="missed", to_ended_at=at)


def forget(cursor: Cursor, hall: str, before: str) -> None:
    """Whose the appointments of earlier dates were is nobody's business any more."""
    cursor.run(FORGET_SALTS, of_hall=hall, before=before)
    for proof in FORGET:
        cursor.run(proof, of_hall=hall, before=before, nobody=None)


def unsound(cursor: Cursor, hall: str) -> list[Any]:
    """Slots whose sum is not the number of appointments that hold a place."""
    return cursor.all(UNSOUND, hall=hall)
