"""首页: take a number, or look for an item; how full the hall is."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import HomeView, Words


class HomeScreen(PageScreen):
    """首页: take a number, or look for an item; how full the hall is."""

    view = ObjectProperty(HomeView(), rebind=True)
    quiet = Words()  # in the place of a figure that has no room


load(__file__)
