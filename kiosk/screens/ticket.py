"""号票: the number, where to wait, and how the paper is."""

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screens.page import PageScreen, load
from kiosk.views import TicketView


class Heading(BoxLayout):  # type: ignore[misc]
    """How it goes on with the paper."""

    view = ObjectProperty(TicketView(), rebind=True)


class TicketScreen(PageScreen):
    """号票: the number, where to wait, and how the paper is."""

    view = ObjectProperty(TicketView(), rebind=True)
    lowers = False


load(__file__)
