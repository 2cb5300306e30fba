"""Appointments (预约): which slots there are, who may book, move, cancel and check in, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

from hall_server.words import AppointmentState, Refusal, Refused

LENGTH = timedelta(minutes=30)
PEAK = (time(9, 30), time(11))
DAYS_AHEAD = 5  # working days, today left out
EARLIEST = timedelta(minutes=30)  # before the slot: nobody waits in the hall for hours
FREE_CANCEL = timedelta(hours=2)
CODE_LENGTH = 8


class Known(Protocol):
    """What is looked at of an appointment that a proof was left for."""

    date: str
    state: str


B, M = AppointmentState.BOOKED, AppointmentState.MISSED
STEPS: dict[str, tuple[frozenset[AppointmentState], AppointmentState]] = {
    "move": (frozenset({B}), B),
    "cancel": (frozenset({B}), AppointmentState.CANCELLED),
    "leave_proof": (frozenset({B}), B),
    # Who comes too late has missed his slot and is served all the same.
    "check_in": (frozenset({B, M}), AppointmentState.CHECKED_IN),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A half hour of one queue (时段): when it begins, in hall time, and its places."""

    at: datetime
    capacity: int
    taken: int = 0

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


def starts(day: date, spans: Iterable[tuple[str, str]], zone: tzinfo) -> list[datetime]:
    """When the slots of a day begin: every half hour from the opening of each span that ends
    before its last ticket. A span is (start, last ticket), as "09:00"."""
    found: list[datetime] = []
    for start, last in spans:
        at = datetime.combine(day, time.fromisoformat(start), zone)
        until = datetime.combine(day, time.fromisoformat(last), zone)
        while at + LENGTH <= until:
            found.append(at)
            at += LENGTH
    return sorted(found)


def capacity(
    at: datetime,
    windows: float,
    minutes: int,
    *,
    places: int | None,
    peak_percent: int,
    percent: int,
) -> int:
    """How many may book one slot (预约名额): `places` where they are given, else the part of what
    the planned windows serve in it: floor(part × windows × 30 / minutes of one service).

    >>> at = datetime(2026, 11, 23, 9, 30)
    >>> capacity(at, 4, 9, places=None, peak_percent=40, percent=60)
    5
    """
    if places is not None:
        return places
    part = peak_percent if PEAK[0] <= at.time() < PEAK[1] else percent
    return int(part * windows * (LENGTH // timedelta(minutes=1)) / (100 * minutes) + 1e-9)


def within_days(day: date, today: date, open_days: Sequence[date]) -> bool:
    """Whether a day may be booked: today, or one of the next five that the hall is open."""
    ahead = [one for one in open_days if one > today][:DAYS_AHEAD]
    return day in ahead or (day == today and today in open_days)


def best(slots: Iterable[Slot], wanted: datetime) -> Slot | None:
    """What is offered instead: the free slot of the wanted day that is nearest in time, the
    earlier of two, else the first one of the days after it, else of those before."""
    free = [slot for slot in slots if slot.free]
    return min(
        free,
        key=lambda slot: (
            (slot.at.date() - wanted.date()).days % 1000,  # an earlier day comes last
            abs(slot.at - wanted) if slot.at.date() == wanted.date() else timedelta(),
            slot.at,
        ),
        default=None,
    )


def may_book(slots: Sequence[Slot], wanted: datetime, now: datetime, queue: str) -> Slot:
    """The slot that is wanted, among those of all days that may be booked, which has not begun.

    Raises slot_unknown, slot_taken with the next best, or no_slot_free.
    """
    coming = [slot for slot in slots if slot.at > now]
    found = next((slot for slot in coming if slot.at == wanted), None)
    if found is not None and found.free:
        return found
    offer = best(coming, wanted)
    if found is None:
        raise Refused(Refusal.SLOT_UNKNOWN, **_told(wanted))
    if offer is None:
        raise Refused(Refusal.NO_SLOT_FREE, queue=queue)
    raise Refused(
        Refusal.SLOT_TAKEN,
        **_told(wanted),
        next_date=f"{offer.at:%Y-%m-%d}",
        next_time=f"{offer.at:%H:%M}",
    )


def step(deed: str, state: AppointmentState, at: datetime) -> AppointmentState:
    """The state after a deed, or Refused(appointment_over): cancelled, checked in or missed."""
    allowed, after = STEPS[deed]
    if state not in allowed:
        raise Refused(Refusal.APPOINTMENT_OVER, state=state.value, **_told(at))
    return after


def may_check_in(at: datetime, now: datetime, today: date) -> None:
    """Checking in (签到) begins 30 minutes before the slot and lasts all day. Raises
    check_in_other_day, or check_in_early with the time to come back."""
    if at.date() != today:
        raise Refused(Refusal.CHECK_IN_OTHER_DAY, **_told(at))
    if now < at - EARLIEST:
        opens = f"{at - EARLIEST:%H:%M}"
        raise Refused(Refusal.CHECK_IN_EARLY, **_told(at), opens=opens)


def which(rows: Sequence[Known], today: date, *, sure: bool) -> int:
    """Which of somebody's appointments he comes for, as its place among them: today's that he
    has not checked in for, else today's, else the next one.

    `sure`: a card is one person's. The last four figures of a phone are many people's, so that
    where two appointments are equally near only a code tells. Raises proof_unknown or
    appointment_several.
    """

    def order(row: Known) -> tuple[bool, bool]:
        return (row.date != today.isoformat(), row.state == AppointmentState.CHECKED_IN)

    if not rows:
        raise Refused(Refusal.PROOF_UNKNOWN)
    near = min(map(order, rows))
    found = [n for n, row in enumerate(rows) if order(row) == near]
    if len(found) > 1 and not sure:
        raise Refused(Refusal.APPOINTMENT_SEVERAL)
    return found[0]


def cancelled_late(at: datetime, now: datetime) -> bool:
    """Later than 2 hours before the slot: the place is free again, and it is recorded."""
    return now > at - FREE_CANCEL


def code(draws: Sequence[int]) -> str:
    """The 8 figures by which an appointment is known, from random draws of one byte."""
    return "".join(str(draw % 10) for draw in draws[:CODE_LENGTH])


def _told(at: datetime) -> dict[str, str]:
    return {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}
