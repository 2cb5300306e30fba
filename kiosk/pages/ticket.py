"""取号 in words: the priority question, the taking, the number."""

from collections.abc import Mapping
from typing import Any

from config.language import say
from drivers.place import named, place
from hall_server.words import PrintState
from kiosk.flow import Flow, Intent
from kiosk.pages.wording import both, choice, words
from kiosk.views import Choice, ClassesView, Place, Standing, TakingView, TicketView, Words
from kiosk.waits import wait_of

PAPER_TROUBLES = ("paper_out", "cover_open", "cutter")


def classes(flow: Flow) -> ClassesView:
    """优先类别: the one question."""
    lang = flow.lang
    return ClassesView(
        title=words("kiosk.priority_question", lang),
        item=flow.title(flow.taking.item) if flow.taking.item else "",
        classes=tuple(
            Choice(
                Intent.PICK_CLASS,
                one["id"],
                both(one["name"], one.get("name_en", ""), lang),
                "heart-handshake",
                _proof(one, lang),
            )
            for one in flow.hall.classes
        ),
        ordinary=choice(Intent.PICK_CLASS, "kiosk.priority_none", lang, "ticket"),
    )


def _proof(one: Mapping[str, Any], lang: str) -> str:
    """What the window will want to see of a class; some, as being pregnant, need no paper."""
    proof = both(one.get("proof", ""), one.get("proof_en", ""), lang).main
    return say("kiosk.priority_proof", lang, proof=proof) if proof else ""


def taking(flow: Flow) -> TakingView:
    """正在取号, or no answer yet."""
    wish = flow.booked.wish if flow.booking.busy else flow.taking.wish
    silent = "booking.silent" if flow.booking.busy else "kiosk.silent"
    return TakingView(
        title=words(_doing(flow), flow.lang),
        text=say(silent if flow.silent else "kiosk.loading", flow.lang),
        icon="wifi-off" if flow.silent else "ticket",
        item=wish.title if wish else "",
    )


def _doing(flow: Flow) -> str:
    wish = flow.taking.wish
    if flow.booking.busy:
        return "booking.booking"
    if wish is not None and wish.ticket:
        return "kiosk.printing"
    return "kiosk.checking_in" if wish is not None and wish.check_in else "kiosk.taking"


def ticket(flow: Flow) -> TicketView:
    """号票 and how its paper is."""
    lang, slip = flow.lang, flow.taking.slip or {}
    where = place(flow.hall.layout, str(slip.get("queue", "")), lang)
    item = flow.hall.catalogue.item(str(slip.get("item", "")))
    note = _note(flow)
    printing = flow.taking.print is PrintState.PRINTING
    key, icon = ("your_number", "ticket") if printing else ("take_your_ticket", "circle-check")
    return TicketView(
        title=Words() if note else words(f"kiosk.{key}", lang),
        icon=icon,
        number=slip.get("number", ""),
        code=Words(slip.get("code", ""), say("kiosk.code", lang)),
        item=flow.title(item) if item else where.queue,
        ahead=ahead_of(slip, lang),
        zone=say("kiosk.wait_in", lang, zone=where.zone) if where.zone else "",
        windows=say("kiosk.at_windows", lang, windows=where.windows) if where.windows else "",
        plan=plan(flow, str(slip.get("queue", ""))),
        standing=standing(flow),
        qr=slip.get("url") or "",
        scan=say("kiosk.scan", lang) if slip.get("url") else "",
        note=note,
        reprint=Choice(words=words("kiosk.printing", lang), icon="printer")
        if printing
        else choice(Intent.REPRINT, "kiosk.reprint", lang, "printer"),
        done=choice(Intent.DONE, "kiosk.done", lang, "check"),
    )


def plan(flow: Flow, queue: str) -> tuple[Place, ...]:
    """The hall's zones as they lie, and the one where this queue waits; nothing where the hall
    has not told of every zone."""
    layout = flow.hall.layout
    zones = layout.get("zones", ())
    if not zones or not all(zone.get("plan") for zone in zones):
        return ()
    here = next((one.get("zone") for one in layout.get("queues", ()) if one["id"] == queue), None)
    if here is None:
        return ()
    return tuple(
        Place(_short(named(zone, flow.lang)), zone["id"] == here, *zone["plan"]) for zone in zones
    )


def standing(flow: Flow) -> Standing:
    """您在这里: this kiosk on the plan, where the hall has told where it stands."""
    at = flow.hall.layout.get("kiosks", {}).get(flow.hall.name)
    return Standing(say("kiosk.you_are_here", flow.lang), *at) if at else Standing()


def _short(name: str) -> str:
    """A区 of "A区 综合服务", Zone A of "Zone A, General"."""
    return name.partition("," if "," in name else " ")[0]


def ahead_of(slip: Mapping[str, Any], lang: str) -> str:
    """How many are before this number, and how long it will be where the hall could tell."""
    if slip.get("offline") and not slip["ticket"]:
        return say("kiosk.offline_number", lang)
    people, wait = slip.get("ahead", 0), wait_of(slip, lang)
    if not people:
        return say("kiosk.first", lang)
    if not wait:
        return say("kiosk.ahead", lang, people=people)
    return say("kiosk.ahead_wait", lang, people=people, wait=wait)


def _note(flow: Flow) -> str:
    """What is not well with the paper; "" while it prints and when it came out."""
    if flow.taking.refused is not None:
        return say(f"refused.{flow.taking.refused.code}", flow.lang, **flow.taking.refused.facts)
    slip = flow.taking.slip or {}
    if flow.taking.print in (PrintState.PRINTING, PrintState.PRINTED):
        late = "appointment" in slip and slip["slot"] is None
        return say("mine.too_late", flow.lang) if late else ""
    out = flow.taking.trouble in PAPER_TROUBLES
    return say("kiosk.out_of_paper" if out else "kiosk.no_paper_seen", flow.lang)
