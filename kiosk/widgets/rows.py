"""Long lists of choices, of which only the rows that can be seen exist."""

from typing import Any

from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.recycleview import RecycleView
from kivy.uix.recycleview.views import RecycleDataViewBehavior

from kiosk.views import Choice
from kiosk.widgets.press import Press
from kiosk.widgets.scrolling import FreeingBar
from kiosk.widgets.shown import wide


class Row(RecycleDataViewBehavior, Press):  # type: ignore[misc]
    """One line of a long list; drawn again for other choices while the list moves."""

    told = ObjectProperty(None)

    def on_chosen(self, choice: Choice) -> None:
        self.told(choice)


class Rows(FreeingBar, RecycleView):  # type: ignore[misc]
    """A long list of choices; only rows that can be seen exist. A new list starts at its top.

    All its rows are as high as the one that says most: names of one line or of two, and under
    them up to two small lines.
    """

    choices = ObjectProperty(())
    cols = NumericProperty(1)
    room = NumericProperty(1)  # width of a name, in pixels
    letter = NumericProperty(1)  # font size of a name
    names = NumericProperty(1)  # lines of a name
    unders = NumericProperty(0)  # lines of the second language under it
    notes = NumericProperty(0)
    __events__ = ("on_chosen",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("choices", "room", "letter"):
            self.fbind(name, self._measure)

    def _measure(self, *_: object) -> None:
        said = [choice.words for choice in self.choices]
        long = any(
            sum(wide(one, self.letter, True) for one in words.main) > self.room for words in said
        )
        self.names = 2 if long else 1
        self.unders = int(any(words.under for words in said))
        self.notes = int(any(one.note for one in self.choices))

    def on_choices(self, *_: object) -> None:
        told = self._told
        self.data = [{"choice": choice, "told": told} for choice in self.choices]
        self.scroll_y = 1.0

    def _told(self, choice: Choice) -> None:
        self.dispatch("on_chosen", choice)

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""
