"""正在取号: a still page while the hall answers."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import TakingView


class TakingScreen(PageScreen):
    """正在取号: a still page while the hall answers."""

    view = ObjectProperty(TakingView(), rebind=True)
    lowers = False


load(__file__)
