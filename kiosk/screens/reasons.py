"""评价指标: the official words to touch, after a rating that counts."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ReasonsView


class ReasonsScreen(PageScreen):
    """评价指标: the official words to touch, after a rating that counts."""

    view = ObjectProperty(ReasonsView(), rebind=True)


load(__file__)
