"""What every wall is: its reading, its two languages, and the sizes of its texts."""

from typing import Any

from kivy.properties import NumericProperty
from kivy.uix.boxlayout import BoxLayout

from display.board import BoardView, Fit, Widest
from display.layouts.figures import Reading
from display.layouts.style import Sizes


class Wall(BoxLayout):  # type: ignore[misc]
    """A whole screen that hangs on a wall, read from some metres, in one language before the
    other; sizes are in pixels."""

    unit = NumericProperty(8)
    title = NumericProperty(64)
    section = NumericProperty(48)
    body = NumericProperty(38)
    note = NumericProperty(30)

    def __init__(self, reading: Reading, lang: str = "zh", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._reading, self._lang = reading, lang
        self._other = "en" if lang == "zh" else "zh"

    def scale(self, height: float) -> None:
        """Take the sizes of a wall of this height."""
        sizes = Sizes.of(height)
        self.unit, self.title, self.section = sizes.unit, sizes.title, sizes.section
        self.body, self.note = sizes.body, sizes.note

    def fit(self, widest: Widest, windows: int) -> Fit:
        """Size everything for this screen and hall, and tell how much then has room."""
        raise NotImplementedError

    def show(self, view: BoardView) -> None:
        """Put this moment on the wall; what stands there already is not drawn again."""
        raise NotImplementedError
