"""选事项: by theme, by department, or by pinyin initials on our own keys."""

from kivy.properties import ObjectProperty

from kiosk.flow import Intent
from kiosk.screens.page import PageScreen, load
from kiosk.views import Choice, ItemsView, Words

KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class ItemsScreen(PageScreen):
    """选事项: groups or items in one list; keys below it (beside it on a lying screen)."""

    view = ObjectProperty(ItemsView(), rebind=True)
    keys = tuple(Choice(Intent.TYPE, key, Words(key)) for key in KEYS)

    def forget(self) -> None:
        """Lists of groups stay: they say nothing of anybody, and take long to make."""
        if self.view.letters:
            super().forget()


load(__file__)
