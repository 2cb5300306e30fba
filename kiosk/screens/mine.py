"""我的号: where the number stands, and what may be done with it."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import MineView


class MineScreen(PageScreen):
    """我的号: where the number stands, and what may be done with it."""

    view = ObjectProperty(MineView(), rebind=True)
    lowers = False


load(__file__)
