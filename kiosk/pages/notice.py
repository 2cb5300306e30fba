"""请您留意 in words: why it does not go on here, and what to do instead."""

from config.language import say
from kiosk.flow import Flow, Intent, Notice
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
}


def notice(flow: Flow) -> NoticeView:
    """请您留意: the flow's notice, worded."""
    lang, kind = flow.lang, flow.notice
    match kind:
        case Notice.REFUSED if flow.refused is not None:
            text = say(f"refused.{flow.refused.code}", lang, **flow.refused.facts)
        case _:
            text = say(f"kiosk.{kind}", lang)
    return NoticeView(
        title=words(f"kiosk.title_{_titled(flow)}", lang),
        icon=NOTICE_ICONS[kind],
        text=text,
        done=_way_on(flow),
    )


def _titled(flow: Flow) -> str:
    again = flow.notice is Notice.REFUSED and flow.wish is not None and flow.wish.ticket
    return "not_reprinted" if again else flow.notice


def _way_on(flow: Flow) -> Choice:
    if flow.notice is Notice.LATE:
        return choice(Intent.ANYWAY, "kiosk.take_anyway", flow.lang, "ticket")
    return choice(Intent.DONE, "kiosk.to_home", flow.lang, "house")
