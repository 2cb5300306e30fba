"""办事指南: what to bring, all the hall must tell, and on to a number."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ItemView, PageView


class ItemScreen(PageScreen):
    """办事指南: what to bring, all the hall must tell, and on to a number."""

    view = ObjectProperty(ItemView(), rebind=True)
    lowers = False

    def show(self, view: PageView) -> None:
        """Another item is read from its top."""
        if isinstance(view, ItemView) and view.title != self.view.title:
            self.ids.scroll.scroll_y = 1
        super().show(view)


load(__file__)
