"""What a kiosk prints besides numbers: one-time notice and appointment slip, as lines."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from config.language import in_words, say
from drivers.compose import Facts, Style, compose
from drivers.escpos import Line
from drivers.place import named
from drivers.ticket_paper import place_facts
from kiosk.codes import BOOKED
from kiosk.flow import Receipt


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
    facts = place_facts(hall, str(item["queue"] or ""), lang) | {
        "item": named(item, lang),
        "item_code": item["code"],
        "version": str(version),
        "date": in_words("full_day", today.isoformat(), lang),
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
) -> list[Line]:
    """The slip of a booked slot (预约单): when, where, and the code that checks in, as figures
    and for a kiosk's scanner."""
    lang, code = style.lang, str(reply["code"])
    facts = place_facts(hall, str(reply["queue"]), lang) | {
        "item": title,
        "code": code,
        "date": in_words("day", str(reply["date"]), lang),
        "time": in_words("slot", str(reply["time"]), lang),
        "url": BOOKED + code,
    }
    return compose("appointment", facts, style)


def receipt(paper: Receipt, hall: Mapping[str, Any], style: Style) -> list[Line]:
    """The receipt of a record (登记回执): its number and code, and how and by when it is answered;
    nothing of what was said, which others could read."""
    left, lang = paper.left, style.lang
    facts = place_facts(hall, "", lang) | {
        "record": str(left["record"]),
        "code": str(left["code"]),
        "answer_by": in_words("day", str(left["answer_by"]), lang),
        "by_phone": "by_phone" if paper.by_phone else "",
        "url": str(left["url"]),
    }
    return compose("receipt", facts, style)


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
