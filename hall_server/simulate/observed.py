"""What a hall can see of itself at a moment of a simulated day, and what it keeps of the day."""

from datetime import timedelta

from hall_server.rules.calling import Due, WindowDuty
from hall_server.rules.forecast import Arrival, Now, Served, Shift, WindowNow
from hall_server.rules.forecast.run import Run
from hall_server.simulate.day import LUNCH, LUNCH_MINUTES, Book, Day, Row
from hall_server.simulate.halls import LAST_TICKET, OPEN, HallPlan
from hall_server.simulate.rule import MIDNIGHT, moment, waiting_in

NOTHING = WindowDuty(())
SHUT = 1e9


def now_of(hall: HallPlan, run: Run, book: Book, now: float) -> Now:
    """The state that the hall's store would show: no end of a service is known in it."""
    names = [line.name for line in hall.lines]
    lines = dict(zip(names, run.lines, strict=True))
    return Now(
        waiting=[one for name, line in lines.items() for one in waiting_in(line, name)],
        windows=[_window(hall, run, book, number, now) for number in range(len(hall.windows))],
        midnight=MIDNIGHT,
        calls={name: line.calls for name, line in lines.items()},
        runs={name: line.run for name, line in lines.items()},
        doors=moment(LAST_TICKET),
        last_hour=[
            _arrival(hall, row) for row in book.rows.values() if now - 60 < row.arrived <= now
        ],
    )


def _window(hall: HallPlan, run: Run, book: Book, number: int, now: float) -> WindowNow:
    plan = hall.windows[number]
    duty = WindowDuty(plan.queues, plan.backup)
    lunch = LUNCH[number % 2]
    coming = (Shift(moment(lunch), pause=timedelta(minutes=LUNCH_MINUTES)),)
    if not run.desks[number].own and not run.desks[number].changes:
        return WindowNow(plan.name, NOTHING)
    if now < OPEN:
        return WindowNow(plan.name, NOTHING, plan=(Shift(moment(OPEN), duty), *coming))
    line, since, until = book.at_desk.get(number, (0, 0.0, 0.0))
    plans = coming if now < lunch else ()
    if until > now:
        if now >= lunch > since:
            plans = (Shift(moment(now), pause=timedelta(minutes=LUNCH_MINUTES)),)
        return WindowNow(plan.name, duty, hall.lines[line].name, moment(since), plans)
    back = max(lunch, until) + LUNCH_MINUTES
    if not run.desks[number].idle and lunch <= now < back:
        return WindowNow(plan.name, NOTHING, plan=(Shift(moment(back), duty),))
    return WindowNow(plan.name, duty, plan=plans)


def served(hall: HallPlan, day: Day | Book, until: float = SHUT) -> list[Served]:
    """The services that were finished by then."""
    book = day.book if isinstance(day, Day) else day
    return [
        Served(hall.lines[line].name, hall.windows[desk].name, minutes)
        for start, line, desk, minutes in book.services
        if start + minutes <= until
    ]


def arrivals(hall: HallPlan, day: Day) -> list[Arrival]:
    """Who came on that day."""
    return [_arrival(hall, row) for row in day.book.rows.values()]


def _arrival(hall: HallPlan, row: Row) -> Arrival:
    minute = timedelta(minutes=1)
    slot = None if row.slot is None else row.slot * minute
    return Arrival(row.arrived * minute, hall.lines[row.line].name, Due(row.due), slot)
