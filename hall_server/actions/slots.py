"""The slots (时段) that a hall's layout gives a queue, with the places that are taken."""

from datetime import date, datetime, timedelta
from typing import Any

from hall_server.rules import appointments as rules
from hall_server.rules.appointments import Slot
from hall_server.store import appointments
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan
from hall_server.wire.hours import HALL_TIME, in_ms
from hall_server.wire.layout import QueuePlan
from hall_server.words import Refusal, Refused

LOOK_AHEAD = 30  # calendar days: five working days, with the longest holiday between


def bookable(cursor: Cursor, plan: Plan, hall: str, queue: QueuePlan, now: datetime) -> list[Slot]:
    """Every slot of every day that may be booked now, past ones of today among them."""
    days = _days(plan, now.astimezone(HALL_TIME).date())
    if not days:
        return []
    assert plan.layout is not None
    windows = sum(1 / len(window.queues) for window in plan.layout.windows_of(queue.id))
    since, until = (in_ms(datetime.combine(day, datetime.min.time(), HALL_TIME)) for day in
                    (days[0], days[-1] + timedelta(days=1)))  # fmt: skip
    taken = appointments.taken(cursor, hall, queue.id, since, until)
    shares = queue.slots.model_dump()
    return [
        Slot(at, rules.capacity(at, windows, queue.minutes, **shares), taken.get(in_ms(at), 0))
        for day in days
        for at in rules.starts(day, _spans(plan, day), HALL_TIME)
    ]


def view(
    cursor: Cursor, plan: Plan, hall: str, queue: str, day: str, now: datetime
) -> dict[str, Any]:
    """The slots of a queue: those of one day, or of every day that may be booked where `day` is
    empty. Slots that have begun are left out. Raises queue_unknown."""
    found = plan.queues.get(queue)
    if found is None:
        raise Refused(Refusal.QUEUE_UNKNOWN, queue=queue)
    return {
        "queue": queue,
        "slots": [
            {
                "date": f"{slot.at:%Y-%m-%d}",
                "time": f"{slot.at:%H:%M}",
                "capacity": slot.capacity,
                "free": slot.free,
            }
            for slot in bookable(cursor, plan, hall, found, now)
            if slot.at > now and slot.capacity and day in ("", f"{slot.at:%Y-%m-%d}")
        ],
    }


def moment(day: str, clock: str) -> datetime:
    """A date and a time of the hall as an instant."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=HALL_TIME)


def _days(plan: Plan, today: date) -> list[date]:
    coming = [today + timedelta(days=n) for n in range(LOOK_AHEAD + 1)]
    open_days = [day for day in coming if _spans(plan, day)]
    return [day for day in open_days if rules.within_days(day, today, open_days)]


def _spans(plan: Plan, day: date) -> list[tuple[str, str]]:
    spans = plan.layout.spans_on(day) if plan.layout is not None else ()
    return [(span.start, span.last_ticket) for span in spans]
