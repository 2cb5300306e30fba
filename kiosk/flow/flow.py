"""What the kiosk does next: touches and news in, pages and wishes out; no screen, no clock."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hall_server.words import PrintState, Refused
from kiosk.flow.booked import Booked
from kiosk.flow.booking import Booking
from kiosk.flow.calling import Calling
from kiosk.flow.duty import Duty, Lock
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.finding import Finding
from kiosk.flow.guiding import Guiding
from kiosk.flow.hall import Hall
from kiosk.flow.holding import Holding
from kiosk.flow.leaving import Leaving
from kiosk.flow.meanings import (
    FIRST_LANGUAGE,
    LANGUAGES,
    Asked,
    Handout,
    Intent,
    Notice,
    Page,
    Receipt,
    Slip,
    Wish,
)
from kiosk.flow.rating import Rating
from kiosk.flow.taking import Taking
from kiosk.search import Catalogue, Item

TIME_OUT = 60.0  # seconds without a touch until home
WARNING = 10.0
SETTLE = 0.3  # a trembling second tap must not choose on the page that the first one opened
PATIENCE = 3.0  # seconds of a silent hall until the page says so


class Flow:
    """One kiosk in front of one citizen after the other. `state` is the hall's live state."""

    def __init__(self, state: Mapping[str, Any], time_out: float = TIME_OUT) -> None:
        self.hall = Hall(state)
        self.time_out = time_out
        self.lang = FIRST_LANGUAGE
        self.large = False  # 大字版
        self.contrast = False  # 高对比
        self.lock = Lock()
        self.low = False  # 放低画面, for who sits in a wheelchair
        self.high = False  # whether the screen reaches higher than they can
        self.few_keys = False  # whether it has no room for a key of every letter
        self._touched = self._now = 0.0
        self._forget()

    def _forget(self) -> None:
        """Nothing of the last citizen stays."""
        self.page = Page.HOME
        self.behind: Page | None = None  # the page under the help page
        self.notice = Notice.REFUSED
        self.finding = Finding()
        self.guiding = Guiding(self.hall)
        self.taking = Taking(self.hall)
        self.holding = Holding(phones=self.hall.mark is not None)
        self.rating = Rating(self.holding)
        self.leaving = Leaving(self.holding)
        self.booked = Booked(self.hall, self.holding)
        self.booking = Booking(self.hall, self.booked)
        self.calling = Calling(self.hall)
        self.duty = Duty(self.lock)
        self._turned = self._now

    def _errands(self) -> tuple[Errand, ...]:
        return (
            *(self.booking, self.booked),  # first: they look at what others know of a page too
            *(self.finding, self.guiding, self.taking, self.holding, self.calling),
            *(self.rating, self.leaving, self.duty),
        )

    # --- the citizen

    def do(self, intent: Intent, value: str = "", now: float = 0.0) -> Asked | None:
        """Take one touch in. The answer is what to ask of the hall or the printer, if it makes
        anything; a touch that means nothing on this page changes nothing."""
        self.touched(now)
        if now - self._turned < SETTLE:
            return None
        match intent, self.page:
            case Intent.LANGUAGE, _:
                self.lang = LANGUAGES[(LANGUAGES.index(self.lang) + 1) % len(LANGUAGES)]
            case Intent.LARGE, _:
                self.large = not self.large
            case Intent.CONTRAST, _:
                self.contrast = not self.contrast
            case Intent.LOW, Page.HELP:
                self.low, self._turned = not self.low, now
            case Intent.HELP, page if page is not Page.HELP:
                item = self.taking.item
                self.calling = Calling(self.hall, item.code if item else "")
                self.behind, self.page, self._turned = page, Page.HELP, now
            case Intent.BACK, Page.HELP if self.behind is not None:
                self.page, self.behind, self._turned = self.behind, None, now
                self.calling = Calling(self.hall)
            case Intent.LEAVE, Page.HELP:
                self._forget()
                return self._by_errand(Touch(self.page, intent, value, now))
            case Intent.HOME, _ if self.may_leave:
                self._forget()
            case Intent.DONE, Page.TICKET | Page.BOOKED | Page.NOTICE:
                self.leave()
            case Intent.PICK_ITEM, Page.ITEMS:
                return self._pick(value)
            case _:
                return self._by_errand(Touch(self.page, intent, value, now))
        return None

    def scanned(self, text: str, now: float) -> Asked | None:
        """Somebody holds a code before the scanner: what he was about before is over. Nothing is
        scanned while a number is on its way, and on the help page."""
        self.touched(now)
        if self.page in (Page.TAKING, Page.HELP):
            return None
        purpose = self.holding.purpose
        self._forget()
        self.holding.purpose = purpose
        return self._go(self.holding.scanned(text))

    def carded(self, mark: str, now: float) -> Asked | None:
        """A card was read; the mark is its keyed hash."""
        self.touched(now)
        return self._go(self.booked.carded(self.page, mark))

    def unread(self, reason: str, now: float) -> None:
        """A card lay there and could not be read."""
        self.touched(now)
        self.booked.unread = reason

    @property
    def wants_card(self) -> bool:
        """Whether a card is asked for on this page."""
        return self.booked.wants_card(self.page)

    def _by_errand(self, touch: Touch) -> Asked | None:
        for errand in self._errands():
            move = errand.touch(touch)
            if move is not None:
                return self._go(move)
        if touch.intent is Intent.BACK and self.may_leave:
            self._forget()
        return None

    def _pick(self, code: str) -> Asked | None:
        """To the item's page; a number waits for no guidance that does not come."""
        item = self.hall.catalogue.item(code)
        if item is None:
            return None
        self.guiding, self.taking = Guiding(self.hall), Taking(self.hall, item)
        return self._go(Move(Page.ITEM, self.guiding.ask(code)))

    def _go(self, move: Move | None) -> Asked | None:
        if move is None:
            return None
        if move.notice is not None:
            self.notice = move.notice
            self._turn(Page.NOTICE)
        elif move.page is not None:
            self._turn(move.page)
        asked = move.asked
        if isinstance(asked, Wish | Slip):
            item = self.hall.catalogue.item(asked.item)
            title = self.title(item) if item else ""
            asked = replace(asked, title=title, lang=self.lang, large=self.large)
        if isinstance(asked, Wish):
            (self.booked if asked.book else self.taking).wish = asked
        elif isinstance(asked, Handout | Receipt):
            asked = replace(asked, lang=self.lang, large=self.large)
        return asked

    def _turn(self, page: Page) -> None:
        """Turn to a page; under the help page, if that is open: nobody is torn out of it."""
        if self.page is Page.HELP:
            self.behind = page
        else:
            self.page = page
        self._turned = self._now

    def leave(self) -> None:
        """The citizen is gone: nothing of theirs stays."""
        self._forget()
        self.lang, self.large, self.contrast, self.low = FIRST_LANGUAGE, False, False, False

    # --- the hall

    def joined(self, online: bool, name: str = "") -> None:
        """The line to the hall stands, for the kiosk of this name, or is gone."""
        self.hall.online, self.hall.name = online, name or self.hall.name

    def without_hall(self, offline: frozenset[str], in_hours: bool) -> None:
        """What the kiosk can give by itself now: of which queues it has an offline number (离线号),
        and whether the last number of the day is not over."""
        self.hall.offline, self.hall.in_hours = offline, in_hours

    def catalogued(self, given: Catalogue) -> None:
        """The hall's items, new or changed."""
        self.hall.catalogue = given

    def offered(self, most_used: tuple[str, ...]) -> None:
        """The items people come for most (最常办), by code."""
        self.hall.most_used = most_used

    def answered(self, asked: str, answer: Mapping[str, Any]) -> Asked | None:
        """The hall told what this question asked, or did this deed; whoever went elsewhere needs
        it no more. The answer is what is to be printed of it, if anything is."""
        told = [self._go(errand.answered(asked, answer)) for errand in self._errands()]
        return next((one for one in told if one is not None), None)

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        """The hall gave this wish its number or half hour. Whoever went home meanwhile sees it
        there; nobody is torn out of another page."""
        if self.page is Page.HOME:
            self.taking = Taking(self.hall, wish=Wish(wish))
            self.booked.wish = Wish(wish)
        given = self.taking if "ticket" in reply else self.booked
        move = given.taken(wish, reply)
        if move is not None:
            self._go(move)
            self._touched = self._now

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        """This wish's offline number has come into its queue."""
        self.taking.merged(wish, reply)

    def refuse(self, asked: str, refused: Refused) -> None:
        """The hall said no to this wish, question or deed."""
        for errand in self._errands():
            self._go(errand.refuse(asked, refused))

    def printed(self, asked: str, state: PrintState, trouble: str = "") -> None:
        """What became of this paper, and the printer's trouble if it had one."""
        for errand in self._errands():
            errand.printed(asked, state, trouble)

    # --- the clock

    def touched(self, now: float) -> None:
        """Somebody is here."""
        self._touched = self._now = now

    def tick(self, now: float) -> None:
        """A second passed. After `time_out` of them untouched, the last citizen is forgotten."""
        self._now = now
        if self.in_use and now - self._touched >= self.time_out:
            self.leave()

    @property
    def seconds_left(self) -> int | None:
        """Seconds until home, in the last ten of them; otherwise None."""
        left = self._touched + self.time_out - self._now
        return max(1, round(left)) if self.in_use and left <= WARNING else None

    def settled(self, now: float) -> bool:
        """Whether a touch at this time counts."""
        return now - self._turned >= SETTLE

    def free(self, now: float) -> bool:
        """Whether nobody has been at the kiosk for as long as a citizen may take to come back."""
        return not self.in_use and now - self._touched >= self.time_out

    # --- what is true now

    @property
    def in_use(self) -> bool:
        """Whether a citizen left something on the screen."""
        changed = self.lang != FIRST_LANGUAGE or self.large or self.contrast or self.low
        return changed or self.page is not Page.HOME

    @property
    def unheard(self) -> bool:
        """Whether the hall does not answer who calls for help."""
        return self.calling.unheard(self._now)

    @property
    def silent(self) -> bool:
        """Whether the hall keeps a citizen waiting for a number longer than it should."""
        waited = self._now - self._turned
        return self.page is Page.TAKING and (not self.hall.online or waited >= PATIENCE)

    @property
    def may_leave(self) -> bool:
        """Home is always open, but not in the seconds in which a number is being taken."""
        return self.page is not Page.TAKING or self.silent

    def title(self, item: Item) -> str:
        """An item's name in the citizen's language; Chinese where there is no other."""
        return item.name_en if self.lang == "en" and item.name_en else item.name
