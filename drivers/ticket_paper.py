"""The paper of one number (号票) as lines, wherever in the hall it is printed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.language import in_words, say
from drivers.compose import Style, compose
from drivers.escpos import Line
from drivers.place import named, place

CHINA = ZoneInfo("Asia/Shanghai")
SOON = 1  # minutes; less is not worth a figure


def ticket(
    reply: Mapping[str, Any], hall: Mapping[str, Any], style: Style, *, title: str = ""
) -> list[Line]:
    """The paper of one number (号票); nothing personal stands on it.

    The proof code stands by the number, because numbers are public and the code is not. A second
    and later paper says 补打 n. A hall that no telephone reaches has no `url`, and no QR code. A
    number given without the hall says 离线, and how it comes into the queue.
    """
    return compose("ticket", ticket_facts(reply, hall, style.lang) | {"item": title}, style)


def ticket_facts(reply: Mapping[str, Any], hall: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What a ticket may say; "" for what is not known. Who is called already (`ahead` None) is
    neither behind others nor next."""
    priority = (one for one in hall.get("classes", ()) if one["id"] == reply.get("priority"))
    wait = reply.get("estimate")
    return place_facts(hall, str(reply["queue"]), lang) | {
        "number": reply["number"],
        "code": reply["code"],
        "priority": next((named(one, lang) for one in priority), ""),
        "people": str(reply["ahead"] or ""),
        "first": "first" if reply["ahead"] == 0 else "",
        "estimate": say("paper.minutes", lang, **wait) if wait and wait["high"] > SOON else "",
        "offline": "offline" if reply.get("offline") else "",
        "late": "late" if wait and wait["late"] else "",
        "time": in_words("moment", _time(reply), lang),
        "times": str(reply["prints"] - 1) if reply["prints"] > 1 else "",
        "url": reply["url"],
    }


def place_facts(hall: Mapping[str, Any], queue: str, lang: str) -> dict[str, str]:
    """What every paper may say of the hall, and of where a queue waits and is called."""
    where = place(hall, queue, lang)
    return {
        "hall": named(hall, lang) if hall else say("paper.slip", lang),
        "address": str(hall.get("address") or ""),
        "phone": str(hall.get("phone") or ""),
        "queue": where.queue,
        "zone": where.zone,
        "windows": where.windows,
    }


def _time(reply: Mapping[str, Any]) -> str:
    """The business day, which a late hall does not change at midnight, and the time of taking."""
    taken = datetime.fromtimestamp(reply["taken_at"] / 1000, CHINA)
    return f"{reply['date']} {taken:%H:%M}"
