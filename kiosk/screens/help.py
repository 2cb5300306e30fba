"""帮办: call somebody, and see that somebody comes."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import HelpView


class HelpScreen(PageScreen):
    """帮办: call somebody, and see that somebody comes."""

    view = ObjectProperty(HelpView(), rebind=True)
    lowers = False


load(__file__)
