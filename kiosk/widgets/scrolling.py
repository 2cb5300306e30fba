"""What is moved by a finger, and keeps nothing of each movement."""

from typing import Any

from kivy.uix.scrollview import ScrollView


class FreeingBar:
    """Kivy binds the bar's colour again with each step of a movement, and frees it once: six
    bindings more for every visitor, until the night (5 MB over 2,000 of them)."""

    def update_from_scroll(self, *steps: Any) -> None:
        """Move, and follow the bar's colour once."""
        self.funbind("bar_color", self._change_bar_color)  # type: ignore[attr-defined]
        super().update_from_scroll(*steps)  # type: ignore[misc]


class Scroll(FreeingBar, ScrollView):  # type: ignore[misc]
    """A page part that is longer than its place."""
