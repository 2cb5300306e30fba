"""The kiosk's own few widgets and the theme they take every size and colour from."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.widgets import icons, plan, press, rows, shown, theme

__all__ = ["icons", "plan", "press", "rows", "shown", "theme"]

for _kv in ("shown", "press", "rows", "plan"):  # a rule stands after those it grows from
    Builder.load_file(str(Path(__file__).with_name(f"{_kv}.kv")))
