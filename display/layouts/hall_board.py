"""The hall board (综合屏): who is called now, what every window does, how many people wait."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.utils import escape_markup

from config.language import say
from display.board import BoardView, Fit, LastCall, QueueRow, Shown, Widest, WindowRow
from display.layouts.figures import DIGIT, Reading, even, figure, grid
from display.layouts.style import GROUNDS, LIT, width
from display.layouts.wall import Wall
from display.layouts.wording import day, hall_name, message, named

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

LEFT = 0.26  # of the width: the call and the last calls
BARS = 11 + 8 + 11  # units of header, queues and notice
LARGER = (2.4, 2.0, 1.8, 1.6, 1.4, 1.2, 1.1, 1.0)  # times the needed figure, for no more pages
QUEUES, QUEUES_UPRIGHT = 5, 3  # of the strip below
UPRIGHT = 0.75  # of its width: the height of the lying wall whose sizes an upright one takes
CALLS = 0.56  # of an upright wall's width, at the most: the last calls, beside the card


class WindowCell(FloatLayout):  # type: ignore[misc]
    """One window of the table."""

    unit = NumericProperty(8)
    figure = NumericProperty(40)
    body = NumericProperty(38)
    note = NumericProperty(30)
    window_width = NumericProperty(0)
    inside = NumericProperty(0)
    line_y = NumericProperty(0)
    ground = StringProperty("blue_deep")
    ink = StringProperty("line")
    quiet = StringProperty("line")
    window = StringProperty()
    number = StringProperty()
    stands = StringProperty()
    queue = StringProperty()
    word = StringProperty()

    def show(self, row: WindowRow, lang: str) -> None:
        self.ground, self.ink, self.quiet = LIT if row.lit else GROUNDS[row.state]
        self.window = row.window
        self.number = row.number or ""
        told = say(f"display.{row.state}", lang)
        self.stands = "" if row.number else told
        self.word = told if row.number else row.reason or ""
        self.queue = named(row.queue, row.queue_en, lang)
        room = self.inside - 2 * self.unit
        if self.word and width(self.queue, self.note) + width(self.word, self.note) > room:
            # Half a name helps nobody: a number that is served needs no word, all else does.
            self.word, self.queue = (
                ("", self.queue) if row.state is Shown.SERVING else (self.word, "")
            )


class CallLine(FloatLayout):  # type: ignore[misc]
    """One of the last calls."""

    figure = NumericProperty(40)
    number = StringProperty()
    window = StringProperty()

    def show(self, call: LastCall | None) -> None:
        self.number, self.window = (call.number, call.window) if call else ("", "")


class CallCard(FloatLayout):  # type: ignore[misc]
    """The call that is told now; it stands until the next one."""

    unit = NumericProperty(8)
    body = NumericProperty(38)
    note = NumericProperty(30)
    figure = NumericProperty(40)
    huge = NumericProperty(200)
    words = NumericProperty(48)
    ground = StringProperty("card")
    ink = StringProperty("red")
    quiet = StringProperty("ink_2")
    heading = StringProperty()
    number = StringProperty()
    go_to = StringProperty()
    go_to_other = StringProperty()

    def show(self, view: BoardView, lang: str, other: str) -> None:
        self.ground, self.ink, self.quiet = LIT if view.lit else GROUNDS[Shown.CALLED]
        call = view.headline
        self.heading = "  ".join(say("display.calling", tongue) for tongue in (lang, other))
        self.number = call.number if call else "—"
        if call is None:
            self.go_to, self.go_to_other = (say("display.no_calls", t) for t in (lang, other))
            return
        window = f"[b][size={self.figure:.0f}]{escape_markup(call.window)}[/size][/b]"
        self.go_to = say("display.go_to", lang, window=window)
        self.go_to_other = say("display.go_to", other, window=call.window)


class BoardHeading(BoxLayout):  # type: ignore[misc]
    """What stands in a column of the table."""

    unit = NumericProperty(8)
    note = NumericProperty(30)
    window = StringProperty()
    number = StringProperty()

    def show(self, lang: str) -> None:
        self.window, self.number = say("display.window", lang), say("display.number", lang)


class QueueChip(BoxLayout):  # type: ignore[misc]
    """One queue and the people who wait in it."""

    unit = NumericProperty(8)
    note = NumericProperty(30)
    name = StringProperty()
    people = StringProperty()

    def show(self, queue: QueueRow | None, lang: str) -> None:
        self.name = named(queue.name, queue.name_en, lang) if queue else ""
        self.people = _people(queue, lang) if queue else ""


def _people(queue: QueueRow, lang: str) -> str:
    if not queue.minutes:
        return say("display.people", lang, people=queue.waiting)
    return say("display.people_wait", lang, people=queue.waiting, minutes=queue.minutes)


class HallBoard(Wall):
    """The whole board; what it shows comes from one BoardView."""

    upright = BooleanProperty(False)  # the call above the windows, not beside them
    left_width = NumericProperty(600)
    card_height = NumericProperty(400)
    name = StringProperty()
    name_other = StringProperty()
    date = StringProperty()
    clock = StringProperty()
    last_heading = StringProperty()
    message = StringProperty()
    message_other = StringProperty()
    lost = StringProperty()
    notice = StringProperty()
    notice_other = StringProperty()
    pages = StringProperty()
    waiting_heading = StringProperty()

    def __init__(self, reading: Reading, lang: str = "zh", **kwargs: Any) -> None:
        super().__init__(reading, lang, **kwargs)
        self._measured: tuple[Any, ...] = ()
        self._fit, self._figure, self._columns = Fit(1, 1, QUEUES), 40.0, 1
        self._window_width, self._inside = 0.0, 0.0

    def fit(self, widest: Widest, windows: int) -> Fit:
        asked = (*self.size, widest, windows)
        if asked != self._measured:
            self._measured = asked
            self._fit = self._measure(widest, windows)
        return self._fit

    def show(self, view: BoardView) -> None:
        lang, other = self._lang, self._other
        self.name, self.name_other = hall_name(view, lang), hall_name(view, other)
        self.date, self.clock = day(view, lang), view.clock
        self.message, self.message_other = (message(view, tongue) for tongue in (lang, other))
        self.lost = say("display.lost_since", lang, time=view.lost_since) if view.lost_since else ""
        told = named(view.notice or "", view.notice_en, lang)
        self.notice = say("display.link_lost", lang) if self.lost else told
        self.notice_other = say("display.link_lost", other) if self.lost else ""
        page = {"page": view.page + 1, "pages": view.pages}
        turns = view.pages > 1 and not self.message
        self.pages = say("display.page", lang, **page) if turns else ""
        self.last_heading = "  ".join(say("display.last_calls", t) for t in (lang, other))
        self.waiting_heading = say("display.people_waiting", lang)
        self.ids.card.show(view, lang, other)
        self._show_calls(view.calls)
        self._show_windows(view.windows)
        self._show_queues(view.queues)

    def _measure(self, widest: Widest, windows: int) -> Fit:
        self.upright = self.height > self.width
        self.scale(UPRIGHT * self.width if self.upright else self.height)
        needed = figure(self._reading, self.size)
        space = 3 * self.unit
        wide, high = self.width - 2 * space, self.height - BARS * self.unit - 2 * space

        card = self.ids.card
        card.figure = needed if self.upright else max(needed, 0.08 * high)
        line = width(widest.number + widest.window, card.figure, True) + card.figure
        if self.upright and line > CALLS * wide:
            # The windows below stand in the size that the distance asks; the card needs room.
            card.figure *= CALLS * wide / line
            line = CALLS * wide
        window = width(widest.window, card.figure, True)
        self.left_width = wide - space - line if self.upright else max(LEFT * wide, line)
        inside = self.left_width - 2 * space
        card.huge = min(inside / width(widest.number, 100, True) * 100, 0.22 * high)
        sentence = width(say("display.go_to", self._lang, window=""), 100)
        card.words = min(self.section, (inside - window) / sentence * 100)
        self.card_height = (
            5 * self.unit + 1.5 * self.body + card.huge + card.figure + 1.6 * self.note
        )
        # What the card leaves: below it the last calls, or below both the windows.
        below = high - self.card_height - 2 * self.unit
        calls = (self.card_height if self.upright else below) - 1.5 * self.body
        lines = max(1, int(calls // (card.figure * DIGIT + 3 * self.unit)))

        area = (wide, below) if self.upright else (wide - self.left_width - space, high)
        area = area[0], area[1] - 1.5 * self.note - self.unit
        gap = 1.5 * self.unit
        fewest = grid(area, self._cell(widest, needed), gap).pages(windows)
        for times in LARGER:
            self._figure = times * needed
            table = grid(area, self._cell(widest, self._figure), gap)
            if table.pages(windows) == fewest:
                break
        table = even(table, windows)
        self._columns = table.columns
        self._window_width = width(widest.window, self._figure, True)
        self._inside = (area[0] + gap) / table.columns - gap - 4 * self.unit
        return Fit(table.room, lines, QUEUES_UPRIGHT if self.upright else QUEUES)

    def _cell(self, widest: Widest, size: float) -> tuple[float, float]:
        """The least width and height of a cell whose figures have this font size."""
        inside = width(widest.window, size, True) + width(widest.number, size, True)
        return inside + 7 * self.unit, DIGIT * size + 1.5 * self.note + 3 * self.unit

    def _show_calls(self, calls: tuple[LastCall, ...]) -> None:
        lines = self.ids.calls
        _fill(lines, CallLine, self._fit.calls)
        for place, line in enumerate(reversed(lines.children)):
            line.figure = self.ids.card.figure
            line.show(calls[place] if place < len(calls) else None)

    def _show_windows(self, rows: tuple[WindowRow, ...]) -> None:
        table = self.ids.windows
        if table.cols != self._columns:
            table.clear_widgets()
            table.cols = self._columns
        headings = self.ids.headings
        _fill(headings, BoardHeading, self._columns)
        for heading in headings.children:
            heading.unit, heading.note = self.unit, self.note
            heading.show(self._lang)
        _fill(table, WindowCell, self._fit.windows)
        for place, cell in enumerate(reversed(table.children)):
            cell.unit, cell.body, cell.note = self.unit, self.body, self.note
            cell.figure, cell.inside = self._figure, self._inside
            cell.window_width = self._window_width
            cell.opacity = 1 if place < len(rows) else 0
            if place < len(rows):
                cell.show(rows[place], self._lang)

    def _show_queues(self, queues: tuple[QueueRow, ...]) -> None:
        strip = self.ids.queues
        _fill(strip, QueueChip, self._fit.queues)
        for place, chip in enumerate(reversed(strip.children)):
            chip.unit, chip.note = self.unit, self.note
            chip.show(queues[place] if place < len(queues) else None, self._lang)


def _fill(parent: Any, part: type, wanted: int) -> None:
    """Give a parent as many equal parts as wanted; they are kept and shown anew."""
    while len(parent.children) > wanted:
        parent.remove_widget(parent.children[0])
    while len(parent.children) < wanted:
        parent.add_widget(part())
