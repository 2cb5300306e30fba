"""预约: when and where, before it is booked and after."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import AppointmentView


class AppointmentScreen(PageScreen):
    """预约: when and where, before it is booked and after."""

    view = ObjectProperty(AppointmentView(), rebind=True)
    lowers = False


load(__file__)
