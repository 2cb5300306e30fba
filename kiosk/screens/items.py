"""选事项: by theme, by department, or by pinyin initials on our own keys."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ItemsView


class ItemsScreen(PageScreen):
    """选事项: groups or items in one list; keys below it (beside it on a lying screen)."""

    view = ObjectProperty(ItemsView(), rebind=True)

    def forget(self) -> None:
        """Lists of groups stay: they say nothing of anybody, and take long to make."""
        if self.view.keys:
            super().forget()


load(__file__)
