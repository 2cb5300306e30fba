"""The flow put into words, one function per page."""

from kiosk.pages.aloud import aloud
from kiosk.pages.whole import view

__all__ = ["aloud", "view"]
