"""The flow put into words: one function per page, from where the citizen is to what is shown."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from config.language import say
from config.look import look
from hall_server.wire.sign import sign
from hall_server.words import PrintState
from kiosk import search
from kiosk.flow import Flow, Intent, Narrow, Notice, Page
from kiosk.place import place
from kiosk.search import Catalogue, Group, Item
from kiosk.views import (
    Choice,
    Chrome,
    ClassesView,
    HomeView,
    ItemsView,
    NoticeView,
    PageView,
    TakingView,
    TicketView,
    View,
    Words,
)
from kiosk.waits import wait_of

TAIL = 8
PAPER_TROUBLES = ("paper_out", "cover_open", "cutter")
ICONS = {Narrow.THEME: "layers", Narrow.DEPARTMENT: "landmark", Narrow.LETTERS: "keyboard"}
NOTICE_ICONS = {
    Notice.OFFLINE: "wifi-off",
    Notice.CLOSED: "moon",
    Notice.REFUSED: "info",
    Notice.NO_NUMBER: "info",
    Notice.LATE: "moon",
    Notice.HELP: "hand-helping",
}


def view(flow: Flow, now: datetime) -> View:
    """Everything on the screen at this moment, hall time."""
    chrome, body = _chrome(flow, now), _body(flow, now)
    return View(flow.page, flow.lang, flow.large, flow.contrast, chrome, body)


def words(key: str, lang: str, **facts: object) -> Words:
    """A sentence in the citizen's language with the other one under it."""
    other = "en" if lang == "zh" else "zh"
    return Words(say(key, lang, **facts), say(key, other, **facts))


def both(name: str, name_en: str, lang: str) -> Words:
    """A name of the hall's own; one that has no English stands alone in Chinese."""
    if not name_en:
        return Words(name)
    return Words(name, name_en) if lang == "zh" else Words(name_en, name)


def _body(flow: Flow, now: datetime) -> PageView:
    match flow.page:
        case Page.HOME:
            return _home(flow, now)
        case Page.ITEMS:
            return _items(flow)
        case Page.CLASSES:
            return _classes(flow)
        case Page.TAKING:
            return _taking(flow)
        case Page.TICKET:
            return _ticket(flow)
        case Page.NOTICE:
            return _notice(flow)


def _chrome(flow: Flow, now: datetime) -> Chrome:
    lang = flow.lang
    left = flow.seconds_left
    away = flow.page is not Page.HOME and flow.may_leave
    return Chrome(
        hall=both(flow.hall.get("name", ""), flow.hall.get("name_en", ""), lang),
        clock=f"{now:%H:%M}",
        date=say(
            "kiosk.date",
            lang,
            year=now.year,
            month=now.month,
            day=now.day,
            weekday=say(f"kiosk.weekday_{now.isoweekday()}", lang),
        ),
        banner="" if flow.online else say("kiosk.offline", lang),
        warning="" if left is None else say("kiosk.still_there", lang, seconds=left),
        go_on=Choice(words=words("kiosk.go_on", lang), icon="check"),
        back=_choice(Intent.BACK, "kiosk.back", lang, "arrow-left") if away else None,
        home=_choice(Intent.HOME, "kiosk.home", lang, "house") if away else None,
        footer=(
            _choice(Intent.LANGUAGE, "kiosk.other_language", lang, "languages"),
            _choice(
                Intent.LARGE,
                "kiosk.normal_text" if flow.large else "kiosk.large_text",
                lang,
                "a-large-small",
            ),
            _choice(
                Intent.CONTRAST,
                "kiosk.plain_colours" if flow.contrast else "kiosk.high_contrast",
                lang,
                "contrast",
            ),
            _choice(Intent.HELP, "kiosk.need_help", lang, "hand-helping"),
        ),
    )


def _choice(intent: Intent, key: str, lang: str, icon: str = "", value: str = "") -> Choice:
    return Choice(intent, value, words(key, lang), icon)


def _home(flow: Flow, now: datetime) -> HomeView:
    lang = flow.lang
    ways = _ways(flow)
    notices = [*flow.hall.get("notices", ()), *sign(flow.hall, lang)]
    waiting, windows = _figures(flow)
    turn = int(now.timestamp() / look().motion.notice_seconds)
    return HomeView(
        welcome=words("kiosk.welcome", lang) if flow.can_take else Words(),
        ways=tuple(_way(way, lang) for way in ways),
        main=_choice(Intent.NARROW, "kiosk.take", lang, "ticket", ways[0]),
        can_take=flow.can_take,
        why_not="" if flow.open or not flow.online else say("kiosk.closed", lang),
        waiting=waiting,
        windows=windows,
        # In 大字版 the choices need the room.
        notice=notices[turn % len(notices)] if notices and not flow.large else "",
    )


def _ways(flow: Flow) -> list[Narrow]:
    """A hall that has not sorted its items by theme offers the other two ways."""
    have = {
        Narrow.THEME: search.themes(flow.catalogue),
        Narrow.DEPARTMENT: search.departments(flow.catalogue),
    }
    return [way for way in Narrow if have.get(way, True)]


def _way(way: Narrow, lang: str, chosen: bool = False) -> Choice:
    return Choice(Intent.NARROW, way, words(f"kiosk.by_{way}", lang), ICONS[way], chosen=chosen)


def _figures(flow: Flow) -> tuple[Words, Words]:
    """How full the hall is now: people waiting, windows that call; nothing when nobody knows."""
    if not flow.can_take:
        return Words(), Words()
    state = flow.state.items()
    waiting = sum(fact["waiting"] for address, fact in state if address.startswith("queue/"))
    windows = sum(
        fact["state"] == "open" for address, fact in state if address.startswith("window/")
    )
    return (
        Words(str(waiting), say("kiosk.waiting_now", flow.lang)),
        Words(str(windows), say("kiosk.windows_open", flow.lang)),
    )


def _items(flow: Flow) -> ItemsView:
    lang = flow.lang
    way = flow.narrow
    letters = way is Narrow.LETTERS
    title = Words(flow.group) if flow.group else words(f"kiosk.title_{way}", lang)
    return ItemsView(
        title=title,
        tabs=tuple(_way(one, lang, chosen=one is way) for one in _ways(flow)),
        rows=_rows(flow.catalogue, way, flow.group, flow.typed, lang),
        empty=say("kiosk.no_such_item", lang),
        letters=letters,
        typed=_tail(flow.typed.upper()),
        hint=say("kiosk.search_hint", lang),
        erase=_choice(Intent.ERASE, "kiosk.erase", lang, "delete"),
        clear=_choice(Intent.CLEAR, "kiosk.clear", lang, "x"),
    )


def _tail(typed: str) -> str:
    """The last letters typed, for the eye."""
    return typed if len(typed) <= TAIL else "…" + typed[1 - TAIL :]


@lru_cache(maxsize=32)
def _rows(
    catalogue: Catalogue, way: Narrow, group: str, typed: str, lang: str
) -> tuple[Choice, ...]:
    """Kept, because the same list is asked for once a second and a large one is long."""
    match way, group:
        case Narrow.THEME, "":
            return (*_group_rows(search.themes(catalogue), way, lang), _elsewhere(lang))
        case Narrow.DEPARTMENT, "":
            return _group_rows(search.departments(catalogue), way, lang)
        case Narrow.THEME, _:
            return _item_rows([i for i in catalogue.items if i.theme == group], lang)
        case Narrow.DEPARTMENT, _:
            ours = [i for i in catalogue.items if i.department == group]
            return _item_rows(ours, lang, department=False)
    return _item_rows(search.matching(catalogue, typed), lang)


def _group_rows(groups: tuple[Group, ...], way: Narrow, lang: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            Intent.PICK_GROUP,
            one.name,
            Words(one.name),
            ICONS[way],
            say("kiosk.items_in", lang, count=one.count),
        )
        for one in groups
    )


def _elsewhere(lang: str) -> Choice:
    """Most items belong to no theme: the last row leads to where every item is."""
    icon = ICONS[Narrow.DEPARTMENT]
    return _choice(Intent.NARROW, "kiosk.not_listed", lang, icon, Narrow.DEPARTMENT)


def _item_rows(
    items: list[Item] | tuple[Item, ...], lang: str, department: bool = True
) -> tuple[Choice, ...]:
    """Names, and what people call them; the department only where it is not said above."""
    return tuple(
        Choice(
            Intent.PICK_ITEM,
            one.code,
            both(one.name, one.name_en, lang),
            "file-text",
            " · ".join(
                part for part in (one.department * department, "、".join(one.common_names)) if part
            ),
        )
        for one in items
    )


def _classes(flow: Flow) -> ClassesView:
    lang = flow.lang
    return ClassesView(
        title=words("kiosk.priority_question", lang),
        item=flow.title(flow.item) if flow.item else "",
        classes=tuple(
            Choice(
                Intent.PICK_CLASS,
                one["id"],
                both(one["name"], one.get("name_en", ""), lang),
                "heart-handshake",
                _proof(one, lang),
            )
            for one in flow.classes
        ),
        ordinary=_choice(Intent.PICK_CLASS, "kiosk.priority_none", lang, "ticket"),
    )


def _proof(one: Mapping[str, Any], lang: str) -> str:
    """What the window will want to see of a class; some, as being pregnant, need no paper."""
    proof = both(one.get("proof", ""), one.get("proof_en", ""), lang).main
    return say("kiosk.priority_proof", lang, proof=proof) if proof else ""


def _taking(flow: Flow) -> TakingView:
    return TakingView(
        title=words("kiosk.taking", flow.lang),
        text=say("kiosk.silent" if flow.silent else "kiosk.loading", flow.lang),
        icon="wifi-off" if flow.silent else "ticket",
        item=flow.wish.title if flow.wish else "",
    )


def _ticket(flow: Flow) -> TicketView:
    lang, slip = flow.lang, flow.slip or {}
    where = place(flow.hall, str(slip.get("queue", "")), lang)
    item = flow.catalogue.item(str(slip.get("item", "")))
    note = _note(flow)
    printing = flow.print is PrintState.PRINTING
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
        qr=slip.get("url") or "",
        scan=say("kiosk.scan", lang) if slip.get("url") else "",
        note=note,
        reprint=Choice(words=words("kiosk.printing", lang), icon="printer")
        if printing
        else _choice(Intent.REPRINT, "kiosk.reprint", lang, "printer"),
        done=_choice(Intent.DONE, "kiosk.done", lang, "check"),
    )


def ahead_of(slip: Mapping[str, Any], lang: str) -> str:
    """How many are before this number, and how long it will be where the hall could tell."""
    people, wait = slip.get("ahead", 0), wait_of(slip, lang)
    if not people:
        return say("kiosk.first", lang)
    if not wait:
        return say("kiosk.ahead", lang, people=people)
    return say("kiosk.ahead_wait", lang, people=people, wait=wait)


def _note(flow: Flow) -> str:
    """What is not well with the paper; "" while it prints and when it came out."""
    if flow.refused is not None:
        return say(f"refused.{flow.refused.code}", flow.lang, **flow.refused.facts)
    if flow.print in (PrintState.PRINTING, PrintState.PRINTED):
        return ""
    out = flow.trouble in PAPER_TROUBLES
    return say("kiosk.out_of_paper" if out else "kiosk.no_paper_seen", flow.lang)


def _notice(flow: Flow) -> NoticeView:
    lang, kind = flow.lang, flow.notice
    phone = flow.hall.get("phone", "")
    online = flow.item.online_url if kind is Notice.NO_NUMBER and flow.item else ""
    match kind:
        case Notice.REFUSED if flow.refused is not None:
            text = say(f"refused.{flow.refused.code}", lang, **flow.refused.facts)
        case Notice.HELP if phone:
            text = say("kiosk.help_phone", lang, phone=phone)
        case Notice.NO_NUMBER if online:
            text = say("kiosk.online_instead", lang)
        case _:
            text = say(f"kiosk.{kind}", lang)
    return NoticeView(
        title=words(f"kiosk.title_{kind}", lang),
        icon=NOTICE_ICONS[kind],
        text=text,
        qr=online,
        scan=say("kiosk.scan_online", lang) if online else "",
        done=_way_on(flow),
    )


def _way_on(flow: Flow) -> Choice:
    if flow.notice is Notice.LATE:
        return _choice(Intent.ANYWAY, "kiosk.take_anyway", flow.lang, "ticket")
    if flow.behind:
        return _choice(Intent.BACK, "kiosk.understood", flow.lang, "check")
    return _choice(Intent.DONE, "kiosk.to_home", flow.lang, "house")
