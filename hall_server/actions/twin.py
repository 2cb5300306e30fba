"""The hall as its twin sees it: the present state, the laws it has learned, its policy."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hall_server.actions import lines
from hall_server.rules.calling import Due, Policy, Waiting, WindowDuty
from hall_server.rules.forecast import Arrival, Laws, Now, Served, Shift, Told, WindowNow, learn
from hall_server.rules.forecast.laws import MOST_DAYS
from hall_server.store import estimates, heads, history, services, tickets, windows
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.ids import made_at
from hall_server.store.plans import Plan, Plans
from hall_server.wire.hours import HALL_TIME, Span, in_ms, instant
from hall_server.words import Refusal, Refused, TicketState, WindowState

OFF = WindowDuty(())
HOUR = timedelta(hours=1)
MOST_WAITING = 3_000  # 40 runs of 200 who wait take 0.1 s


@dataclass(frozen=True, slots=True)
class Past:
    """What a hall has kept of the days before a business day."""

    day: int
    served: list[Served]
    days: list[list[Arrival]]


@dataclass(frozen=True, slots=True)
class Present:
    """A hall at one moment: all that `forecast`, `what_if` and `best_moves` ask for.

    `head` says where its journal stood. `ends` is when its last opening span of the day ends,
    None on a day without any. `told`: what those who wait were told when they took a number."""

    head: Head
    plan: Plan
    now: Now
    laws: Laws
    policy: Policy
    at: datetime
    ends: datetime | None
    told: Mapping[str, Told]


def past(cursor: Cursor, head: Head) -> Past:
    """The last 30 days before the open one: finished services, and who came when. Read once a
    day: a hall of 1,200 visitors has 70,000 rows of it."""
    assert head.day is not None
    known = [row for row in history.past_days(cursor, head.hall, MOST_DAYS) if row.day < head.day]
    if not known:
        return Past(head.day, [], [])
    since, until = known[-1].day, known[0].day
    # A date that was opened twice is one day.
    dates = {row.day: row.date for row in known}
    days: dict[str, list[Arrival]] = {row.date: [] for row in reversed(known)}
    for row in history.taken(cursor, head.hall, since, until):
        if row.day in dates:
            days[dates[row.day]].append(_arrival(row, midnight(dates[row.day])))
    served = _served(history.finished(cursor, head.hall, since, until))
    return Past(head.day, served, [day for day in days.values() if day])


def laws(cursor: Cursor, head: Head, plan: Plan, past: Past) -> Laws:
    """The laws of a hall from its past, and from what was finished today."""
    assert head.day is not None
    today = _served(history.finished(cursor, head.hall, head.day, head.day))
    published = {queue.id: float(queue.minutes) for queue in plan.queues.values()}
    return learn(published, past.served, today, past.days)


def present(cursor: Cursor, head: Head, plan: Plan, laws: Laws, at: datetime) -> Present:
    """A hall as it is now; its day is open and it has a layout. Raises too_busy where more wait
    than any hall has seats for: it would take longer than it is worth."""
    assert head.day is not None
    assert head.date is not None
    assert plan.layout is not None
    spans = plan.layout.spans_on(date.fromisoformat(head.date))
    doors = _clock(head.date, spans[-1].last_ticket) if spans else None
    sums = {row.queue: row for row in tickets.every_sum(cursor, head.hall, head.day)}
    if sum(row.waiting for row in sums.values()) > MOST_WAITING:
        raise Refused(Refusal.TOO_BUSY)
    hour_ago = in_ms(at - HOUR)
    came = history.taken(cursor, head.hall, head.day, head.day, after=hour_ago)
    now = Now(
        waiting=_waiting(cursor, head, plan, sums),
        windows=_windows(cursor, head, plan, _breaks(head.date, spans, at)),
        midnight=midnight(head.date),
        calls={queue: row.calls for queue, row in sums.items()},
        runs={queue: row.run for queue, row in sums.items()},
        doors=doors,
        last_hour=[_arrival(row, midnight(head.date)) for row in came],
    )
    ends = _clock(head.date, spans[-1].end) if spans else None
    told = {
        row.ticket: Told(instant(row.at), row.median, row.low, row.high)
        for row in estimates.of_waiting(cursor, head.hall, head.day)
    }
    return Present(head, plan, now, laws, plan.policy, at, ends, told)


def head_of(cursor: Cursor, plans: Plans, hall: str) -> tuple[Head, Plan] | None:
    """A hall whose day is open, and its plan; else None: there is nothing to look forward to."""
    head = next((head for head in heads.every_head(cursor) if head.hall == hall), None)
    if head is None or head.day is None:
        return None
    return head, plans.of(cursor, hall, head.layout, head.catalogue)


def midnight(day: str) -> datetime:
    """The midnight with which a date begins in the hall."""
    return datetime.combine(date.fromisoformat(day), time(), HALL_TIME)


def _waiting(cursor: Cursor, head: Head, plan: Plan, sums: Mapping[str, Any]) -> list[Waiting]:
    assert head.day is not None
    return [
        lines.waiting(row, sums[row.queue])
        for row in tickets.live(cursor, head.hall, head.day)
        if row.state == TicketState.WAITING and row.queue in plan.queues
    ]


def _windows(cursor: Cursor, head: Head, plan: Plan, breaks: tuple[Shift, ...]) -> list[WindowNow]:
    """Every window of the layout; one that is paused or closed calls nobody until somebody
    opens it."""
    active = {row.window: row for row in services.every_active(cursor, head.hall)}
    found = []
    for row in windows.every(cursor, head.hall):
        place = plan.windows.get(row.window)
        if place is None:
            continue
        service = active.get(row.window)
        duty = WindowDuty(place.queues, place.backup)
        found.append(
            WindowNow(
                row.window,
                duty if row.state == WindowState.OPEN else OFF,
                None if service is None else service.queue,
                None if service is None else instant(made_at(service.id)),
                breaks if row.state == WindowState.OPEN else (),
            )
        )
    return sorted(found, key=lambda window: (len(window.window), window.window))


def _breaks(day: str, spans: tuple[Span, ...], at: datetime) -> tuple[Shift, ...]:
    """Between two opening spans (午休) no window calls."""
    found = []
    for span, after in itertools.pairwise(spans):
        start, end = _clock(day, span.end), _clock(day, after.start)
        if at < end and start < end:
            start = max(start, at)
            found.append(Shift(start, pause=end - start))
    return tuple(found)


def _served(rows: list[Any]) -> list[Served]:
    return [
        Served(row.queue, row.window, (row.ended_at - made_at(row.id)) / 60_000) for row in rows
    ]


def _arrival(row: Any, midnight: datetime) -> Arrival:
    after = instant(row.taken_at) - midnight
    if row.slot is not None:
        return Arrival(after, row.queue, Due.BOOKED, instant(row.slot) - midnight)
    return Arrival(after, row.queue, Due.PLAIN if row.priority is None else Due.DUE)


def _clock(day: str, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return midnight(day) + timedelta(hours=int(hours), minutes=int(minutes))
