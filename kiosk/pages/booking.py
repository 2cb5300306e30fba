"""预约 in words: the days, the half hours, once more asked, and what is booked."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.language import in_words, say
from drivers.place import place
from hall_server.words import AppointmentState, PrintState
from kiosk.codes import BOOKED
from kiosk.flow import Flow, Intent
from kiosk.flow.booked import AWAITED
from kiosk.pages.ticket import PAPER_TROUBLES
from kiosk.pages.wording import choice, words
from kiosk.views import AppointmentView, Choice, SlotsView, Words


def slots(flow: Flow) -> SlotsView:
    """选日子, then 选时间: what is free with its places; what is full stays and is off."""
    lang, booking = flow.lang, flow.booking
    told = booking.slots
    days = not booking.day
    if told is None:
        empty = say("kiosk.loading", lang) if booking.refused is None else _refused(flow)
    else:
        empty = say("booking.none", lang)
    return SlotsView(
        title=words("booking.which_day" if days else "booking.which_time", lang),
        item=_item(flow, booking.item, booking.queue)
        if days
        else in_words("day", booking.day, lang),
        days=tuple(_days(told or (), lang)) if days else (),
        times=() if days else tuple(_times(told or (), booking.day, lang)),
        empty="" if told else empty,
    )


def _days(told: Iterable[Mapping[str, Any]], lang: str) -> Iterable[Choice]:
    free: dict[str, int] = {}
    for one in told:
        free[one["date"]] = free.get(one["date"], 0) + one["free"]
    for day, places in free.items():
        note = say("booking.places", lang, places=places) if places else say("booking.full", lang)
        intent = Intent.PICK_DAY if places else ""
        yield Choice(intent, day, Words(in_words("day", day, lang)), "calendar-check", note)


def _times(told: Iterable[Mapping[str, Any]], day: str, lang: str) -> Iterable[Choice]:
    for one in told:
        if one["date"] == day:
            free = one["free"]
            note = say("booking.free", lang, places=free) if free else say("booking.full", lang)
            intent = Intent.PICK_SLOT if free else ""
            yield Choice(intent, f"{day} {one['time']}", Words(one["time"]), "", note)


def confirm(flow: Flow) -> AppointmentView:
    """确认预约: asked once more, and where the half hour is gone, for the next best instead."""
    lang, booking = flow.lang, flow.booking
    where = place(flow.hall.layout, booking.queue, lang)
    if booking.offer:
        offer = booking.offer
        main = choice(Intent.PICK_SLOT, "booking.take_offer", lang, "calendar-check", offer)
    elif booking.refused is not None:
        main = choice(Intent.BACK, "booking.another", lang, "calendar-check")
    else:
        key = "booking.move_sure" if booking.moving else "booking.book_sure"
        main = choice(Intent.CONFIRM, key, lang, "check")
    day, _, time = (booking.offer or booking.slot).partition(" ")
    return AppointmentView(
        title=words("booking.confirm", lang),
        icon="calendar-check",
        day=in_words("day", day, lang),
        time=in_words("clock", time, lang),
        item=_item(flow, booking.item, booking.queue),
        zone=say("booking.comes_to", lang, zone=where.zone) if where.zone else "",
        note=_refused(flow) if booking.refused is not None else "",
        other=(choice(Intent.BACK, "booking.another", lang, "rotate-ccw"),)
        if main.intent != Intent.BACK
        else (),
        main=main,
    )


def booked(flow: Flow) -> AppointmentView:
    """已预约: when and where, the code large, and what may be done with it now."""
    lang, told = flow.lang, flow.booked.appointment or {}
    where = place(flow.hall.layout, str(told.get("queue", "")), lang)
    code = str(told.get("code") or "")
    fresh = flow.booked.print is not None
    state = str(told.get("state", ""))
    open_ = state == AppointmentState.BOOKED
    return AppointmentView(
        title=words("booking.done" if fresh else f"booking.title_{state or 'booked'}", lang),
        icon="circle-check" if fresh else "calendar-check",
        day=in_words("day", str(told.get("date", "")), lang),
        time=in_words("clock", str(told.get("time", "")), lang),
        item=_item(flow, str(told.get("item") or ""), str(told.get("queue", ""))),
        zone=say("booking.comes_to", lang, zone=where.zone) if where.zone else "",
        code=Words(f"{code[:4]} {code[4:]}", say("booking.code", lang)) if code else Words(),
        qr=BOOKED + code if code and open_ else "",
        note=_note(flow),
        hint=_hint(flow),
        other=_other(flow),
        main=_main(flow, fresh, state),
    )


def _main(flow: Flow, fresh: bool, state: str) -> Choice:
    if flow.booked.sure:
        return choice(Intent.BACK, "booking.keep", flow.lang, "check")
    due = state in AWAITED and flow.booked.is_today
    if due and not fresh and flow.booked.refused is None:
        return choice(Intent.CHECK_IN, "mine.sign_in", flow.lang, "check")
    return choice(Intent.DONE, "kiosk.done", flow.lang, "check")


def _other(flow: Flow) -> tuple[Choice, ...]:
    lang, one = flow.lang, flow.booked
    if one.sure:
        return (choice(Intent.CANCEL_SURE, "booking.cancel_sure", lang, "circle-x"),)
    if not one.may_change:
        return ()
    if one.print is None:  # shown, not just booked
        return (
            choice(Intent.MOVE, "booking.move", lang, "rotate-ccw"),
            choice(Intent.CANCEL, "booking.cancel", lang, "circle-x"),
        )
    printing = one.print is PrintState.PRINTING
    key = "booking.printing" if printing else "booking.reprint"
    paper = choice("" if printing else Intent.REPRINT, key, lang, "printer")
    if flow.hall.mark is None or one.left == "phone":
        return (paper,)
    return (choice(Intent.LEAVE_PHONE, "booking.leave_phone", lang, "keyboard"), paper)


def _note(flow: Flow) -> str:
    """What is not as it should be; "" where all is well."""
    one, lang = flow.booked, flow.lang
    if one.sure:
        return say("booking.cancel_ask", lang)
    if one.refused is not None:
        return say(f"refused.{one.refused.code}", lang, **one.refused.facts)
    if one.unread:
        return say(f"booking.card_{one.unread}", lang)
    if one.print in (PrintState.UNKNOWN, PrintState.FAILED):
        out = one.trouble in PAPER_TROUBLES
        return say("booking.out_of_paper" if out else "booking.no_paper_seen", lang)
    return ""


def _hint(flow: Flow) -> str:
    """How to come back: with the paper, and with what else was left."""
    one, lang = flow.booked, flow.lang
    if one.left:
        return say(f"booking.left_{one.left}", lang)
    if one.print is None:
        return ""
    card = flow.hall.reads_cards
    return say("booking.may_leave_card" if card else "booking.how_to_check_in", lang)


def _item(flow: Flow, code: str, queue: str) -> str:
    item = flow.hall.catalogue.item(code)
    return flow.title(item) if item else place(flow.hall.layout, queue, flow.lang).queue


def _refused(flow: Flow) -> str:
    refused = flow.booking.refused
    return "" if refused is None else say(f"refused.{refused.code}", flow.lang, **refused.facts)
