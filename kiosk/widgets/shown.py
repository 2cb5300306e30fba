"""Things to look at: words in two languages, a name cut after two lines, a QR code."""

from functools import lru_cache
from typing import Any

import qrcode
from kivy.core.text import Label as Lettering
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.image import Image
from kivy.uix.label import Label

from config.rare import rare
from kiosk.views import Told, Words
from kiosk.widgets.folding import even, fold
from kiosk.widgets.letting_go import let_go
from kiosk.widgets.rare import FONT, marked

QUIET = 4  # modules of white round a QR code (ISO/IEC 18004)


class Pair(BoxLayout):  # type: ignore[misc]
    """Words in the citizen's language, and in the other one small under them."""

    words = ObjectProperty(Words(), rebind=True)
    main_size = NumericProperty(1)
    ink = ColorProperty()
    ink_2 = ColorProperty()
    halign = StringProperty("left")
    most = NumericProperty(0)  # lines of each; 0: no bound


class Field(BoxLayout):  # type: ignore[misc]
    """A heading and what is said under it."""

    told = ObjectProperty(Told(), rebind=True)


class Fields(GridLayout):  # type: ignore[misc]
    """Headings and texts under each other, each as high as it needs."""

    fields = ObjectProperty(())
    kind: type[BoxLayout] = Field

    def on_fields(self, *_: object) -> None:
        if len(self.children) != len(self.fields):
            let_go(self.children)
            self.clear_widgets()
            for _one in self.fields:
                self.add_widget(self.kind())
        for shown, told in zip(reversed(self.children), self.fields, strict=True):
            shown.told = told


class Count(BoxLayout):  # type: ignore[misc]
    """A name and its figure, in one line."""

    told = ObjectProperty(Told(), rebind=True)


class Counts(Fields):
    """Names and figures side by side."""

    kind = Count


class Say(Label):  # type: ignore[misc]
    """A text in the width it has, broken as Chinese print does; in at most `most` lines, if given,
    and then the page it leads to shows it whole."""

    said = StringProperty("")
    most = NumericProperty(0)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("said", "width", "font_size", "bold", "most"):
            self.fbind(name, self._fold)

    def _fold(self, *_: object) -> None:
        size, bold = self.font_size, self.bold

        def measure(text: str) -> float:
            return sum(wide(one, size, bold) for one in text)

        if self.most:
            text = fold(self.said, self.width, measure, self.most)
        else:
            text = even(self.said, self.width, measure)
        markup = marked(text)
        self.markup = markup != ""
        self.text = markup or text


@lru_cache(maxsize=8192)
def wide(one: str, size: float, bold: bool) -> float:
    """How wide a character is, in pixels. Kivy draws a … at the end of a line up to 2 px wider than
    alone, and would fold it away."""
    font = {"font_name": FONT} if one in rare() else {"bold": bold}
    alone = float(Lettering(font_size=size, **font).get_extents(one)[0])
    return alone + 2 if one == "…" else alone


class QrCode(Image):  # type: ignore[misc]
    """The QR code of `data` with its quiet zone: one texture pixel a module, kept sharp."""

    data = StringProperty("")

    def on_data(self, *_: object) -> None:
        if not self.data:
            self.texture = None
            return
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
        code.add_data(self.data)
        code.make(fit=True)
        matrix = code.get_matrix()
        side = len(matrix)
        texture = Texture.create(size=(side, side), colorfmt="luminance")
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(
            bytes(0 if dark else 255 for row in reversed(matrix) for dark in row),
            colorfmt="luminance",
            bufferfmt="ubyte",
        )
        self.texture = texture
