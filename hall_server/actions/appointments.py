"""Deeds on appointments (预约): book, move, cancel, check in, missed."""

from datetime import datetime
from typing import Any

from hall_server.actions import facts, slots
from hall_server.actions.tickets import new_ticket, queue_of
from hall_server.rules import appointments as rules
from hall_server.store import appointments, ids, salts
from hall_server.store.database import Cursor
from hall_server.store.transaction import Done, Tx
from hall_server.wire.appointments import (
    BookAppointment,
    CancelAppointment,
    CheckIn,
    LeaveProof,
    MarkMissed,
    MoveAppointment,
)
from hall_server.wire.hours import HALL_TIME, in_ms, instant
from hall_server.wire.layout import QueuePlan
from hall_server.words import AppointmentState, Refusal, Refused


def book_appointment(tx: Tx, command: BookAppointment) -> Done:
    """Book a slot (预约), one for a known person and day. The code in the reply is the proof.

    Raises item_unknown, queue_unknown, already_booked, slot_unknown, slot_taken (with the next
    best) or no_slot_free.
    """
    queue = queue_of(tx, command.item, command.queue)
    _one_a_day(tx, command.date, command.person)
    slot = _take(tx, queue, command.date, command.time)
    row = appointments.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        code=_new_code(tx),
        queue=queue.id,
        item=command.item,
        date=command.date,
        at=in_ms(slot),
        state=AppointmentState.BOOKED.value,
        person=command.person,
        phone=None,
        ticket=None,
        booked_at=tx.at,
        ended_at=None,
    )
    return Done(_paper(row), _told(tx, queue.id, command.date))


def move_appointment(tx: Tx, command: MoveAppointment) -> Done:
    """Another slot of the same queue instead (改约); the code stays.

    Raises appointment_unknown, appointment_over, and as book_appointment.
    """
    before = _of_code(tx, command.code)
    rules.step("move", AppointmentState(before.state), _instant(before.at))
    queue = tx.plan.queues.get(before.queue)
    if queue is None:
        raise Refused(Refusal.QUEUE_UNKNOWN, queue=before.queue)
    if command.date != before.date:
        _one_a_day(tx, command.date, before.person)
    appointments.give_back(tx.cursor, tx.hall, before.queue, before.at)
    slot = _take(tx, queue, command.date, command.time)
    after = appointments.change(tx.cursor, before, date=command.date, at=in_ms(slot))
    return Done(_paper(after), _told(tx, before.queue, before.date, command.date))


def cancel_appointment(tx: Tx, command: CancelAppointment) -> Done:
    """Give the slot back (取消预约): its place is free at once, and whose it was is forgotten.
    `late` in the reply tells that it was later than 2 hours before. Raises appointment_unknown or
    appointment_over."""
    before = _of_code(tx, command.code)
    at = _instant(before.at)
    state = rules.step("cancel", AppointmentState(before.state), at)
    appointments.give_back(tx.cursor, tx.hall, before.queue, before.at)
    appointments.change(
        tx.cursor, before, state=state.value, person=None, phone=None, ended_at=tx.at
    )
    salts.erase(tx.cursor, tx.hall, before.id)
    late = rules.cancelled_late(at, tx.now)
    return Done({"appointment": before.id, "late": late}, _told(tx, before.queue, before.date))


def check_in(tx: Tx, command: CheckIn) -> Done:
    """Who has an appointment is here (签到): a number of the same queue, whatever its quota, due
    when the slot is near; after the grace an ordinary one from now on.

    Raises day_closed, appointment_unknown, appointment_over, check_in_early,
    check_in_other_day, queue_unknown or class_unknown.
    """
    before = _of_code(tx, command.code) if command.code else _of_id(tx, command.appointment)
    at = _instant(before.at)
    today = datetime.fromisoformat(tx.date).date()
    state = rules.step("check_in", AppointmentState(before.state), at)
    rules.may_check_in(at, tx.now, today)
    queue = queue_of(tx, None, before.queue)
    item = before.item if before.item in tx.plan.items else None
    ticket = new_ticket(tx, tx.day, queue, item=item, priority=command.priority, slot=at)
    appointments.change(
        tx.cursor, before, state=state.value, ticket=ticket.reply["ticket"], ended_at=tx.at
    )
    return Done(
        {**ticket.reply, "appointment": before.id},
        {**ticket.facts, **_told(tx, before.queue, before.date)},
    )


def leave_proof(tx: Tx, command: LeaveProof) -> Done:
    """What else proves an appointment (签到凭据), left by who has its code; forgotten with it, or
    the next morning. Raises appointment_unknown, appointment_over or already_booked."""
    before = _of_code(tx, command.code)
    rules.step("leave_proof", AppointmentState(before.state), _instant(before.at))
    if command.person not in (None, before.person):
        _one_a_day(tx, before.date, command.person)
    appointments.change(
        tx.cursor,
        before,
        person=command.person or before.person,
        phone=command.phone or before.phone,
    )
    return Done({"appointment": before.id}, {})


def mark_missed(tx: Tx, _command: MarkMissed) -> Done:
    """Whoever booked and was not here in time after his slot has missed it (爽约)."""
    return Done({"missed": _miss(tx)}, facts.booked_facts(tx))


def settle_past_days(tx: Tx) -> None:
    """In the morning: whoever was awaited on a day before has missed it, and whose the
    appointments of days gone by were is forgotten."""
    _miss(tx)
    today = tx.now.astimezone(HALL_TIME).date().isoformat()
    appointments.forget(tx.cursor, tx.hall, before=today)


def view(
    cursor: Cursor, hall: str, now: datetime, *, code: str, person: str = "", phone: str = ""
) -> dict[str, Any]:
    """An appointment as its holder sees it, who shows its code, his card or the last four figures
    of his phone. Whoever shows only the last is not told the code, which moves and cancels.

    Raises appointment_unknown, proof_unknown or appointment_several.
    """
    row = _known(cursor, hall, now, "person" if person else "phone", person or phone, code)
    told = {**_paper(row), "state": row.state, "ticket": row.ticket}
    return told if person or not phone else {**told, "code": None}


def _known(cursor: Cursor, hall: str, now: datetime, proof: str, mark: str, code: str) -> Any:
    if not mark:
        return _found(appointments.by_code(cursor, hall, code))
    today = now.astimezone(HALL_TIME).date()
    rows = appointments.known_by(cursor, hall, proof, mark, since=today.isoformat())
    return rows[rules.which(rows, today, sure=proof == "person")]


def _miss(tx: Tx) -> int:
    """How many have missed their slots by now."""
    return appointments.miss(tx.cursor, tx.hall, in_ms(tx.now - tx.plan.policy.on_time), tx.at)


def _one_a_day(tx: Tx, date: str, person: str | None) -> None:
    if person is not None:
        other = appointments.of_person(tx.cursor, tx.hall, date, person)
        if other is not None:
            raise Refused(Refusal.ALREADY_BOOKED, date=date, time=f"{_instant(other.at):%H:%M}")


def _take(tx: Tx, queue: QueuePlan, date: str, clock: str) -> datetime:
    """Take a place of the slot that is wanted; its moment."""
    found = slots.bookable(tx.cursor, tx.plan, tx.hall, queue, tx.now)
    slot = rules.may_book(found, slots.moment(date, clock), tx.now, queue.name)
    appointments.take_place(tx.cursor, tx.hall, queue.id, date, in_ms(slot.at), slot.capacity)
    return slot.at


def _new_code(tx: Tx) -> str:
    """A code that no appointment of the hall has or had."""
    while True:
        code = rules.code(ids.draws(rules.CODE_LENGTH))
        if appointments.by_code(tx.cursor, tx.hall, code) is None:
            return code


def _of_code(tx: Tx, code: str) -> Any:
    return _found(appointments.by_code(tx.cursor, tx.hall, code))


def _of_id(tx: Tx, id: str | None) -> Any:
    return _found(appointments.by_id(tx.cursor, tx.hall, id or ""))


def _found(row: Any) -> Any:
    if row is None:
        raise Refused(Refusal.APPOINTMENT_UNKNOWN)
    return row


def _told(tx: Tx, queue: str, *dates: str) -> dict[str, Any]:
    """What staff see of a queue's appointments, where one of these dates is the open day's."""
    if tx.head.date not in dates:
        return {}
    return {f"booked/{queue}": facts.booked_facts(tx).get(f"booked/{queue}")}


def _paper(row: Any) -> dict[str, Any]:
    """What the confirmation says."""
    return {
        "appointment": row.id,
        "code": row.code,
        "queue": row.queue,
        "item": row.item,
        "date": row.date,
        "time": f"{_instant(row.at):%H:%M}",
        "at": row.at,
    }


def _instant(at: int) -> datetime:
    return instant(at).astimezone(HALL_TIME)
