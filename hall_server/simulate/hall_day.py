"""One day played through the real Hall on a virtual clock: every wish is a command to it."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from hall_server.hall import Hall, Who
from hall_server.rules.forecast.lines import BOOKED, PLAIN, RETURNED, Visitor
from hall_server.rules.forecast.run import Habits
from hall_server.rules.policy import CALLS
from hall_server.simulate.day import LUNCH, LUNCH_MINUTES, Book, Truth, takes
from hall_server.simulate.halls import HALL_ID, OPEN, PRIORITY, HallPlan, to_layout
from hall_server.simulate.rule import Rule
from hall_server.simulate.visitors import Person
from hall_server.store.store import Store
from hall_server.wire.appointments import BookAppointment, CheckIn
from hall_server.wire.commands import (
    CallNext,
    Command,
    Finish,
    ImportLayout,
    OpenDay,
    OpenWindow,
    PassOver,
    PauseWindow,
    Recall,
    ReturnPassed,
    StartService,
    TakeTicket,
    Transfer,
    WindowCommand,
)
from hall_server.wire.hours import HALL_TIME
from hall_server.words import Refusal, Refused, Role

MIDNIGHT = datetime(2026, 3, 2, tzinfo=HALL_TIME)
DATE = f"{MIDNIGHT:%Y-%m-%d}"
BOOKING = 360.0  # 6:00: whoever comes by appointment has booked by then
# A day is thrown away when it is over: it need not survive a power cut, and in memory it costs
# no disk.
MEMORY = next((folder for folder in [Path("/dev/shm")] if os.access(folder, os.W_OK)), None)
ADMIN, SUPERVISOR, KIOSK = (
    Who(role, role.value, HALL_ID) for role in (Role.ADMIN, Role.SUPERVISOR, Role.KIOSK)
)
FREE, BACK, LINE, DESK, RECALL = range(5)


@dataclass(slots=True)
class _Tally:
    waiting: int = 0
    calls: int = 0


@dataclass(slots=True)
class _Window:
    """A window, its clerk's lease, who is there, and what is still to come."""

    name: str
    clerk: Who
    speed: float
    changes: list[tuple[float, float]]  # (when, minutes of pause; 0: it opens), the next one last
    open: bool = False
    idle: bool = True
    generation: int = 0
    at_hand: Visitor | None = None
    absent: bool = False


@dataclass
class _Day:
    hall: Hall
    plan: HallPlan
    rule: Rule
    book: Book
    windows: list[_Window]
    tallies: list[_Tally]
    now: float = BOOKING
    events: list[tuple[float, int, int, int, Visitor | None]] = field(default_factory=list)
    tickets: dict[int, str] = field(default_factory=dict)  # by the visitor's seq
    visitors: dict[str, Visitor] = field(default_factory=dict)  # by the ticket
    codes: dict[int, str] = field(default_factory=dict)
    n: int = 0


def play_hall(
    plan: HallPlan,
    truth: Truth,
    coming: Sequence[Person],
    rule: Rule,
    progress: Callable[[float], None] = lambda _: None,
) -> Book:
    """Play one day through `Hall.handle`, from the bookings to the last service; its book.

    People and windows do what they do in `day.play`, so that the two must agree in every call.
    `progress` is told each visitor's part of 1.
    """
    return asyncio.run(_play(plan, truth, coming, rule, progress))


async def _play(
    plan: HallPlan,
    truth: Truth,
    coming: Sequence[Person],
    rule: Rule,
    progress: Callable[[float], None],
) -> Book:
    tallies = [_Tally() for _ in plan.lines]
    book = Book(tallies, waiting=[{} for _ in tallies], busy=[0.0] * len(plan.windows))
    windows = [
        _Window(
            window.name,
            Who(Role.STAFF, f"clerk-{number}", HALL_ID),
            truth.speeds[number],
            [(LUNCH[number % 2], LUNCH_MINUTES), (OPEN, 0.0)],
        )
        for number, window in enumerate(plan.windows)
    ]
    with tempfile.TemporaryDirectory(prefix="hall-day-", dir=MEMORY) as folder:
        store = Store(f"sqlite:///{folder}/day.db")
        store.make_tables()
        hall = Hall(store, lambda: MIDNIGHT + timedelta(minutes=day.now))
        day = _Day(hall, plan, rule, book, windows, tallies)
        await hall.start()
        try:
            await hall.add_hall(HALL_ID)
            await _morning(day, coming)
            await _through(day, coming, progress)
        finally:
            await hall.stop()
    return book


async def _morning(day: _Day, coming: Sequence[Person]) -> None:
    layout = to_layout(day.plan, day.rule.policy)
    await day.hall.handle(ImportLayout(hall=HALL_ID, layout=layout), ADMIN)
    await day.hall.handle(OpenDay(hall=HALL_ID, date=DATE), SUPERVISOR)
    for number, window in enumerate(day.windows):
        for when, _ in window.changes:
            _at(day, when, DESK, number)
    for seq, person in enumerate(coming, 1):
        if person.slot is not None and not day.rule.plain:
            clock = f"{int(person.slot) // 60:02d}:{int(person.slot) % 60:02d}"
            queue = day.plan.lines[person.line].name
            wish = BookAppointment(hall=HALL_ID, queue=queue, date=DATE, time=clock)
            day.codes[seq] = (await day.hall.handle(wish, KIOSK))["code"]


async def _through(day: _Day, coming: Sequence[Person], progress: Callable[[float], None]) -> None:
    people = iter(enumerate(coming, 1))
    first = next(people, None)
    while first is not None or day.events:
        if first is not None and (not day.events or first[1].arrives <= day.events[0][0]):
            day.now = first[1].arrives
            await _arrives(day, *first)
            progress(1 / len(coming))
            first = next(people, None)
            continue
        day.now, _, kind, number, visitor = heappop(day.events)
        if kind == FREE:
            await _free(day, number)
        elif kind == BACK:
            assert visitor is not None
            await _give(day, ReturnPassed, KIOSK, ticket=day.tickets[visitor.seq])
            visitor.due, visitor.luck = RETURNED, 2.0
            await _joined(day, visitor, again=True)
        elif kind == LINE:
            await _offer(day, number)
        elif kind == RECALL:
            await _press(day, day.windows[number], Recall)
        elif day.windows[number].idle:
            await _next(day, number)


async def _arrives(day: _Day, seq: int, person: Person) -> None:
    visitor = takes(person, seq, day.rule, day.book)
    priority = PRIORITY if person.priority and not day.rule.plain else None
    if seq in day.codes:
        told = await _give(day, CheckIn, KIOSK, code=day.codes[seq], priority=priority)
    else:
        queue = day.plan.lines[person.line].name
        told = await _give(day, TakeTicket, KIOSK, queue=queue, priority=priority)
    day.tickets[seq], day.visitors[told["ticket"]] = told["ticket"], visitor
    await _joined(day, visitor, again=False)


async def _joined(day: _Day, visitor: Visitor, *, again: bool) -> None:
    """He waits from now on: the book is told, and a window that is idle."""
    line = visitor.line
    day.book.joined(visitor, line, day.now, again=again)
    day.tallies[line].waiting += 1
    callable_at = visitor.slot - day.rule.policy.never_before / timedelta(minutes=1)
    if visitor.due == BOOKED and callable_at > day.now:
        _at(day, callable_at, LINE, line)
    await _offer(day, line)


async def _offer(day: _Day, line: int) -> None:
    """Somebody may be called in this line: an idle window takes him, its own first."""
    name = day.plan.lines[line].name
    for own in (True, False):
        for number, window in enumerate(day.windows):
            plan = day.plan.windows[number]
            if window.open and window.idle and name in (plan.queues if own else plan.backup):
                await _next(day, number)
                return


async def _next(day: _Day, number: int) -> None:
    """A window is free: its pause, its next visitor, or nobody."""
    window = day.windows[number]
    while window.changes and window.changes[-1][0] <= day.now:
        _, pause = window.changes.pop()
        if pause:
            await _press(day, window, PauseWindow, reason="午休")
            window.open = window.idle = False
            _at(day, day.now + pause, FREE, number)
            return
        await _opens(day, window)
    if not window.open:
        return
    try:
        told = await _press(day, window, CallNext)
    except Refused as no:
        if no.code is not Refusal.NO_ONE_WAITING:
            raise
        window.idle = True
        return
    window.idle = False
    await _called(day, number, window, day.visitors[told["ticket"]])


async def _called(day: _Day, number: int, window: _Window, visitor: Visitor) -> None:
    """Somebody is called: he comes and is served, or is not there."""
    habits, waited, tally = Habits(), day.now - visitor.taken, day.tallies[visitor.line]
    tally.waiting, tally.calls = tally.waiting - 1, tally.calls + 1
    day.book.called(visitor, visitor.line, number, day.now)
    visitor.called = day.now if visitor.called < 0 else visitor.called
    window.at_hand = visitor
    window.absent = visitor.luck < habits.absent + habits.absent_a_minute * waited
    if window.absent:
        calls = day.rule.policy.calls.get(day.plan.lines[visitor.line].name, CALLS)
        for recall in range(1, calls):
            _at(day, day.now + habits.calling * recall / calls, RECALL, number)
        _at(day, day.now + habits.calling, FREE, number)
        if visitor.back >= 0:
            _at(day, day.now + habits.calling + visitor.back, BACK, 0, visitor)
        return
    await _press(day, window, StartService)
    helped = day.plan.lines[visitor.line].name not in day.plan.windows[number].queues
    minutes = visitor.minutes * window.speed * (habits.helping if helped else 1.0)
    day.book.served(visitor, number, minutes, helped=helped)
    _at(day, day.now + minutes, FREE, number)


async def _free(day: _Day, number: int) -> None:
    """What a window was at has ended: a pause, a wait for nobody, or a service."""
    window, visitor = day.windows[number], day.windows[number].at_hand
    window.at_hand = None
    if visitor is None:
        await _opens(day, window)
    elif window.absent:
        await _press(day, window, PassOver)
    elif visitor.moves < 0:
        await _press(day, window, Finish)
    else:
        await _press(day, window, Transfer, queue=day.plan.lines[visitor.moves].name)
        visitor.line, visitor.minutes, visitor.moves = visitor.moves, visitor.moved, -1
        visitor.due = PLAIN if visitor.stands == RETURNED else visitor.stands
        visitor.luck = 2.0  # he is at hand
        await _joined(day, visitor, again=True)
    await _next(day, number)


async def _opens(day: _Day, window: _Window) -> None:
    told = await _give(day, OpenWindow, window.clerk, window=window.name)
    window.generation, window.open = told["generation"], True


async def _press(
    day: _Day, window: _Window, command: type[WindowCommand], **more: Any
) -> dict[str, Any]:
    held = {"window": window.name, "generation": window.generation}
    return await _give(day, command, window.clerk, **held, **more)


async def _give(day: _Day, command: type[Command], who: Who, **fields: Any) -> dict[str, Any]:
    return await day.hall.handle(command(hall=HALL_ID, **fields), who)


def _at(day: _Day, when: float, kind: int, number: int, visitor: Visitor | None = None) -> None:
    day.n += 1
    heappush(day.events, (when, day.n, kind, number, visitor))
