"""The window sign (窗口屏): one window, its number, its state, and how many people wait for it."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import NumericProperty, StringProperty
from kivy.utils import escape_markup

from config.language import say
from display.board import BoardView, Fit, Shown, Widest, WindowRow
from display.layouts.figures import DIGIT, LINE, Reading, figure
from display.layouts.style import GROUNDS, LIT, width
from display.layouts.wall import Wall
from display.layouts.wording import message, named

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

WIDE, HIGH = 4, 3  # a sign lower or narrower than this takes its sizes from its short side
WORD = 0.2  # of the number's font size: what is to be done with it
TWO_WORDS = 1.5 * 1.6  # lines of it, the second language at 60 %
ROOM = Fit(windows=1, calls=1, queues=60)


class WindowSign(Wall):
    """The whole sign; what it shows comes from one BoardView."""

    huge = NumericProperty(300)
    words = NumericProperty(60)
    block = NumericProperty(400)  # height of number and words together
    top_height = NumericProperty(100)
    ground = StringProperty("blue_deep")
    ink = StringProperty("line")
    window = StringProperty()
    queue = StringProperty()
    sign = StringProperty()
    number = StringProperty()
    word = StringProperty()
    word_other = StringProperty()
    notice = StringProperty()
    waiting = StringProperty()
    lost = StringProperty()

    def __init__(self, reading: Reading, lang: str = "zh", **kwargs: Any) -> None:
        super().__init__(reading, lang, **kwargs)
        self._figure = 40.0

    def fit(self, widest: Widest, windows: int) -> Fit:
        """A sign has room for its one window."""
        self.scale(min(self.height, self.width * HIGH / WIDE))
        self._figure = max(figure(self._reading, self.size), 2 * self.section)
        self.top_height = self._figure * LINE + self.unit
        middle = self.height - self.top_height - 11 * self.unit
        room = middle - 13 * self.unit  # a card's edge and some air, above and below
        across = (self.width - 10 * self.unit) / width(widest.number, 100, bold=True) * 100
        down = room / (DIGIT + WORD * TWO_WORDS)
        self.huge = max(self._figure, min(across, down, self.height / 2))
        self.words = WORD * self.huge
        self.block = self.huge * DIGIT + 3 * self.unit + self.words * TWO_WORDS
        return ROOM

    def show(self, view: BoardView) -> None:
        lang, other = self._lang, self._other
        lost = ("lost_since", "link_lost") if view.lost_since else ()
        self.lost = "  ".join(say(f"display.{key}", lang, time=view.lost_since) for key in lost)
        self.notice = named(view.notice or "", view.notice_en, lang)
        row = next(iter(view.windows), None)
        alone, alone_other = (message(view, tongue) for tongue in (lang, other))
        self._show_window(row)
        if row is None or alone:
            self.number = self.waiting = ""
            self.ground, self.ink = "blue_deep", "line"
            self.word, self.word_other = alone, alone_other
            return
        self.ground, self.ink, _ = LIT if row.lit else GROUNDS[row.state]
        self.number = row.number or ""
        if row.state is Shown.PAUSED and row.reason:
            self.word, self.word_other = say(f"display.{row.state}", lang), row.reason
        else:
            self.word, self.word_other = (say(f"display.{row.state}", t) for t in (lang, other))
        people = view.waiting
        self.waiting = (
            say("display.waiting", lang, people=people) if people else say("display.nobody", lang)
        )

    def _show_window(self, row: WindowRow | None) -> None:
        """Which window it is, also when the hall is closed: whoever looks for it finds it."""
        if row is None:
            self.window = self.queue = self.sign = ""
            return
        window = f"[b][size={self._figure:.0f}]{escape_markup(row.window)}[/size][/b]"
        self.window = say("display.to_window", self._lang, window=window)
        self.queue = named(row.queue, row.queue_en, self._lang)
        self.sign = row.sign
