"""What each page shows, as values: words in the citizen's language, and what a touch means."""

from dataclasses import dataclass, field

from kiosk.flow import Page


@dataclass(frozen=True)
class Words:
    """A choice on a public screen: the citizen's language, and the other one small under it."""

    main: str = ""
    under: str = ""


@dataclass(frozen=True)
class Choice:
    """One thing to touch: icon left of the words, and the intent with its object."""

    intent: str = ""
    value: str = ""
    words: Words = field(default_factory=Words)
    icon: str = ""
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Chrome:
    """What stands round every page: the hall and the time above, the constant choices below.

    `banner` says that the line is lost, or where it is `lost`, `hall` does; `warning` says that the
    kiosk will go home soon."""

    hall: Words = field(default_factory=Words)
    lost: bool = False
    clock: str = ""
    date: str = ""
    banner: str = ""
    warning: str = ""
    go_on: Choice = field(default_factory=Choice)
    away: tuple[Choice, ...] = ()  # back and home; without an intent where there is no way
    footer: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Told:
    """A heading and what is said of it: a field of an item's guidance, or a queue's figure."""

    heading: str = ""
    text: str = ""


@dataclass(frozen=True)
class HomeView:
    """首页: one main action; the ways to find an item; how full the hall is; its notices."""

    welcome: Words = field(default_factory=Words)
    ways: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)
    can_take: bool = False
    why_not: str = ""
    full: str = ""
    queues: tuple[Told, ...] = ()
    turn: int = 0  # of what is shown by turns
    notice: str = ""
    papers: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class ItemsView:
    """选事项: groups or items, and in the search by letters what was typed so far."""

    title: Words = field(default_factory=Words)
    tabs: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    empty: str = ""
    keys: tuple[Choice, ...] = ()
    typed: str = ""
    hint: str = ""
    erase: Choice = field(default_factory=Choice)
    clear: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class ItemView:
    """办事指南: what to bring and all the hall must tell, the online way, and on to a number."""

    title: Words = field(default_factory=Words)
    long: bool = False
    department: str = ""
    fields: tuple[Told, ...] = ()
    qr: str = ""
    scan: str = ""
    note: str = ""
    more: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class ClassesView:
    """优先: asked once, plainly; the window looks at the proof, not the machine."""

    title: Words = field(default_factory=Words)
    item: str = ""
    classes: tuple[Choice, ...] = ()
    ordinary: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class TakingView:
    """正在取号: a still page; when the hall is silent it says so and opens the way home."""

    title: Words = field(default_factory=Words)
    text: str = ""
    icon: str = ""
    item: str = ""


@dataclass(frozen=True)
class Place:
    """A zone on the hall's plan, in per cent: left, top, width, height; whether to go there."""

    name: str
    here: bool
    left: int
    top: int
    wide: int
    high: int


@dataclass(frozen=True)
class Standing:
    """Where this kiosk stands on the plan, in per cent from the left and the top; unnamed where
    that is not known."""

    name: str = ""
    left: int = 0
    top: int = 0


@dataclass(frozen=True)
class TicketView:
    """号票: the number, where and behind how many to wait, the QR code, and how the paper is."""

    title: Words = field(default_factory=Words)
    icon: str = ""
    number: str = ""
    code: Words = field(default_factory=Words)
    item: str = ""
    ahead: str = ""
    zone: str = ""
    windows: str = ""
    plan: tuple[Place, ...] = ()
    standing: Standing = Standing()
    qr: str = ""
    scan: str = ""
    note: str = ""
    reprint: Choice = field(default_factory=Choice)
    done: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class NoticeView:
    """请您留意: what happened and what to do."""

    title: Words = field(default_factory=Words)
    icon: str = ""
    number: str = ""
    text: str = ""
    note: str = ""
    other: tuple[Choice, ...] = ()
    done: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class HelpView:
    """帮办: call somebody, and see that somebody comes."""

    title: Words = field(default_factory=Words)
    icon: str = ""
    text: str = ""
    phone: str = ""
    other: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class ProofView:
    """凭号票: the number and the short code of a paper, typed."""

    title: Words = field(default_factory=Words)
    hint: str = ""
    note: str = ""
    typed: str = ""
    example: str = ""
    keys: tuple[Choice, ...] = ()
    erase: Choice = field(default_factory=Choice)
    clear: Choice = field(default_factory=Choice)
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class MineView:
    """我的号: where the number stands, and what may be done with it."""

    number: str = ""
    item: str = ""
    text: str = ""
    zone: str = ""
    windows: str = ""
    note: str = ""
    other: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class RateView:
    """评价: five faces, the same size, none of them preferred."""

    title: Words = field(default_factory=Words)
    item: str = ""
    note: str = ""
    faces: tuple[Choice, ...] = ()
    leave: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class ReasonsView:
    """评价指标: the rating counts; why, for who wants to say so."""

    title: Words = field(default_factory=Words)
    ask: str = ""
    note: str = ""
    tags: tuple[Choice, ...] = ()
    leave: Choice = field(default_factory=Choice)
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class EntryView:
    """办不成事、吐槽找茬: which of the two, and what comes nearest."""

    title: Words = field(default_factory=Words)
    kinds: tuple[Choice, ...] = ()
    troubles: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class DutyView:
    """设备维护: how the machine is, and what can be done about it."""

    title: Words = field(default_factory=Words)
    fields: tuple[Told, ...] = ()
    chores: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class SlotsView:
    """选时段: the days, or the half hours of one day; a full one is off."""

    title: Words = field(default_factory=Words)
    item: str = ""
    days: tuple[Choice, ...] = ()
    times: tuple[Choice, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class AppointmentView:
    """预约: when, for what and where; once booked its code, and what may be done with it."""

    title: Words = field(default_factory=Words)
    icon: str = ""
    day: str = ""
    time: str = ""
    item: str = ""
    zone: str = ""
    code: Words = field(default_factory=Words)
    qr: str = ""
    note: str = ""
    hint: str = ""
    other: tuple[Choice, ...] = ()
    main: Choice = field(default_factory=Choice)


PageView = (
    HomeView
    | ItemsView
    | ItemView
    | ClassesView
    | TakingView
    | TicketView
    | ProofView
    | MineView
    | RateView
    | ReasonsView
    | EntryView
    | SlotsView
    | AppointmentView
    | HelpView
    | NoticeView
    | DutyView
)


@dataclass(frozen=True)
class View:
    """All that is on the screen."""

    page: Page
    lang: str
    large: bool
    contrast: bool
    low: bool
    chrome: Chrome
    body: PageView
