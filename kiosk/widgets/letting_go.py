"""Widgets that are shown no more."""

from collections.abc import Iterable

from kivy.lang import Builder
from kivy.uix.widget import Widget


def let_go(widgets: Iterable[Widget]) -> None:
    """Free these, and all inside them, from the rules of their kv.

    A rule stays bound to the theme until its widget is collected. Where that happens within a
    change of the theme, the rule is asked of a widget that is no more: a mishap, which takes the
    citizen back to the first page (two in 20,000 deeds of the monkey).
    """
    for one in widgets:
        for widget in one.walk(restrict=True):
            Builder.unbind_widget(widget.uid)
