"""Things to touch: one choice each, and a few of them side by side."""

from typing import Any

from kivy.factory import Factory
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.views import Choice
from kiosk.widgets.letting_go import let_go


class Press(ButtonBehavior, BoxLayout):  # type: ignore[misc]
    """One thing to touch; tells its choice when the finger is lifted on it."""

    choice = ObjectProperty(Choice(), rebind=True)
    ground = ColorProperty()
    pressed = ColorProperty()
    edge = ColorProperty()
    ink = ColorProperty()
    __events__ = ("on_chosen",)

    def on_release(self) -> None:
        self.dispatch("on_chosen", self.choice)

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""


class Choices(GridLayout):  # type: ignore[misc]
    """A few choices side by side (`cols`) or under each other (`cols: 1`), each drawn as `tile`.
    One that means nothing now is off, or `hidden` where it stands."""

    choices = ObjectProperty(())
    tile = StringProperty("WayTile")
    hidden = BooleanProperty(False)
    least = NumericProperty(0)  # the height that tiles may share, where they can be higher
    __events__ = ("on_chosen",)

    def on_choices(self, *_: object) -> None:
        if len(self.children) != len(self.choices):
            let_go(self.children)
            self.clear_widgets()
            for _one in self.choices:
                press = Factory.get(self.tile)()
                press.bind(on_chosen=self._told)
                self.add_widget(press)
        for press, choice in zip(reversed(self.children), self.choices, strict=True):
            press.choice = choice
            press.disabled = not choice.intent
            press.opacity = 0 if self.hidden and press.disabled else 1

    def _told(self, _press: Any, choice: Choice) -> None:
        self.dispatch("on_chosen", choice)

    def on_chosen(self, choice: Choice) -> None:
        """Nobody listens."""
