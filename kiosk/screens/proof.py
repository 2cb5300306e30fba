"""凭号票: the number and the short code of a paper, typed."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ProofView
from kiosk.widgets.theme import theme

FIGURES = 10  # keys, where only figures are typed
KEYBOARD = 10.5  # touches of height, with which letters stand in wide rows of six


class ProofScreen(PageScreen):
    """凭号票: the number and the short code of a paper, typed."""

    view = ObjectProperty(ProofView(), rebind=True)

    def on_kv_post(self, _base: object) -> None:
        """On a lying screen the main action stands beside what is typed: keys need the height."""
        if theme.landscape:
            main = self.ids.main
            main.parent.remove_widget(main)
            self.ids.line.add_widget(main)

    def across(self, view: ProofView, height: float, large: bool) -> int:
        """How many keys stand beside each other."""
        if len(view.keys) == FIGURES:
            return 5
        if theme.small:
            return 9 if theme.landscape else 6 if large else 5
        if theme.landscape:
            return 12
        return 9 if view.note or height < theme.touch * KEYBOARD else 6


load(__file__)
