"""The flow put into words: from where the citizen is to what is shown."""

from collections.abc import Callable
from datetime import datetime

from config.language import in_words, say
from kiosk.flow import Flow, Intent, Page
from kiosk.pages.booking import booked, confirm, slots
from kiosk.pages.duty import duty, duty_code
from kiosk.pages.finding import items
from kiosk.pages.help import help_page
from kiosk.pages.home import home
from kiosk.pages.item import item
from kiosk.pages.leaving import contact, entry
from kiosk.pages.mine import mine, proof
from kiosk.pages.notice import notice
from kiosk.pages.rating import rate, reasons
from kiosk.pages.ticket import classes, taking, ticket
from kiosk.pages.wording import both, choice, words
from kiosk.views import Choice, Chrome, PageView, View, Words

BODIES: dict[Page, Callable[[Flow], PageView]] = {
    Page.ITEMS: items,
    Page.ITEM: item,
    Page.CLASSES: classes,
    Page.TAKING: taking,
    Page.TICKET: ticket,
    Page.PROOF: proof,
    Page.MINE: mine,
    Page.RATE: rate,
    Page.REASONS: reasons,
    Page.ENTRY: entry,
    Page.CONTACT: contact,
    Page.SLOTS: slots,
    Page.CONFIRM: confirm,
    Page.BOOKED: booked,
    Page.HELP: help_page,
    Page.NOTICE: notice,
    Page.DUTY_CODE: duty_code,
    Page.DUTY: duty,
}


def view(flow: Flow, now: datetime) -> View:
    """Everything on the screen at this moment, hall time."""
    body = home(flow, now) if flow.page is Page.HOME else BODIES[flow.page](flow)
    seen = flow.lang, flow.large, flow.contrast, flow.low
    return View(flow.page, *seen, chrome(flow, now), body)


def chrome(flow: Flow, now: datetime) -> Chrome:
    """What stands round every page."""
    lang = flow.lang
    left = flow.seconds_left
    away = flow.page is not Page.HOME and flow.may_leave
    return Chrome(
        hall=_head(flow),
        lost=_lost(flow) and flow.page is not Page.HOME,
        clock=f"{now:%H:%M}",
        date=in_words("full_day", now.date().isoformat(), lang),
        banner=_banner(flow),
        warning="" if left is None else say("kiosk.still_there", lang, seconds=left),
        go_on=Choice(words=words("kiosk.go_on", lang), icon="check"),
        away=(
            choice(Intent.BACK if away else "", "kiosk.back", lang, "arrow-left"),
            choice(Intent.HOME if away else "", "kiosk.home", lang, "house"),
        ),
        footer=(
            choice(Intent.LANGUAGE, "kiosk.other_language", lang, "languages"),
            choice(
                Intent.LARGE,
                "kiosk.normal_text" if flow.large else "kiosk.large_text",
                lang,
                "a-large-small",
            ),
            choice(
                Intent.CONTRAST,
                "kiosk.plain_colours" if flow.contrast else "kiosk.high_contrast",
                lang,
                "contrast",
            ),
            choice(Intent.HELP, "kiosk.need_help", lang, "hand-helping"),
        ),
    )


def _lost(flow: Flow) -> bool:
    """Whether it is to be said that the hall is away; who has a number reads it there."""
    return not flow.hall.online and flow.page is not Page.TICKET


def _head(flow: Flow) -> Words:
    """The hall's name; on the pages behind the first one, which have no room for more, in its
    place that the hall is away."""
    if _lost(flow) and flow.page is not Page.HOME:
        return Words(say(f"kiosk.{_away(flow)}_short", flow.lang))
    layout = flow.hall.layout
    return both(layout.get("name", ""), layout.get("name_en", ""), flow.lang)


def _banner(flow: Flow) -> str:
    """On the first page: that the hall is away, and what can be had without it."""
    if flow.page is not Page.HOME or not _lost(flow):
        return ""
    return say(f"kiosk.{_away(flow)}", flow.lang)


def _away(flow: Flow) -> str:
    return "offline_takes" if flow.hall.can_take else "offline"
