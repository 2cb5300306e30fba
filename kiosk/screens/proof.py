"""凭号票: the number and the short code of a paper, typed."""

from kivy.properties import ObjectProperty

from kiosk.screens.page import PageScreen, load
from kiosk.views import ProofView


class ProofScreen(PageScreen):
    """凭号票: the number and the short code of a paper, typed."""

    view = ObjectProperty(ProofView(), rebind=True)


load(__file__)
