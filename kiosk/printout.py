"""A ticket (号票) as lines for a ticket printer, in the citizen's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.language import say
from drivers.escpos import Align, Cut, Feed, Line, Qr, Text
from kiosk.place import named, place

CHINA = ZoneInfo("Asia/Shanghai")
NUMBER_SIZE = 4  # 12 mm; 8 mm is the least a number may have
QR_MM = 28  # 25 mm is the least a telephone of any age reads
DOTS_58 = 384
TALLEST = 8
CELL_DOTS = 12  # half-width cell of size 1


def ticket(
    reply: Mapping[str, Any],
    hall: Mapping[str, Any],
    *,
    title: str = "",
    lang: str = "zh",
    large: bool = False,
    width_dots: int = DOTS_58,
) -> list[Line]:
    """The paper of one number; nothing personal stands on it.

    Body 3 mm high, in large print (大字版) 6 mm. The proof code stands by the number in small type,
    because numbers are public and the code is not. A second and later paper says 补打 n.
    """
    body = 2 if large else 1
    where = place(hall, str(reply["queue"]), lang)
    lines: list[Line] = [
        Text(named(hall, lang) if hall else say("paper.slip", lang), 1, Align.CENTRE),
        Feed(16),
        Text(reply["number"], _number_size(reply["number"], width_dots), Align.CENTRE, bold=True),
        Text(say("paper.code", lang, code=reply["code"]), 1, Align.CENTRE),
        Feed(8),
    ]
    if title:
        lines.append(Text(say("paper.item", lang, item=title), body))
    lines.append(Text(say("paper.queue", lang, queue=where.queue), body))
    lines += _priority(reply, hall, lang, body)
    ahead = reply["ahead"]
    told = say("paper.ahead", lang, people=ahead) if ahead else say("paper.first", lang)
    # Bold only from 6 mm: at 3 mm the strokes of a Han run into each other.
    lines += [Feed(12), Text(told, 2, bold=True), Feed(12)]
    if where.zone:
        lines.append(Text(say("paper.wait_at", lang, zone=where.zone), body))
    if where.windows:
        lines.append(Text(say("paper.windows", lang, windows=where.windows), body))
    lines.append(Text(say("paper.taken_at", lang, time=_time(reply)), body))
    if reply["prints"] > 1:
        again = say("paper.reprint", lang, times=reply["prints"] - 1)
        lines.append(Text(again, 2, bold=True))
    if reply["url"]:  # a hall that no telephone reaches has no QR code on its paper
        lines.append(Qr(reply["url"], side_mm=QR_MM))
        lines.append(Text(say("paper.scan", lang), body, Align.CENTRE))
    return [*lines, Text(say("paper.today_only", lang), 1, Align.CENTRE), Cut()]


def _number_size(number: str, width_dots: int) -> int:
    """12 mm on 58 mm paper, half as much again on 80 mm, less for a number that would not fit."""
    wanted = NUMBER_SIZE if width_dots <= DOTS_58 else NUMBER_SIZE * 3 // 2
    return max(3, min(wanted, TALLEST, width_dots // (CELL_DOTS * len(number))))


def _priority(
    reply: Mapping[str, Any], hall: Mapping[str, Any], lang: str, body: int
) -> list[Line]:
    ours = (one for one in hall.get("classes", ()) if one["id"] == reply.get("priority"))
    return [Text(say("paper.priority", lang, name=named(one, lang)), body) for one in ours]


def _time(reply: Mapping[str, Any]) -> str:
    """The business day, which a late hall does not change at midnight, and the time of taking."""
    taken = datetime.fromtimestamp(reply["taken_at"] / 1000, CHINA)
    return f"{reply['date']} {taken:%H:%M}"
