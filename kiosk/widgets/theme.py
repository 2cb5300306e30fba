"""Sizes and colours of kiosk screens: config/look.toml at this window's scale."""

from math import hypot
from pathlib import Path

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.lang import global_idmap
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty

from config import look
from kiosk.widgets import rare

VEIL = 0.6
MM_AN_INCH = 25.4
NARROW, LONG = 1080, 1920  # the screen that look.toml's kiosk sizes are drawn for
INCHES = 21.5  # its diagonal
TOUCH = 112  # 28 mm there; on a small screen touch-mm of look.toml is the least
KEY, LYING_KEY = 0.12, 0.088  # of the short side, at most, as long as a fingertip has room
SMALL = 205  # mm of the short side: with less, nine keys of a fingertip stand in no row

COLOURS = (
    *("blue", "blue_deep", "red", "green", "amber", "amber_ground"),
    *("ink", "ink_2", "ground", "card", "line"),
)


class Theme(EventDispatcher):  # type: ignore[misc]
    """Sizes in pixels of this window, and colours. `large` is 大字版: type grows, everything else
    stays, so that a page reflows instead of shrinking. `low` is 放低画面: what is touched is within
    reach-mm of the screen's lower edge. `contrast` is 高对比: black, white and
    yellow with thick outlines."""

    large = BooleanProperty(False)
    contrast = BooleanProperty(False)
    low = BooleanProperty(False)
    landscape = BooleanProperty(False)
    lowered = NumericProperty(0)  # by so much a page begins lower
    number = NumericProperty(1)
    title = NumericProperty(1)
    section = NumericProperty(1)
    body = NumericProperty(1)
    note = NumericProperty(1)
    fine = NumericProperty(1)  # body where room is short: a note's size in 大字版, still larger
    tight = BooleanProperty(False)  # no room for second languages: 大字版 lying, 放低画面
    head = NumericProperty(1)  # round the page: the same in 大字版
    foot = NumericProperty(1)
    gap = NumericProperty(1)
    wide = NumericProperty(1)
    apart = NumericProperty(1)
    radius = NumericProperty(1)
    touch = NumericProperty(1)
    way = NumericProperty(1)  # the height of a large choice
    main = NumericProperty(1)  # and of a page's main action
    key = NumericProperty(1)
    finger = NumericProperty(1)  # the least of what is touched
    small = BooleanProperty(False)  # no room for a key of every letter
    outline = NumericProperty(1)
    lead = NumericProperty(1.46)  # a line of Noto Sans SC is so much higher than its size
    second = NumericProperty(0.6)  # the second language's size to the first's
    blue = ColorProperty()
    blue_deep = ColorProperty()
    red = ColorProperty()
    green = ColorProperty()
    amber = ColorProperty()
    amber_ground = ColorProperty()
    ink = ColorProperty()
    ink_2 = ColorProperty()
    ground = ColorProperty()
    card = ColorProperty()
    line = ColorProperty()
    blue_text = ColorProperty()  # the palette's on_blue: Kivy takes on_… for a handler
    blue_pressed = ColorProperty()  # grounds under a finger
    pressed = ColorProperty()
    off = ColorProperty()  # the ground of what cannot be touched now
    veil = ColorProperty()  # over a page that is about to close

    def __init__(self) -> None:
        super().__init__()
        self._look = look.look()
        self._scale = self._finger = 1.0
        self.second = self._look.scale.second_language
        self._beyond = 0.0  # pixels above what can be reached
        self.bind(large=self._measure, low=self._measure, contrast=self._paint)
        self._paint()
        self.fit(NARROW, LONG)

    def _paint(self, *_: object) -> None:
        """Take the palette in use. In high contrast most colours are one of three, so what is
        pressed or off must not take the colour of its own words."""
        palette = self._look.palette(self.contrast)
        for name in COLOURS:
            setattr(self, name, palette.rgba(name))
        self.blue_text = palette.rgba("on_blue")
        self.blue_pressed = palette.rgba("ink" if self.contrast else "blue_deep")
        self.pressed = palette.rgba("ground" if self.contrast else "line")
        self.off = palette.rgba("card" if self.contrast else "line")
        self.veil = (*palette.rgba("blue_deep")[:3], VEIL)
        self._measure()

    def fit(self, width: float, height: float, inches: float = INCHES) -> None:
        """Measure everything for a window of this size, upright or lying, that shows a screen of
        so many inches: nothing that is touched is smaller than a fingertip."""
        self.landscape = width > height
        self._scale = min(min(width, height) / NARROW, max(width, height) / LONG)
        a_mm = hypot(width, height) / (inches * MM_AN_INCH)
        self._finger = self._look.space.touch_mm * a_mm
        self._beyond = max(0.0, height - self._look.space.reach_mm * a_mm)
        share = LYING_KEY if self.landscape else KEY
        self.key = round(max(self._finger, min(TOUCH * self._scale, share * min(width, height))))
        self.finger = round(self._finger)
        self.small = min(width, height) < SMALL * a_mm
        self._measure()

    def _measure(self, *_: object) -> None:
        type_, space = self._look.type.kiosk, self._look.space
        letters = self._scale * (self._look.scale.large_text if self.large else 1.0)
        for name in ("title", "body", "note"):
            setattr(self, name, round(getattr(type_, name) * letters))
        self.section = round((type_.section or type_.body) * letters)
        self.fine = self.note if self.large else self.body
        self.tight = (self.landscape and self.large) or (self.low and self.high)
        self.lowered = round(self._beyond) if self.low else 0
        self.head = round((type_.section or type_.body) * self._scale)
        self.foot = round(type_.note * self._scale)
        self.number = round(type_.number * self._scale)  # already the largest thing there is
        self.gap = round(space.gap * self._scale)
        self.wide = round(space.gap_wide * self._scale)
        self.apart = round(space.touch_apart * self._scale)
        self.radius = round(space.radius_kiosk * self._scale)
        self.touch = round(max(TOUCH * self._scale, self._finger))
        self.way = max(self.touch, round(TOUCH * 1.6 * self._scale))
        self.main = max(self.touch, round(TOUCH * 1.4 * self._scale))
        outline = self._look.outline
        points = outline.high_contrast if self.contrast else outline.normal
        self.outline = max(1, round(max(2, points) * self._scale))

    @property
    def high(self) -> bool:
        """Whether the screen reaches higher than somebody who sits."""
        return self._beyond > 0


def register_fonts() -> None:
    """Give every widget the hall's own Chinese font in the place of Kivy's, which has none."""
    fonts = look.look().fonts
    LabelBase.register(
        "Roboto", fn_regular=str(look.file(fonts.regular)), fn_bold=str(look.file(fonts.bold))
    )
    LabelBase.register(rare.FONT, fn_regular=str(look.file(fonts.rare)))
    LabelBase.register("Icons", fn_regular=str(Path(__file__).with_name("icons.ttf")))


register_fonts()
theme = Theme()
global_idmap["theme"] = theme
