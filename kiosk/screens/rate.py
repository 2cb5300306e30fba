"""评价: five faces, one touch."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import RateView


class RateScreen(PageScreen):
    """评价: five faces, one touch."""

    view = ObjectProperty(RateView(), rebind=True)


load(__file__)
