"""办不成事、吐槽找茬: one touch of what comes nearest."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import EntryView


class EntryScreen(PageScreen):
    """办不成事、吐槽找茬: one touch of what comes nearest."""

    view = ObjectProperty(EntryView(), rebind=True)


load(__file__)
