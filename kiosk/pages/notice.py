"""请您留意 in words: why it does not go on here, and what to do instead."""

from config.language import say
from hall_server.words import PrintState, Refusal
from kiosk.flow import Flow, Intent, Notice
from kiosk.pages.finding import ways
from kiosk.pages.ticket import PAPER_TROUBLES
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, NoticeView

NOTICE_ICONS = {
    Notice.OFFLINE: "wifi-off",
    Notice.CLOSED: "moon",
    Notice.REFUSED: "info",
    Notice.LATE: "moon",
    Notice.CANCELLED: "circle-check",
    Notice.RETURNED: "circle-check",
    Notice.RATED: "circle-check",
    Notice.UNBOOKED: "circle-check",
    Notice.NOT_OURS: "info",
    Notice.RECORDED: "circle-check",
}


def notice(flow: Flow) -> NoticeView:
    """请您留意: the flow's notice, worded."""
    lang, kind = flow.lang, flow.notice
    match kind:
        case Notice.REFUSED if flow.taking.refused is not None:
            text = say(f"refused.{flow.taking.refused.code}", lang, **flow.taking.refused.facts)
        case Notice.OFFLINE:
            text = say("kiosk.no_offline", lang)
        case Notice.RECORDED:
            key = "trouble.next_phone" if flow.leaving.phone else "trouble.next"
            text = say(key, lang, **(flow.leaving.left or {}))
        case _:
            text = say(f"kiosk.{kind}", lang)
    return NoticeView(
        title=words(f"kiosk.title_{_titled(flow)}", lang),
        icon=NOTICE_ICONS[kind],
        number=_record(flow),
        text=text,
        note=_note(flow),
        other=_other(flow),
        done=_way_on(flow),
    )


def _record(flow: Flow) -> str:
    """The number by which a record is asked for."""
    if flow.notice is not Notice.RECORDED:
        return ""
    return say("trouble.record", flow.lang, **(flow.leaving.left or {}))


def _note(flow: Flow) -> str:
    """What is not well with a record's paper."""
    left = flow.leaving
    if flow.notice is not Notice.RECORDED or left.print in (
        PrintState.PRINTING,
        PrintState.PRINTED,
    ):
        return ""
    out = left.printer in PAPER_TROUBLES
    return say("trouble.out_of_paper" if out else "trouble.no_paper_seen", flow.lang)


def _other(flow: Flow) -> tuple[Choice, ...]:
    """Too late today: booked for another day; too early or another day: moved or given up; a
    record: its paper again."""
    if flow.notice is Notice.RECORDED:
        printing = flow.leaving.print is PrintState.PRINTING
        key = "trouble.printing" if printing else "trouble.reprint"
        return (choice("" if printing else Intent.REPRINT, key, flow.lang, "printer"),)
    if flow.notice is Notice.LATE and flow.taking.item is not None:
        return (
            choice(
                Intent.SLOTS, "booking.book", flow.lang, "calendar-check", flow.taking.item.code
            ),
        )
    wish = flow.taking.wish
    if _titled(flow) != "not_checked_in" or wish is None or not _is_known(flow):
        return ()
    return (choice(Intent.SHOW, "booking.look", flow.lang, "calendar-check", wish.check_in),)


def _is_known(flow: Flow) -> bool:
    """Whether the hall refused an appointment that there is."""
    refused = flow.taking.refused
    return refused is not None and refused.code in (
        Refusal.CHECK_IN_EARLY,
        Refusal.CHECK_IN_OTHER_DAY,
    )


def _titled(flow: Flow) -> str:
    wish = flow.taking.wish if flow.notice is Notice.REFUSED else None
    if wish is not None and wish.ticket:
        return "not_reprinted"
    return "not_checked_in" if wish is not None and wish.check_in else flow.notice


def _way_on(flow: Flow) -> Choice:
    if flow.notice is Notice.LATE:
        return choice(Intent.ANYWAY, "kiosk.take_anyway", flow.lang, "ticket")
    if flow.hall.can_take and _titled(flow) == "not_checked_in":  # early, late or another day
        return choice(Intent.NARROW, "kiosk.take", flow.lang, "ticket", ways(flow)[0])
    return choice(Intent.DONE, "kiosk.to_home", flow.lang, "house")
