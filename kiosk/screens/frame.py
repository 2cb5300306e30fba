"""What stands round every page: hall and time above, the constant choices below, one warning."""

from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager

from kiosk.flow import Intent, Page
from kiosk.screens.appointment import AppointmentScreen
from kiosk.screens.classes import ClassesScreen
from kiosk.screens.duty import DutyScreen
from kiosk.screens.entry import EntryScreen
from kiosk.screens.help import HelpScreen
from kiosk.screens.home import HomeScreen
from kiosk.screens.item import ItemScreen
from kiosk.screens.items import ItemsScreen
from kiosk.screens.mine import MineScreen
from kiosk.screens.notice import NoticeScreen
from kiosk.screens.page import PageScreen, load
from kiosk.screens.proof import ProofScreen
from kiosk.screens.rate import RateScreen
from kiosk.screens.reasons import ReasonsScreen
from kiosk.screens.slots import SlotsScreen
from kiosk.screens.taking import TakingScreen
from kiosk.screens.ticket import TicketScreen
from kiosk.views import Choice, Chrome, View
from kiosk.widgets.giving_back import give_back
from kiosk.widgets.letting_go import let_go
from kiosk.widgets.theme import theme

SCREENS: dict[Page, type[PageScreen]] = {
    Page.HOME: HomeScreen,
    Page.ITEMS: ItemsScreen,
    Page.ITEM: ItemScreen,
    Page.CLASSES: ClassesScreen,
    Page.TAKING: TakingScreen,
    Page.TICKET: TicketScreen,
    Page.PROOF: ProofScreen,
    Page.MINE: MineScreen,
    Page.RATE: RateScreen,
    Page.REASONS: ReasonsScreen,
    Page.ENTRY: EntryScreen,
    Page.CONTACT: ProofScreen,
    Page.SLOTS: SlotsScreen,
    Page.CONFIRM: AppointmentScreen,
    Page.BOOKED: AppointmentScreen,
    Page.HELP: HelpScreen,
    Page.NOTICE: NoticeScreen,
    Page.DUTY_CODE: ProofScreen,
    Page.DUTY: DutyScreen,
}


class Still(FloatLayout):  # type: ignore[misc]
    """The warning before the kiosk goes home; a touch anywhere means: still here."""

    chrome = ObjectProperty(Chrome(), rebind=True)

    def on_touch_down(self, touch: Any) -> bool:
        return True


class Frame(FloatLayout):  # type: ignore[misc]
    """The whole window. `on_intent` carries what was touched, on whatever page."""

    chrome = ObjectProperty(Chrome(), rebind=True)
    lowers = BooleanProperty(True)  # whether the page that is shown comes down in 放低画面
    __events__ = ("on_intent",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._shown: View | None = None
        self._used: set[PageScreen] = set()  # pages on which something of the citizen may stand
        self._wipe_soon = Clock.create_trigger(self._wipe)  # home comes first
        self._still = Still()
        self._pages = ScreenManager(transition=NoTransition())
        self.ids.body.add_widget(self._pages)
        # All pages at once would be a fifth of the time to the first frame (200 of 950 ms).
        self._to_make = iter(SCREENS)
        self._making = Clock.schedule_interval(self._make_next, 0)

    def _make_next(self, *_: object) -> bool:
        """One page in each frame, so that none has to be made when it is first touched."""
        page = next(self._to_make, None)
        if page is not None:
            self._screen(page)
        return page is not None

    def _screen(self, page: Page) -> PageScreen:
        if not self._pages.has_screen(page.value):
            screen = SCREENS[page](name=page.value)
            screen.bind(on_intent=self._told)
            self._pages.add_widget(screen)
        made: PageScreen = self._pages.get_screen(page.value)
        return made

    def let_go(self) -> None:
        """This frame is shown no more."""
        self._making.cancel()
        let_go((self, self._still, *self._pages.screens))

    def show(self, view: View) -> None:
        """Draw this view; the same view again draws nothing."""
        shown, self._shown = self._shown, view
        theme.large, theme.contrast, theme.low = view.large, view.contrast, view.low
        Window.clearcolor = theme.ground  # a rectangle under everything takes a fifth of a frame
        if shown is None or view.chrome != shown.chrome:
            self.chrome = view.chrome
            self._warn(view.chrome)
        screen = self._screen(view.page)
        if shown is None or view.body != shown.body:
            screen.show(view.body)
        self._pages.current = view.page.value
        self.lowers = screen.lowers
        if view.page is Page.HOME:
            self._wipe_soon()
        else:
            self._used.add(screen)

    def _wipe(self, *_: object) -> None:
        """Nothing of a citizen who went stays, not even on pages that nobody sees."""
        seen = self._pages.current_screen
        left = self._used - {seen}
        for screen in left:
            screen.forget()
        if left:
            give_back()  # within the 0.3 s in which no touch counts on a page that just turned
        self._used -= left

    def emit(self, choice: Choice) -> None:
        """Tell what a touch on the frame meant."""
        self.dispatch("on_intent", choice.intent, choice.value)

    def on_intent(self, *_: Any) -> None:
        """Nobody listens."""

    def _told(self, _screen: PageScreen, intent: Intent, value: str) -> None:
        self.dispatch("on_intent", intent, value)

    def _warn(self, chrome: Chrome) -> None:
        self._still.chrome = chrome
        if bool(chrome.warning) is (self._still.parent is None):
            (self.add_widget if chrome.warning else self.remove_widget)(self._still)


class Header(BoxLayout):  # type: ignore[misc]
    """The hall's name and the time."""

    chrome = ObjectProperty(Chrome(), rebind=True)
    ground = ColorProperty()
    ink = ColorProperty()
    __events__ = ("on_chosen",)

    def on_touch_down(self, touch: Any) -> bool:
        """The clock is no button to look at, but a few quick touches of it mean something."""
        if self.ids.time.collide_point(*touch.pos):
            self.dispatch("on_chosen", Choice(Intent.CLOCK))
        return bool(super().on_touch_down(touch))

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""


class Bar(BoxLayout):  # type: ignore[misc]
    """The choices below every page, always in the same places."""

    chrome = ObjectProperty(Chrome(), rebind=True)
    __events__ = ("on_chosen",)

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""


load(__file__)
