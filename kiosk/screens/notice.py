"""请您留意: why it does not go on here, and what to do instead."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import NoticeView


class NoticeScreen(PageScreen):
    """请您留意: why it does not go on here, and what to do instead."""

    view = ObjectProperty(NoticeView(), rebind=True)
    lowers = False


load(__file__)
