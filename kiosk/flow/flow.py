"""What the kiosk does next: touches and news in, pages and wishes out; no screen, no clock."""

from collections.abc import Mapping
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.words import PrintState, Refusal, Refused
from kiosk.flow.calling import Calling
from kiosk.flow.guiding import Guiding
from kiosk.flow.holding import Holding
from kiosk.flow.meanings import (
    FIRST_LANGUAGE,
    LANGUAGES,
    Asked,
    Intent,
    Narrow,
    Notice,
    Page,
    Purpose,
    Wish,
)
from kiosk.search import LONGEST_SEARCH, Catalogue, Item

TIME_OUT = 60.0  # seconds without a touch until home
WARNING = 10.0
SETTLE = 0.3  # a trembling second tap must not choose on the page that the first one opened
PATIENCE = 3.0  # seconds of a silent hall until the page says so


class Flow:
    """One kiosk in front of one citizen after the other. `state` is the hall's live state."""

    def __init__(self, state: Mapping[str, Any], time_out: float = TIME_OUT) -> None:
        self.state = state
        self.time_out = time_out
        self.catalogue = Catalogue()
        self.most_used: tuple[str, ...] = ()
        self.online = False
        self.name = ""  # our account at the hall
        self.lang = FIRST_LANGUAGE
        self.large = False  # 大字版
        self.contrast = False  # 高对比
        self._touched = self._now = 0.0
        self._forget()

    def _forget(self) -> None:
        """Nothing of the last citizen stays."""
        self.page = Page.HOME
        self.narrow = Narrow.THEME
        self.group = ""
        self.typed = ""
        self.item: Item | None = None
        self.guiding = Guiding()
        self.priority = ""
        self.warned = False  # that a number taken now may be called after closing
        self.notice = Notice.REFUSED
        self.behind: Page | None = None  # the page under the help page
        self.calling = Calling()
        self.holding = Holding()
        self.refused: Refused | None = None
        self.wish: Wish | None = None
        self.slip: dict[str, Any] | None = None
        self.print = PrintState.PRINTING
        self.trouble = ""
        self._turned = self._now

    # --- the citizen

    def do(self, intent: Intent, value: str = "", now: float = 0.0) -> Asked | None:
        """Take one touch in. The answer is what to ask of the hall or the printer, if it makes
        anything; a touch that means nothing on this page changes nothing."""
        self.touched(now)
        if now - self._turned < SETTLE:
            return None
        page = self.page
        wish = self._meant(intent, value)
        if self.page is not page:
            self._turned = now
        return wish

    def _meant(self, intent: Intent, value: str) -> Asked | None:
        match intent, self.page:
            case Intent.LANGUAGE, _:
                self.lang = LANGUAGES[(LANGUAGES.index(self.lang) + 1) % len(LANGUAGES)]
            case Intent.LARGE, _:
                self.large = not self.large
            case Intent.CONTRAST, _:
                self.contrast = not self.contrast
            case Intent.HELP, page if page is not Page.HELP:
                self.behind, self.page, self.calling = page, Page.HELP, Calling()
            case Intent.CALL_HELPER, Page.HELP if self.call is None:
                return self.calling.ask(self.item.code if self.item else "", self._now)
            case Intent.END_HELP, Page.HELP if self.call is not None:
                return self.calling.end(self.call[0])
            case Intent.HOME, _ if self.may_leave:
                self._forget()
            case Intent.DONE, Page.TICKET | Page.NOTICE:
                self._over()
            case Intent.BACK, _:
                self._back()
            case Intent.NARROW, Page.HOME | Page.ITEMS | Page.NOTICE:
                self.page, self.group, self.typed = Page.ITEMS, "", ""
                self.narrow = Narrow(value)
            case _, Page.ITEMS:
                return self._in_items(intent, value)
            case Intent.SHOW, Page.HOME:
                self.page, self.holding = Page.PROOF, Holding(Purpose(value))
            case Intent.CHECK, Page.PROOF if self.holding.checks_in:
                return self._check_in()
            case Intent.CHECK, Page.PROOF:
                return self.holding.check()
            case _, Page.PROOF:
                self.holding.key(intent, value)
            case _, Page.MINE:
                return self._with_ticket(intent)
            case Intent.PICK_LEVEL, Page.RATE:
                return self.holding.rate(value)
            case Intent.PRIORITY, Page.ITEM:
                self.page = Page.CLASSES
            case Intent.PRINT_NOTICE, Page.ITEM:
                return self.guiding.hand_out(self.catalogue.version, self.lang, self.large)
            case Intent.PICK_CLASS, Page.ITEM | Page.CLASSES:
                return self._take(value)
            case Intent.ANYWAY, Page.NOTICE if self.notice is Notice.LATE:
                self.warned = True
                return self._take(self.priority)
            case Intent.REPRINT, Page.TICKET:
                return self._reprint()
        return None

    def _with_ticket(self, intent: Intent) -> Asked | None:
        ticket = self.holding.ticket or {}
        match intent:
            case Intent.CANCEL:
                self.holding.sure, self._turned = True, self._now
            case Intent.CANCEL_SURE:
                return self.holding.give_up()
            case Intent.RETURN:
                return self.holding.come_back()
            case Intent.RATE if ticket.get("may_rate"):
                self.page = Page.RATE
            case Intent.REPRINT if ticket and not self.holding.busy:
                self.page, self.slip, self.refused = Page.TAKING, None, None
                self.wish = self._paper_of(ticket)
                return self.wish
        return None

    def _check_in(self) -> Wish | None:
        if not self.holding.enough:
            return None
        self.page, self.slip, self.refused = Page.TAKING, None, None
        self.wish = Wish(new_id(), check_in=self.holding.typed, lang=self.lang, large=self.large)
        return self.wish

    def _paper_of(self, ticket: Mapping[str, Any]) -> Wish:
        item = self.catalogue.item(str(ticket.get("item", "")))
        title = self.title(item) if item else ""
        return Wish(
            new_id(), title=title, ticket=ticket["ticket"], lang=self.lang, large=self.large
        )

    def _in_items(self, intent: Intent, value: str) -> Asked | None:
        match intent:
            case Intent.PICK_GROUP:
                self.group = value
                self._turned = self._now
            case Intent.TYPE if len(self.typed) < LONGEST_SEARCH:
                self.typed += value[:1].lower()
            case Intent.ERASE:
                self.typed = self.typed[:-1]
            case Intent.CLEAR:
                self.typed = ""
            case Intent.PICK_ITEM:
                return self._pick(value)
        return None

    def _pick(self, code: str) -> Asked | None:
        """To the item's page; a number waits for no guidance that does not come."""
        self.item = self.catalogue.item(code)
        if self.item is None:
            return None
        self.page, self.warned = Page.ITEM, False
        self.guiding = Guiding()
        return self.guiding.ask(code)

    def _late(self, queue: str) -> bool:
        """Whether a number taken now would more likely than not be called after closing."""
        forecast = self.state.get("forecast")
        wait = forecast["queues"].get(queue) if forecast and not forecast["old"] else None
        return wait is not None and bool(wait["late"])

    def _take(self, priority: str) -> Asked | None:
        self.priority = priority
        if self.item is None or not self.item.queue:
            return None
        if not self.online:
            self._tell(Notice.OFFLINE)
        elif not self.open:
            self._tell(Notice.CLOSED)
        elif not self.warned and self._late(self.item.queue):
            self._tell(Notice.LATE)
        else:
            self.page = Page.TAKING
            self.wish = Wish(
                new_id(),
                self.item.code,
                self.title(self.item),
                priority,
                lang=self.lang,
                large=self.large,
            )
            return self.wish
        return None

    def _reprint(self) -> Asked | None:
        if self.slip is None or self.print is PrintState.PRINTING:
            return None
        title = self.wish.title if self.wish else ""
        ticket = str(self.slip["ticket"])
        self.print, self.trouble, self.refused = PrintState.PRINTING, "", None
        self.wish = Wish(new_id(), title=title, ticket=ticket, lang=self.lang, large=self.large)
        return self.wish

    def _back(self) -> None:
        match self.page:
            case Page.ITEMS if self.group or self.typed:
                self.group = self.typed = ""
                self._turned = self._now
            case Page.MINE if self.holding.sure:
                self.holding.sure, self._turned = False, self._now
            case Page.RATE:
                self.page = Page.MINE
            case Page.ITEM:
                self.page = Page.ITEMS
            case Page.CLASSES:
                self.page = Page.ITEM
            case Page.HELP if self.behind is not None:
                self.page, self.behind = self.behind, None
            case Page.NOTICE if self.item is not None:
                self.page = Page.ITEM
            case _ if self.may_leave:
                self._forget()

    def _tell(self, notice: Notice) -> None:
        self._turn(Page.NOTICE)
        self.notice = notice

    def _turn(self, page: Page) -> None:
        """Turn to a page; under the help page, if that is open: nobody is torn out of it."""
        if self.page is Page.HELP:
            self.behind = page
        else:
            self.page = page
        self._turned = self._now

    @property
    def _taking(self) -> bool:
        return Page.TAKING in (self.page, self.behind)

    def _over(self) -> None:
        self._forget()
        self.lang, self.large, self.contrast = FIRST_LANGUAGE, False, False

    # --- the hall

    def joined(self, online: bool, name: str = "") -> None:
        """The line to the hall stands, for the kiosk of this name, or is gone."""
        self.online, self.name = online, name or self.name

    def catalogued(self, given: Catalogue) -> None:
        """The hall's items, new or changed."""
        self.catalogue = given

    def offered(self, most_used: tuple[str, ...]) -> None:
        """The items people come for most (最常办), by code."""
        self.most_used = most_used

    def answered(self, question: str, answer: Mapping[str, Any]) -> None:
        """The hall told what this question asked; whoever went elsewhere needs it no more."""
        self.guiding.answered(question, answer)
        if self.holding.asks(question):
            done = self.holding.answered(answer)
            if done is not None:
                self._tell(done)
            elif self.holding.purpose is Purpose.RATE and answer["may_rate"]:
                self._turn(Page.RATE)
            else:
                self._turn(Page.MINE)

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        """The hall gave this wish its number. Whoever went home meanwhile sees it there; nobody
        is torn out of another page."""
        mine = self.wish is not None and self.wish.id == wish
        if mine and self.slip is not None:
            self.slip = dict(reply)
        elif (mine and self._taking) or self.page is Page.HOME:
            self._turn(Page.TICKET)
            self.slip = dict(reply)
            self.print, self.trouble, self._touched = PrintState.PRINTING, "", self._now
            self.wish = self.wish if mine else Wish(wish)

    def refuse(self, wish: str, refused: Refused) -> None:
        """The hall said no to this wish or question; on a ticket's page the number stays where
        it is."""
        self.guiding.refused(wish)
        self.calling.refused(wish)
        if self.holding.asks(wish):
            self.holding.refuse(refused)
        if self.wish is None or self.wish.id != wish:
            return
        self.refused = refused
        if self.slip is not None:
            self.print = PrintState.UNKNOWN
        elif self._taking:
            self._tell(Notice.CLOSED if refused.code is Refusal.DAY_CLOSED else Notice.REFUSED)

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        """What became of this wish's paper, and the printer's trouble if it had one."""
        self.guiding.printed(wish, state)
        if self.wish is not None and self.wish.id == wish:
            self.print, self.trouble = state, trouble

    # --- the clock

    def touched(self, now: float) -> None:
        """Somebody is here."""
        self._touched = self._now = now

    def tick(self, now: float) -> None:
        """A second passed. After `time_out` of them untouched, the last citizen is forgotten."""
        self._now = now
        if self.in_use and now - self._touched >= self.time_out:
            self._over()

    @property
    def seconds_left(self) -> int | None:
        """Seconds until home, in the last ten of them; otherwise None."""
        left = self._touched + self.time_out - self._now
        return max(1, round(left)) if self.in_use and left <= WARNING else None

    def settled(self, now: float) -> bool:
        """Whether a touch at this time counts."""
        return now - self._turned >= SETTLE

    # --- what is true now

    @property
    def in_use(self) -> bool:
        """Whether a citizen left something on the screen."""
        changed = self.lang != FIRST_LANGUAGE or self.large or self.contrast
        return changed or self.page is not Page.HOME

    @property
    def call(self) -> tuple[str, Mapping[str, Any]] | None:
        """This kiosk's open helper call (帮办) and how it stands, if there is one."""
        place = f"kiosk/{self.name}"
        calls = ((k, v) for k, v in self.state.items() if k.startswith("helper/"))
        return next(((k.partition("/")[2], v) for k, v in calls if v["place"] == place), None)

    @property
    def unheard(self) -> bool:
        """Whether the hall does not answer who calls for help."""
        return not self.online or self.calling.unheard(self._now)

    @property
    def silent(self) -> bool:
        """Whether the hall keeps a citizen waiting for a number longer than it should."""
        return self.page is Page.TAKING and (
            not self.online or self._now - self._turned >= PATIENCE
        )

    @property
    def may_leave(self) -> bool:
        """Home is always open, but not in the seconds in which a number is being taken."""
        return self.page is not Page.TAKING or self.silent

    @property
    def open(self) -> bool:
        """Whether the business day (业务日) is open."""
        return self.state.get("day") is not None

    @property
    def can_take(self) -> bool:
        """Whether a number can be taken now."""
        return self.online and self.open

    @property
    def hall(self) -> Mapping[str, Any]:
        """The hall's public layout, empty until the first snapshot."""
        return self.state.get("hall") or {}

    @property
    def classes(self) -> list[dict[str, Any]]:
        """The priority classes (优先类别), in the hall's order."""
        return list(self.hall.get("classes", ()))

    def title(self, item: Item) -> str:
        """An item's name in the citizen's language; Chinese where there is no other."""
        return item.name_en if self.lang == "en" and item.name_en else item.name
