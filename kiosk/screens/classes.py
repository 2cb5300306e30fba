"""优先类别: one question, one touch."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ClassesView


class ClassesScreen(PageScreen):
    """优先类别: one question, one touch."""

    view = ObjectProperty(ClassesView(), rebind=True)


load(__file__)
