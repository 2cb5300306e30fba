"""The kiosk's own few widgets and the theme they take every size and colour from."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.widgets import icons, press, shown, theme

__all__ = ["icons", "press", "shown", "theme"]

Builder.load_file(str(Path(__file__).with_name("theme.kv")))
