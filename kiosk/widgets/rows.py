"""Long lists of choices, of which only the rows that can be seen exist."""

from kivy.properties import ObjectProperty
from kivy.uix.recycleview import RecycleView
from kivy.uix.recycleview.views import RecycleDataViewBehavior

from kiosk.views import Choice
from kiosk.widgets.press import Press


class Row(RecycleDataViewBehavior, Press):  # type: ignore[misc]
    """One line of a long list; drawn again for other choices while the list moves."""

    told = ObjectProperty(None)

    def on_chosen(self, choice: Choice) -> None:
        self.told(choice)


class Rows(RecycleView):  # type: ignore[misc]
    """A long list of choices; only rows that can be seen exist. A new list starts at its top."""

    choices = ObjectProperty(())
    __events__ = ("on_chosen",)

    def on_choices(self, *_: object) -> None:
        told = self._told
        self.data = [{"choice": choice, "told": told} for choice in self.choices]
        self.scroll_y = 1.0

    def _told(self, choice: Choice) -> None:
        self.dispatch("on_chosen", choice)

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""
