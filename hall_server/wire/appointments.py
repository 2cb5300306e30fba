"""Commands on appointments (预约): book, move, cancel, check in, leave a proof, missed."""

from pydantic import model_validator

from hall_server.wire.bounds import (
    AppointmentCode,
    AppointmentId,
    ClassId,
    Date,
    ItemCode,
    PersonHash,
    QueueId,
    SlotTime,
)
from hall_server.wire.command import Command


class BookAppointment(Command):
    """Book a slot (预约时段) of a queue, named by an item or by itself, for nobody or for a
    person whom the hall knows only as a keyed hash."""

    unrecorded = frozenset({"person"})
    erased_with = "appointment"

    item: ItemCode | None = None
    queue: QueueId | None = None
    date: Date
    time: SlotTime
    person: PersonHash | None = None

    @model_validator(mode="after")
    def _names_a_line(self) -> "BookAppointment":
        if self.item is None and self.queue is None:
            raise ValueError("item or queue is needed")
        return self


class MoveAppointment(Command):
    """Take another slot of the same queue instead (改约); the code stays."""

    unrecorded = frozenset({"code"})

    code: AppointmentCode
    date: Date
    time: SlotTime


class CancelAppointment(Command):
    """Give a slot back (取消预约)."""

    unrecorded = frozenset({"code"})

    code: AppointmentCode


class CheckIn(Command):
    """Who has an appointment is here (签到): a number of the same queue, due at its slot. Its code
    proves it, or its id, which the hall tells to whom it knows by another proof."""

    unrecorded = frozenset({"code"})

    code: AppointmentCode | None = None
    appointment: AppointmentId | None = None
    priority: ClassId | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "CheckIn":
        if (self.code is None) is (self.appointment is None):
            raise ValueError("either code or appointment is needed")
        return self


class LeaveProof(Command):
    """By what else than its code the holder of an appointment is known when he checks in
    (签到凭据): his card, or the last four figures of his phone; both as keyed hashes."""

    unrecorded = frozenset({"code", "person", "phone"})
    erased_with = "appointment"

    code: AppointmentCode
    person: PersonHash | None = None
    phone: PersonHash | None = None

    @model_validator(mode="after")
    def _leaves_one(self) -> "LeaveProof":
        if (self.person is None) is (self.phone is None):
            raise ValueError("either person or phone is needed")
        return self


class MarkMissed(Command):
    """Whoever booked and was not here by the end of the grace has missed it (爽约)."""


APPOINTMENTS = (
    BookAppointment,
    MoveAppointment,
    CancelAppointment,
    CheckIn,
    LeaveProof,
    MarkMissed,
)
