"""Views: what may be asked without changing anything."""

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from config.rating_tags import rating_tags
from hall_server.actions import entries, lines, search_keys
from hall_server.rules.tickets import ENDS
from hall_server.store import days, ratings, services, tickets
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan
from hall_server.words import Refusal, Refused, ServiceState, TicketState

PlanOf = Callable[[Cursor, str], Plan]


def catalogue(plan: Plan, version: int) -> dict[str, Any]:
    """Every item in short, with its search keys; the whole of one is the view `item`."""
    named = {item.code: (item.name, *item.common_names) for item in plan.catalogue.items}
    names = sorted({name for names in named.values() for name in names})
    keys = dict(zip(names, search_keys.keys_of(names), strict=True)) if names else {}
    return {
        "version": version,
        "items": [
            {
                "code": item.code,
                "name": item.name,
                "name_en": item.name_en,
                "department": item.department,
                "theme": item.theme,
                "queue": item.queue,
                "common_names": list(item.common_names),
                # The keys of the name and of what people call it, apart by a blank.
                "initials": " ".join(keys[name][0] for name in named[item.code]),
                "pinyin": " ".join(keys[name][1] for name in named[item.code]),
                "online_url": item.online_url,
            }
            for item in plan.catalogue.items
        ],
    }


def in_force(plan: Plan) -> dict[str, Any]:
    """The layout (None before the first import) and catalogue, whole."""
    layout = None if plan.layout is None else plan.layout.model_dump(mode="json")
    return {"layout": layout, "catalogue": plan.catalogue.model_dump(mode="json")}


def item(plan: Plan, code: str) -> dict[str, Any]:
    """One item with its guidance (办事指南), and the other points that do it, the nearest first.
    Raises item_unknown."""
    found = plan.items.get(code)
    if found is None:
        raise Refused(Refusal.ITEM_UNKNOWN, item=code)
    points = () if plan.layout is None else plan.layout.points
    near = [
        point.model_dump(mode="json", exclude={"queues", "items"})
        for point in points
        if point.does(found)
    ]
    return {**found.model_dump(mode="json"), "points": near}


def ticket(cursor: Cursor, plan_of: PlanOf, now: datetime, token: str) -> dict[str, Any]:
    """The ticket of a token, as its holder sees it. Raises ticket_unknown."""
    row = tickets.by_token(cursor, token)
    if row is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    return _ticket(cursor, plan_of, now, row)


def held_ticket(
    cursor: Cursor, plan_of: PlanOf, now: datetime, hall: str, number: str, code: str
) -> dict[str, Any]:
    """The last ticket of a number, for who also knows the short code on its paper, with its
    token. Raises ticket_unknown."""
    row = tickets.by_number(cursor, hall, number, None)
    if row is None or not hmac.compare_digest(row.code.encode(), code.encode()):
        raise Refused(Refusal.TICKET_UNKNOWN)
    return {**_ticket(cursor, plan_of, now, row), "token": row.token}


def own_ticket(
    cursor: Cursor, plan_of: PlanOf, now: datetime, hall: str, name: str
) -> dict[str, Any]:
    """The ticket of somebody who came in by it; with what became of the records that were left
    with it, and what may still be said of a rating that was given."""
    row = tickets.by_id(cursor, hall, name)
    if row is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    told = _ticket(cursor, plan_of, now, row)
    return {
        **told,
        "may_explain": _may_explain(cursor, told["service"]) if told["rated"] else None,
        "records": entries.answers_of(cursor, plan_of(cursor, hall), row.id),
    }


def _may_explain(cursor: Cursor, service: str) -> dict[str, Any] | None:
    """The level that was given, and the tags that may be added to it; None after that."""
    if ratings.reasons_of(cursor, service) is not None:
        return None
    level = ratings.of(cursor, service).level
    return {"level": level, "tags": list(rating_tags().of(level))}


def _why(service: Any) -> list[dict[str, Any]]:
    """Why a ticket was called; what staff wrote beside a call by hand stays in the hall."""
    by_desk = {"code": "by_desk", "facts": {}}
    why: list[dict[str, Any]] = json.loads(service.why)
    return [by_desk if one["code"] == "by_hand" else one for one in why]


def _ticket(cursor: Cursor, plan_of: PlanOf, now: datetime, row: Any) -> dict[str, Any]:
    service = services.last_of(cursor, row.id)
    finished = service is not None and service.state == ServiceState.FINISHED
    rated = finished and ratings.of(cursor, service.id) is not None
    waiting = row.state == TicketState.WAITING
    day = days.by_id(cursor, row.hall, row.day)
    return {
        "hall": row.hall,
        "ticket": row.id,
        "number": row.number,
        "code": row.code,
        "queue": row.queue,
        "item": row.item,
        "state": row.state,
        "slot": row.slot,
        "ahead": lines.ahead(cursor, row, plan_of(cursor, row.hall).policy, now)
        if waiting
        else None,
        "call": service.calls if row.state == TicketState.CALLED else 0,
        "why": [] if service is None else _why(service),
        "window": row.window if TicketState(row.state) not in ENDS else None,
        "date": day.date,
        "taken_at": row.taken_at,
        "service": service.id if finished else None,
        "rated": rated,
        "may_rate": finished and not rated,
    }
