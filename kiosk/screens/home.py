"""首页: take a number, or look for an item; how full the hall is."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import HomeView


class HomeScreen(PageScreen):
    """首页: take a number, or look for an item; how full the hall is."""

    view = ObjectProperty(HomeView(), rebind=True)


load(__file__)
