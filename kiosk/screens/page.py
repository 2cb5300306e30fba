"""What every page is: it shows a view and tells what was touched; it fetches nothing."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.uix.screenmanager import Screen

from kiosk.views import Choice, PageView


def load(module: str) -> None:
    """Load the kv beside a module, once, when the module is imported."""
    Builder.load_file(str(Path(module).with_suffix(".kv")))


class PageScreen(Screen):  # type: ignore[misc]
    """One page. `on_intent` carries the intent and its object."""

    lowers = True  # in 放低画面; False where all that is touched is at the lower edge anyway
    __events__ = ("on_intent",)

    def show(self, view: PageView) -> None:
        """Draw this view."""
        self.view = view

    def forget(self) -> None:
        """Show what it showed before anybody came."""
        self.show(type(self.view)())

    def emit(self, choice: Choice) -> None:
        """Tell what a touch meant."""
        self.dispatch("on_intent", choice.intent, choice.value)

    def on_intent(self, *_: Any) -> None:
        """Nobody listens."""
