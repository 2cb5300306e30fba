"""首页 in words: one main action, how full the hall is, its notices."""

from datetime import datetime

from config.language import say
from hall_server.wire.sign import sign
from kiosk.flow import Flow, Intent, Narrow, Purpose
from kiosk.pages.finding import way, ways
from kiosk.pages.wording import choice, words
from kiosk.views import HomeView, Words


def home(flow: Flow, now: datetime) -> HomeView:
    """首页 as a citizen finds it."""
    lang = flow.lang
    offered = ways(flow)
    notices = [*flow.hall.layout.get("notices", ()), *sign(flow.hall.layout, lang)]
    waiting, windows = _figures(flow)
    minute = int(now.timestamp()) // 60  # with the clock: a kiosk that rests draws nothing between
    return HomeView(
        welcome=words("kiosk.welcome", lang) if _receives(flow) else Words(),
        ways=tuple(way(one, lang) for one in offered if one is not Narrow.MOST),
        main=choice(Intent.NARROW, "kiosk.take", lang, "ticket", offered[0]),
        can_take=flow.hall.can_take,
        why_not=say("kiosk.closed", lang) if flow.hall.layout and not flow.hall.open else "",
        waiting=waiting,
        windows=windows,
        papers=(
            choice(Intent.SHOW, "mine.mine", lang, "search", Purpose.MINE),
            choice(Intent.SHOW, "mine.check_in", lang, "calendar-check", Purpose.CHECK_IN),
            choice(Intent.SHOW, "mine.rate", lang, "star", Purpose.RATE),
        ),
        # In 大字版 the choices need the room.
        notice=notices[minute % len(notices)] if notices and not flow.large else "",
    )


def _figures(flow: Flow) -> tuple[Words, Words]:
    """How full the hall is now: people waiting, windows that call; nothing when nobody knows, and
    in 大字版, where the choices need the room."""
    if not _receives(flow) or flow.large:
        return Words(), Words()
    state = flow.hall.state.items()
    waiting = sum(fact["waiting"] for address, fact in state if address.startswith("queue/"))
    windows = sum(
        fact["state"] == "open" for address, fact in state if address.startswith("window/")
    )
    return (
        Words(str(waiting), say("kiosk.waiting_now", flow.lang)),
        Words(str(windows), say("kiosk.windows_open", flow.lang)),
    )


def _receives(flow: Flow) -> bool:
    """Whether all is as on any day: the hall is there and open."""
    return flow.hall.online and flow.hall.open
