"""What the kiosk does next, without a screen: the way of one citizen after the other."""

from kiosk.flow.flow import TIME_OUT, Flow
from kiosk.flow.meanings import Intent, Narrow, Notice, Page, Wish

__all__ = ["TIME_OUT", "Flow", "Intent", "Narrow", "Notice", "Page", "Wish"]
