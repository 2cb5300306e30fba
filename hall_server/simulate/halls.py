"""Halls to play: lines with their load, windows with their lines, and how people come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from string import ascii_uppercase

from hall_server.rules.policy import CALLS, HELP_AFTER, RATIO, RETURN_AFTER, RETURN_LIMIT, Policy
from hall_server.store.plans import Plan
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import (
    HallInfo,
    HallPolicy,
    Hours,
    Layout,
    PriorityClass,
    QueuePlan,
    QueuePolicy,
    SlotPlan,
    Span,
)
from hall_server.wire.layout import WindowPlan as Window

DOORS, OPEN, LAST_TICKET, CLOSE = 510.0, 540.0, 990.0, 1020.0  # minutes after midnight
# Visitors by half hour from 8:30 on; the peak is 9 to 11 (queue-policy §0).
BY_HALF_HOUR = (6, 11, 12, 12, 11, 9, 7, 4, 3, 4, 6, 8, 8, 6, 5, 3)
PAID_MINUTES = 8 * 60 - 45  # a window's day without lunch
USUAL_LOAD = 0.82
HALL_ID, PRIORITY = "simulated", "priority"
PREFIXES = (*ascii_uppercase, *map("".join, product(ascii_uppercase, repeat=2)))


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A queue: published minutes, and its visitors on a usual day."""

    name: str
    minutes: float
    visitors: float


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """A window and its lines by name."""

    name: str
    queues: tuple[str, ...]
    backup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HallPlan:
    """A hall as the simulator plays it, and how it calls by its own layout."""

    name: str
    lines: tuple[LinePlan, ...]
    windows: tuple[WindowPlan, ...]
    policy: Policy = field(default_factory=Policy)


def plan(
    name: str, minutes: dict[str, float], windows: Sequence[WindowPlan], load: float = USUAL_LOAD
) -> HallPlan:
    """A hall whose lines have the visitors that keep its windows busy for this share of the day.

    A window of several lines gives each its equal part.
    """
    share = dict.fromkeys(minutes, 0.0)
    for window in windows:
        for queue in window.queues:
            share[queue] += 1 / len(window.queues)
    lines = tuple(
        LinePlan(queue, told, load * share[queue] * PAID_MINUTES / told)
        for queue, told in minutes.items()
    )
    return HallPlan(name, lines, tuple(windows))


def of_layout(layout: Layout) -> HallPlan:
    """The hall of a layout, under the usual load."""
    windows = [WindowPlan(w.id, w.queues, w.backup) for w in layout.windows]
    made = plan(layout.hall.id, {q.id: float(q.minutes) for q in layout.queues}, windows)
    return replace(made, policy=Plan(layout, Catalogue()).policy)


def with_the_people_of(hall: HallPlan, other: HallPlan) -> HallPlan:
    """A hall as the visitors of another one meet it: its windows and policy, their lines. Raises
    ValueError where the two have not the same queues."""
    names, others = ({line.name for line in one.lines} for one in (hall, other))
    if names != others:
        raise ValueError(", ".join(sorted(names ^ others)))
    return replace(hall, name=other.name, lines=other.lines)


def apart(hall: HallPlan) -> HallPlan:
    """The same hall without any help between windows (支援): how most halls work today."""
    return replace(hall, windows=tuple(replace(one, backup=()) for one in hall.windows))


def to_layout(hall: HallPlan, policy: Policy) -> Layout:
    """The layout of such a hall under this policy: open as the simulator plays it, and whoever
    has booked finds a place, because the visitors are drawn before their bookings."""
    minute = timedelta(minutes=1)
    span = Span(days=(1, 2, 3, 4, 5, 6, 7), start="08:30", end="17:00", last_ticket="16:30")
    return Layout(
        hall=HallInfo(id=HALL_ID, name=hall.name, division="370000"),
        windows=tuple(
            Window(id=one.name, name=one.name, queues=one.queues, backup=one.backup)
            for one in hall.windows
        ),
        queues=tuple(
            QueuePlan(
                id=line.name,
                prefix=PREFIXES[n],
                name=line.name,
                minutes=max(1, round(line.minutes)),
                policy=QueuePolicy(
                    ratio=policy.ratio.get(line.name, RATIO),
                    help_after_minutes=policy.help_after.get(line.name, HELP_AFTER) // minute,
                    return_after=policy.return_after.get(line.name, RETURN_AFTER),
                    return_limit=policy.return_limit.get(line.name, RETURN_LIMIT),
                    calls=policy.calls.get(line.name, CALLS),
                ),
                slots=SlotPlan(places=999),
            )
            for n, line in enumerate(hall.lines)
        ),
        policy=HallPolicy(
            due_before_minutes=policy.due_before // minute,
            never_before_minutes=policy.never_before // minute,
            on_time_minutes=policy.on_time // minute,
            promise_minutes=policy.promise // minute,
            plain_within_minutes=policy.plain_within // minute,
        ),
        classes=(PriorityClass(id=PRIORITY, name="优先"),),
        hours=Hours(weekly=(span,)),
    )


def _windows(*rows: tuple[int, str, str]) -> list[WindowPlan]:
    made: list[WindowPlan] = []
    for count, queues, backup in rows:
        for _ in range(count):
            name = str(len(made) + 1)
            made.append(WindowPlan(name, tuple(queues.split()), tuple(backup.split())))
    return made


CITY = plan(
    "city",
    {
        "general": 9, "tax": 9, "social": 8, "medical": 7, "property": 17, "household": 8,
        "exit": 8, "vehicle": 8, "fund": 10, "company": 15, "collect": 3, "civil": 12,
    },
    _windows(
        (3, "general", "collect company"), (2, "general collect", "civil"),
        (2, "general civil", "company"), (1, "collect", "general"), (2, "tax", "social"),
        (2, "tax", "medical"), (3, "social", "medical tax"), (3, "medical", "social tax"),
        (3, "property", "fund"), (2, "fund", "property company"), (2, "company", "fund general"),
        (3, "household exit", "vehicle"), (2, "vehicle", "household exit"),
    ),
)  # fmt: skip
TOWN = plan(
    "town",
    {"general": 9, "tax": 10, "social": 8, "property": 16, "household": 8},
    _windows(
        (3, "general", "social household"), (2, "tax", "property"), (3, "social", "general tax"),
        (2, "property", "tax"), (2, "household", "general"),
    ),
)  # fmt: skip
STREET = plan(
    "street",
    {"general": 9, "social": 8, "civil": 11},
    _windows((2, "general social", "civil"), (1, "social", "general"), (1, "civil general", "")),
)
HALLS = {hall.name: hall for hall in (CITY, TOWN, STREET)}
