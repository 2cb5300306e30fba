"""凭号票: the number and the short code of a paper, typed."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ProofView
from kiosk.widgets.theme import theme


class ProofScreen(PageScreen):
    """凭号票: the number and the short code of a paper, typed."""

    view = ObjectProperty(ProofView(), rebind=True)

    def on_kv_post(self, _base: object) -> None:
        """On a lying screen the main action stands beside what is typed: keys need the height."""
        if theme.landscape:
            main = self.ids.main
            main.parent.remove_widget(main)
            self.ids.line.add_widget(main)


load(__file__)
