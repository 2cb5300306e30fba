"""首页 in words: one main action, how full the hall is, its notices."""

from datetime import datetime
from itertools import accumulate

from config.language import say
from hall_server.wire.sign import sign
from kiosk.flow import Flow, Intent, Narrow, Purpose
from kiosk.pages.finding import way, ways
from kiosk.pages.leaving import entrance
from kiosk.pages.wording import both, choice, words
from kiosk.views import HomeView, Told, Words

NOTICE = 48  # three lines on a lying screen
ENDS = ("。", "！", "？", "；", ". ", "! ", "? "), ("，", ", ", "; "), (" ",)
LATIN = "\u2e7f"  # above it every letter is as wide as it is high


def home(flow: Flow, now: datetime) -> HomeView:
    """首页 as a citizen finds it."""
    lang = flow.lang
    offered = ways(flow)
    told = [*flow.hall.layout.get("notices", ()), *sign(flow.hall.layout, lang)]
    notices = [part for notice in told for part in parts(notice)]
    full, queues = _figures(flow)
    books = flow.hall.online and not flow.hall.open
    return HomeView(
        welcome=words("kiosk.welcome", lang) if _receives(flow) else Words(),
        ways=tuple(way(one, lang) for one in offered if one is not Narrow.MOST),
        why_not=say("kiosk.closed", lang) if flow.hall.layout and not flow.hall.open else "",
        full=full,
        queues=queues,
        turn=_turn(now),
        # Out of hours the half hours of another day are what there is to have.
        main=choice(Intent.BOOK, "booking.book", lang, "calendar-check", offered[0])
        if books
        else choice(Intent.NARROW, "kiosk.take", lang, "ticket", offered[0]),
        can_take=flow.hall.can_take or books,
        papers=(
            *(
                []
                if books
                else [choice(Intent.BOOK, "booking.book", lang, "calendar-check", offered[0])]
            ),
            choice(Intent.SHOW, "mine.mine", lang, "search", Purpose.MINE),
            choice(Intent.SHOW, "mine.check_in", lang, "circle-check", Purpose.CHECK_IN),
            choice(Intent.SHOW, "mine.rate", lang, "star", Purpose.RATE),
            entrance(lang),
        ),
        # In 大字版 the choices need the room.
        # Two minutes each: where there is little room, the figures have one of them.
        notice=notices[_turn(now) // 2 % len(notices)] if notices and not flow.large else "",
    )


def parts(notice: str) -> list[str]:
    """A notice (公告) in parts that there is room for, each at most NOTICE Han or twice as many
    Latin letters: broken after a sentence, else after a clause, else after a word; numbered."""
    found = []
    while len(room := _start(notice)) < len(notice):
        ends = (max(room.rfind(mark) for mark in marks) for marks in ENDS)
        end = next((end for end in ends if end > 0), len(room) - 1) + 1
        found.append(notice[:end])
        notice = notice[end:].lstrip()
    found.append(notice)
    if len(found) == 1:
        return found
    return [f"{part.rstrip()} ({n}/{len(found)})" for n, part in enumerate(found, 1)]


def _start(text: str) -> str:
    """As much of a text as there is room for."""
    room = accumulate(1 if one > LATIN else 0.5 for one in text)
    return text[: sum(wide <= NOTICE for wide in room)]


def _figures(flow: Flow) -> tuple[str, tuple[Told, ...]]:
    """How full the hall is now: people waiting and windows that call, and each queue's people.
    Nothing when nobody knows."""
    if not _receives(flow):
        return "", ()
    state = flow.hall.state
    waiting = {
        queue["id"]: state.get(f"queue/{queue['id']}", {}).get("waiting", 0)
        for queue in flow.hall.layout.get("queues", ())
    }
    windows = sum(
        fact["state"] == "open" for address, fact in state.items() if address.startswith("window/")
    )
    told = tuple(
        Told(
            both(queue["name"], queue.get("name_en", ""), flow.lang).main,
            say("kiosk.people", flow.lang, waiting=waiting[queue["id"]]),
        )
        for queue in flow.hall.layout.get("queues", ())
    )
    full = say("kiosk.full", flow.lang, waiting=sum(waiting.values()), windows=windows)
    return full, told


def _receives(flow: Flow) -> bool:
    """Whether all is as on any day: the hall is there and open."""
    return flow.hall.online and flow.hall.open


def _turn(now: datetime) -> int:
    """Which of several things to show, where there is room for one at a time. It changes with the
    clock on the screen: a kiosk that rests draws nothing between."""
    return int(now.timestamp()) // 60
