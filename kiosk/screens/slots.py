"""选时段: the days, or the half hours of one day."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import SlotsView


class SlotsScreen(PageScreen):
    """选时段: the days, or the half hours of one day."""

    view = ObjectProperty(SlotsView(), rebind=True)


load(__file__)
