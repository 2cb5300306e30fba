"""我的号 in words: the paper shown, where its number stands."""

from collections.abc import Mapping
from typing import Any

from config.language import say
from drivers.place import place
from hall_server.words import TicketState
from kiosk.flow import Flow, Intent, Purpose
from kiosk.pages.keys import FIGURES, ticket_keys
from kiosk.pages.leaving import entrance
from kiosk.pages.ticket import ahead_of
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, MineView, ProofView

AT_WINDOW = (TicketState.CALLED, TicketState.SERVING)


def proof(flow: Flow) -> ProofView:
    """凭号票: number and code in one go, as they stand on the paper."""
    lang, shown = flow.lang, flow.holding
    hint, example, save = _asked_for(flow)
    return ProofView(
        title=words(f"mine.title_{shown.purpose}", lang),
        hint=say(hint, lang),
        note=_note(flow),
        typed=shown.typed,
        example=say(example, lang),
        keys=ticket_keys(flow.few_keys, shown.opened) if shown.letters else FIGURES,
        erase=choice(Intent.ERASE if shown.typed else "", "kiosk.erase", lang, "delete"),
        clear=choice(Intent.CLEAR if shown.typed else "", "kiosk.clear", lang, "x"),
        main=choice(
            Intent.CHECK if shown.enough else "",
            save,
            lang,
            "search" if save == "mine.check" else "check",
        ),
    )


def _asked_for(flow: Flow) -> tuple[str, str, str]:
    """What is to be typed, an example of it, and what the main action says."""
    match flow.holding.purpose:
        case Purpose.PHONE:
            return "booking.phone_hint", "booking.phone_example", "booking.phone_save"
        case Purpose.CHECK_IN if flow.hall.reads_cards:
            return "booking.ways_card", "booking.ways_example", "mine.sign_in"
        case Purpose.CHECK_IN if flow.hall.mark is not None:
            return "booking.ways_phone", "booking.ways_example", "mine.sign_in"
        case Purpose.CHECK_IN:
            return "mine.check_in_hint", "mine.check_in_example", "mine.sign_in"
    return "mine.hint", "mine.example", "mine.check"


def mine(flow: Flow) -> MineView:
    """我的号: what the hall told, and what its holder may do now."""
    lang, ticket = flow.lang, flow.holding.ticket or {}
    where = place(flow.hall.layout, str(ticket.get("queue", "")), lang)
    item = flow.hall.catalogue.item(str(ticket.get("item", "")))
    waiting = ticket.get("state") == TicketState.WAITING
    return MineView(
        number=str(ticket.get("number", "")),
        item=flow.title(item) if item else where.queue,
        text=_text(flow, ticket),
        zone=say("kiosk.wait_in", lang, zone=where.zone) if waiting and where.zone else "",
        windows=say("kiosk.at_windows", lang, windows=where.windows)
        if waiting and where.windows
        else "",
        note=_note(flow),
        other=_other(flow, ticket),
        main=choice(Intent.BACK, "mine.keep", lang, "check")
        if flow.holding.sure
        else choice(Intent.HOME, "kiosk.done", lang, "check"),
    )


def _text(flow: Flow, ticket: Mapping[str, Any]) -> str:
    state = str(ticket.get("state", "waiting"))
    if flow.holding.sure:
        return say("phone.cancel_ask", flow.lang, number=ticket["number"])
    if state == TicketState.WAITING:
        return ahead_of(ticket, flow.lang)
    if state in AT_WINDOW:
        return say(f"mine.{state}", flow.lang, window=ticket["window"])
    return say("mine.rated" if ticket.get("rated") else f"mine.{state}", flow.lang)


def _other(flow: Flow, ticket: Mapping[str, Any]) -> tuple[Choice, ...]:
    lang, state = flow.lang, ticket.get("state")
    reprint = choice(Intent.REPRINT, "mine.reprint", lang, "printer")
    give_up = choice(Intent.CANCEL, "phone.cancel", lang, "circle-x")
    if flow.holding.sure:
        return (choice(Intent.CANCEL_SURE, "phone.cancel_sure", lang, "circle-x"),)
    if state == TicketState.WAITING:
        return (reprint, give_up)
    if state == TicketState.PASSED:
        return (choice(Intent.RETURN, "phone.return", lang, "rotate-ccw"), give_up)
    if state == TicketState.FINISHED:
        rate = choice(Intent.RATE, "phone.rate", lang, "star")
        return (rate, entrance(lang)) if ticket.get("may_rate") else (entrance(lang),)
    return ()


def _note(flow: Flow) -> str:
    """Why the hall did not do or find it."""
    refused = flow.holding.refused
    if flow.booked.unread:
        return say(f"booking.card_{flow.booked.unread}", flow.lang)
    return "" if refused is None else say(f"refused.{refused.code}", flow.lang, **refused.facts)
