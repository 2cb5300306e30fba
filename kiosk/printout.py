"""What a kiosk prints: number ticket, one-time notice and appointment slip, as lines."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.language import say
from drivers.compose import Facts, Style, compose
from drivers.escpos import Line
from kiosk.place import named, place
from kiosk.waits import SOON

CHINA = ZoneInfo("Asia/Shanghai")


def ticket(
    reply: Mapping[str, Any], hall: Mapping[str, Any], style: Style, *, title: str = ""
) -> list[Line]:
    """The paper of one number (号票); nothing personal stands on it.

    The proof code stands by the number, because numbers are public and the code is not. A second
    and later paper says 补打 n. A hall that no telephone reaches has no `url`, and no QR code.
    """
    return compose("ticket", ticket_facts(reply, hall, style.lang) | {"item": title}, style)


def ticket_facts(reply: Mapping[str, Any], hall: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What a ticket may say; "" for what is not known."""
    priority = (one for one in hall.get("classes", ()) if one["id"] == reply.get("priority"))
    wait = reply.get("estimate")
    return _place(hall, str(reply["queue"]), lang) | {
        "number": reply["number"],
        "code": reply["code"],
        "priority": next((named(one, lang) for one in priority), ""),
        "people": str(reply["ahead"] or ""),
        "estimate": say("paper.minutes", lang, **wait) if wait and wait["high"] > SOON else "",
        "late": "late" if wait and wait["late"] else "",
        "time": _time(reply),
        "times": str(reply["prints"] - 1) if reply["prints"] > 1 else "",
        "url": reply["url"],
    }


def notice(
    item: Mapping[str, Any],
    hall: Mapping[str, Any],
    style: Style,
    *,
    version: object,
    today: date,
) -> list[Line]:
    """The one-time notice (一次性告知单) of an item, as the view `item` tells it.

    All that is needed, said once, with the item's code, the catalogue's version and the day, so
    that a window can see later what somebody was told. Guidance is there in Chinese alone.
    """
    lang, days = style.lang, item["promised_days"]
    promised = "" if days is None else say("paper.working_days", lang, days=days)
    facts = _place(hall, str(item["queue"] or ""), lang) | {
        "item": named(item, lang),
        "item_code": item["code"],
        "version": str(version),
        "date": today.isoformat(),
        "department": item["department"],
        "days": say("paper.at_once", lang) if days == 0 else promised,
        "fee": item["fee"],
        "enquiry": item["phone"],
        "complaint": item["complaint"],
        "online": item["online_url"] or "",
    }
    return compose("notice", facts, style, [*_materials(item, lang)])


def appointment(
    reply: Mapping[str, Any],
    hall: Mapping[str, Any],
    style: Style,
    *,
    title: str = "",
    url: str = "",
) -> list[Line]:
    """The slip of a booked slot (预约单): when, where, and the code that checks in."""
    booked = {key: str(reply[key]) for key in ("code", "date", "time")}
    facts = _place(hall, str(reply["queue"]), style.lang) | booked | {"item": title, "url": url}
    return compose("appointment", facts, style)


def _place(hall: Mapping[str, Any], queue: str, lang: str) -> dict[str, str]:
    where = place(hall, queue, lang)
    return {
        "hall": named(hall, lang) if hall else say("paper.slip", lang),
        "address": str(hall.get("address") or ""),
        "phone": str(hall.get("phone") or ""),
        "queue": where.queue,
        "zone": where.zone,
        "windows": where.windows,
    }


def _materials(item: Mapping[str, Any], lang: str) -> Iterator[Facts]:
    for n, one in enumerate(item["materials"], 1):
        copies = one["copies"]
        yield {
            "n": str(n),
            "material": one["name"],
            "copies": say("paper.copies", lang, copies=copies) if copies else " ",
            "optional": " " if one["required"] else say("paper.optional", lang),
            "note": one["note"],
        }


def _time(reply: Mapping[str, Any]) -> str:
    """The business day, which a late hall does not change at midnight, and the time of taking."""
    taken = datetime.fromtimestamp(reply["taken_at"] / 1000, CHINA)
    return f"{reply['date']} {taken:%H:%M}"
