"""首页: take a number, or look for an item; how full the hall is."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import HomeView, Told

LINE = 1.9  # of a letter's size: the height of a line, with what is round it
MOST_ROWS = 7


class HomeScreen(PageScreen):
    """首页: take a number, or look for an item; how full the hall is."""

    view = ObjectProperty(HomeView(), rebind=True)
    roomy = BooleanProperty(True)
    by_turns = StringProperty("")  # the notice, in its minute
    lowers = False  # it comes down by itself, below what is only read

    def rows_in(self, height: float, letter: float) -> int:
        """How many lines there is room for."""
        return max(0, min(MOST_ROWS, int(height / (letter * LINE))))

    def turned(self, view: HomeView, at_once: int) -> tuple[Told, ...]:
        """The queues whose turn it is, where not all of them can be shown at once."""
        if at_once <= 0:
            return ()
        turn = view.turn if self.roomy else view.turn // 2  # every other minute is a notice's
        first = turn % max(1, -(-len(view.queues) // at_once)) * at_once
        return view.queues[first : first + at_once]


load(__file__)
