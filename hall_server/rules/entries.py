"""Entries (办不成事、吐槽找茬): how a record is numbered, and what may become of it."""

from collections.abc import Callable
from datetime import date, timedelta

from hall_server.rules.permits import Who
from hall_server.words import EntryState, Refusal, Refused, Role

MOST_A_DAY = 999
MOST_OF_A_TICKET = 5
STEPS: dict[str, tuple[EntryState, EntryState]] = {
    "answer": (EntryState.OPEN, EntryState.ANSWERED),
    "close": (EntryState.ANSWERED, EntryState.CLOSED),  # nothing is closed without an answer
}


def record(day: str, n: int) -> str:
    """The number of a day's nth record, which its author is given. Raises entries_full.

    >>> record("2026-11-23", 3)
    '20261123-003'
    """
    if n > MOST_A_DAY:
        raise Refused(Refusal.ENTRIES_FULL)
    return f"{day.replace('-', '')}-{n:03d}"


def within_ticket(left: int) -> None:
    """One ticket leaves five records at most, or one telephone could fill a hall's day. Raises
    entries_of_ticket."""
    if left >= MOST_OF_A_TICKET:
        raise Refused(Refusal.ENTRIES_OF_TICKET, limit=MOST_OF_A_TICKET)


def answer_by(left: date, days: int, works: Callable[[date], bool]) -> date:
    """The last day on which a record may be answered (反馈时限): so many days that are working
    days (工作日) after the one on which it was left."""
    day = left
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return day


def step(deed: str, state: EntryState, record: str) -> EntryState:
    """The state after a deed, or Refused(entry_state) with the state it is in."""
    before, after = STEPS[deed]
    if state is not before:
        raise Refused(Refusal.ENTRY_STATE, record=record, state=state.value)
    return after


def channel(who: Who) -> str:
    """By which way it came: kiosk, phone or window."""
    return {Role.KIOSK: "kiosk", Role.CITIZEN: "phone"}.get(who.role, "window")
