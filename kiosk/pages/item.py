"""办事指南 in words: the eight public fields of an item, its online way, and on to a number."""

from collections.abc import Mapping
from typing import Any

from config.language import say
from hall_server.words import PrintState
from kiosk.flow import Flow, Intent
from kiosk.pages.wording import both, choice
from kiosk.search import Item
from kiosk.views import Choice, ItemView, Told

LONG = 24  # characters; a longer name is set smaller, so that the guidance keeps its room


def item(flow: Flow) -> ItemView:
    """办事指南: what to bring first, because that is what people come back for."""
    lang, one = flow.lang, flow.taking.item
    assert one is not None
    return ItemView(
        title=both(one.name, one.name_en, lang),
        long=len(flow.title(one)) > LONG,
        department=one.department,
        fields=() if flow.guiding.waiting else _fields(flow.guiding.guidance, lang),
        qr=one.online_url,
        scan=say("guidance.online", lang) if one.online_url else "",
        note=_note(flow, one),
        more=_more(flow, one),
        main=_main(flow, one),
    )


def _main(flow: Flow, one: Item) -> Choice:
    """One touch to the number; where there is none for it, back to the items."""
    if not one.queue:
        return choice(Intent.HOME, "kiosk.to_home", flow.lang, "house")
    if flow.booking.wanted or (flow.hall.online and not flow.hall.open):
        return choice(Intent.SLOTS, "booking.book", flow.lang, "calendar-check", one.code)
    key = "kiosk.priority_none" if flow.hall.classes else "kiosk.take"
    return choice(Intent.PICK_CLASS, key, flow.lang, "ticket")


def _more(flow: Flow, one: Item) -> tuple[Choice, ...]:
    paper = flow.guiding
    printing = paper.print is PrintState.PRINTING
    told = paper.guidance is not None and not printing
    key = "guidance.printing" if printing else "guidance.print"
    papers = choice(Intent.PRINT_NOTICE if told else "", key, flow.lang, "printer")
    main = _main(flow, one)
    if main.intent != Intent.PICK_CLASS:
        return (papers,)
    book = choice(Intent.SLOTS, "booking.book", flow.lang, "calendar-check", one.code)
    if not flow.hall.classes:
        return (papers, book)
    return (
        papers,
        book,
        choice(Intent.PRIORITY, "guidance.priority", flow.lang, "heart-handshake"),
    )


def _note(flow: Flow, one: Item) -> str:
    match flow.guiding.print:
        case None if not one.queue:
            return say("kiosk.no_number", flow.lang)
        case PrintState.UNKNOWN | PrintState.FAILED:
            return say("guidance.not_printed", flow.lang)
    return ""


def _fields(told: Mapping[str, Any] | None, lang: str) -> tuple[Told, ...]:
    """All eight, in the order of what people ask; one that the hall lacks says so. The guidance
    itself is there in Chinese alone."""
    if told is None:
        return (Told(text=say("guidance.not_there", lang)),)
    texts = {
        "materials": "\n".join(_materials(told, lang)),
        "promised_days": _days(told["promised_days"], lang),
        **{
            name: str(told[name])
            for name in ("fee", "content", "procedure", "phone", "complaint", "legal_basis")
        },
    }
    lacking = say("guidance.lacking", lang)
    public = (Told(say(f"guidance.{name}", lang), text or lacking) for name, text in texts.items())
    return (*_near(told, lang), *public)


def _near(told: Mapping[str, Any], lang: str) -> tuple[Told, ...]:
    """The nearest other point that does it (就近办), before all else: who reads it need not queue
    here. Passing it by costs nothing."""
    point = next(iter(told["points"]), None)
    if point is None:
        return ()
    name = both(point["name"], point["name_en"], lang).main
    way = say("guidance.way", lang, name=name, way=point["way"]) if point["way"] else name
    rest = say("guidance.gap", lang).join(
        part for part in (point["address"], point["hours"], point["phone"]) if part
    )
    return (Told(say("guidance.near", lang), "\n".join(part for part in (way, rest) if part)),)


def _materials(told: Mapping[str, Any], lang: str) -> list[str]:
    return [
        say(
            "guidance.material",
            lang,
            n=n,
            name=one["name"],
            copies=say("guidance.copies", lang, copies=one["copies"]) if one["copies"] else "",
            optional="" if one["required"] else say("guidance.optional", lang),
            note=one["note"] and say("guidance.note", lang, note=one["note"]),
        )
        for n, one in enumerate(told["materials"], 1)
    ]


def _days(days: int | None, lang: str) -> str:
    if days is None:
        return ""
    return say("guidance.days", lang, days=days) if days else say("guidance.at_once", lang)
