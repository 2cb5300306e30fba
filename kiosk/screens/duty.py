"""设备维护: how the machine is, and what can be done about it."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import DutyView


class DutyScreen(PageScreen):
    """设备维护: how the machine is, and what can be done about it."""

    view = ObjectProperty(DutyView(), rebind=True)


load(__file__)
