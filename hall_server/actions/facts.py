"""Facts: a row of the store told as the wire tells it. Commands and snapshots share these."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hall_server.actions import policy
from hall_server.rules import helping
from hall_server.store import appointments, days, services, tickets
from hall_server.store.transaction import Tx
from hall_server.wire.views import (
    BookedView,
    CallView,
    DayView,
    DeskView,
    DeviceView,
    EntryView,
    HelperView,
    PadView,
    PaperView,
    QueueView,
    TicketView,
    UnmergedView,
    WindowView,
)
from hall_server.words import AppointmentState, HelpState

CALLS_SHOWN = 6  # on the wall; every display is told all of them at each call


def hall_fact(tx: Tx) -> dict[str, Any]:
    """The public part of the layout: everything but staff and devices; of the policy what the
    sign on the wall says, of the devices where a kiosk stands."""
    layout = tx.plan.layout
    assert layout is not None
    return {
        **layout.hall.model_dump(mode="json"),
        **layout.model_dump(mode="json", include={"zones", "windows", "classes", "hours"}),
        "queues": [
            queue.model_dump(mode="json", exclude={"policy", "departments"})
            for queue in layout.queues
        ],
        "sign": policy.sign(layout),
        "kiosks": {
            device.id: device.plan
            for device in layout.devices
            if device.kind == "kiosk" and device.plan
        },
        "layout_version": tx.head.layout,
        "catalogue_version": tx.head.catalogue,
        "public_url": tx.public_url,
    }


def day_fact(row: Any) -> DayView:
    return {"date": row.date, "round": row.round, "opened_at": row.opened_at}


def queue_fact(tx: Tx, queue: str, sums: Any) -> QueueView:
    """A queue's sums; `sums` None before its first number of the day."""
    taken, waiting = (tickets.given(sums), sums.waiting) if sums is not None else (0, 0)
    quota = tx.plan.queues[queue].quota
    left = None if quota is None else max(0, quota - taken)
    return {"waiting": waiting, "taken": taken, "left": left}


def ticket_fact(row: Any) -> TicketView:
    return {
        "number": row.number,
        "queue": row.queue,
        "item": row.item,
        "priority": row.priority,
        "state": row.state,
        "order": row.taken_seq,
        "taken_at": row.taken_at,
        "slot": row.slot,
        "window": row.window,
        "passed": row.passed,
        "print": row.print,
        "prints": row.prints,
    }


def window_fact(window: Any, service: Any) -> WindowView:
    """A window and its active service, or None."""
    return {
        "state": window.state,
        "reason": window.reason,
        "number": service.number if service else None,
        "queue": service.queue if service else None,
        "serving": bool(service) and service.state == "serving",
        "service": service.id if service else None,
        "call": service.calls if service else 0,
        "seq": service.called_seq if service else 0,
        "called_at": service.called_at if service else None,
    }


def desk_fact(window: Any, service: Any) -> DeskView:
    return {
        "generation": window.generation,
        "staff": window.staff,
        "ticket": service.ticket if service else None,
        "service": service.id if service else None,
        "started_at": service.started_at if service else None,
        "why": json.loads(service.why) if service else [],
    }


def window_facts(window: Any, service: Any) -> dict[str, Any]:
    """What everybody sees of a window, and what its desk sees."""
    return {
        f"window/{window.window}": window_fact(window, service),
        f"desk/{window.window}": desk_fact(window, service),
    }


def pad_fact(service: Any) -> PadView:
    return {"service": service.id, "number": service.number}


def paper_fact(window: Any) -> PaperView:
    return {"ticket": window.paper, "prints": window.paper_prints}


def device_fact(row: Mapping[str, Any]) -> DeviceView:
    return {
        "kind": row["kind"],
        "window": row["window"],
        "state": row["state"],
        "trouble": row["trouble"],
        "since": row["since"],
    }


def helper_fact(row: Any) -> HelperView:
    waits = HelpState(row.state) in helping.WAITS and not row.escalated
    return {
        "place": row.place,
        "item": row.item,
        "state": row.state,
        "helper": row.helper,
        "called_at": row.called_at,
        "overdue_at": row.overdue_at if waits else None,
        "escalated": bool(row.escalated),
    }


def entry_fact(row: Any) -> EntryView:
    return {
        "record": row.record,
        "kind": row.kind,
        "channel": row.channel,
        "item": row.item,
        "window": row.window,
        "state": row.state,
        "left_at": row.left_at,
        "answer_by": row.answer_by,
    }


def unmerged_fact(row: Any) -> UnmergedView:
    return {
        "number": row.number,
        "queue": row.queue,
        "kiosk": row.kiosk,
        "taken_at": row.taken_at,
        "date": row.date,
        "reason": row.reason,
    }


def calls_fact(tx: Tx) -> list[CallView]:
    """The last calls of the day, newest first."""
    if tx.head.day is None:
        return []
    return [
        {
            "number": row.number,
            "window": row.window,
            "call": row.calls,
            "seq": row.called_seq,
            "at": row.called_at,
        }
        for row in services.last_calls(tx.cursor, tx.hall, tx.head.day, CALLS_SHOWN)
    ]


def booked_facts(tx: Tx) -> dict[str, Any]:
    """Of each queue that has any: its appointments of the open day."""
    if tx.head.date is None:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for row in appointments.counts(tx.cursor, tx.hall, tx.head.date):
        if row.state != AppointmentState.CANCELLED and row.queue in tx.plan.queues:
            found.setdefault(row.queue, {})[row.state] = row
    return {f"booked/{queue}": _booked_fact(tx, states) for queue, states in found.items()}


def _booked_fact(tx: Tx, states: dict[str, Any]) -> BookedView:
    n = {state: states[state].n if state in states else 0 for state in AppointmentState}
    awaited = states.get(AppointmentState.BOOKED)
    on_time = tx.plan.policy.on_time // timedelta(milliseconds=1)
    return {
        "expected": n[AppointmentState.BOOKED],
        "arrived": n[AppointmentState.CHECKED_IN],
        "missed": n[AppointmentState.MISSED],
        "overdue_at": awaited.first + on_time if awaited else None,
    }


def day_facts(tx: Tx) -> dict[str, Any]:
    """The day, every queue's sums, and its appointments."""
    day = tx.head.day
    if day is None:
        return {f"queue/{queue}": queue_fact(tx, queue, None) for queue in tx.plan.queues}
    sums = {row.queue: row for row in tickets.every_sum(tx.cursor, tx.hall, day)}
    facts: dict[str, Any] = {"day": day_fact(days.by_id(tx.cursor, tx.hall, day))}
    for queue in tx.plan.queues:
        facts[f"queue/{queue}"] = queue_fact(tx, queue, sums.get(queue))
    return facts | booked_facts(tx)
