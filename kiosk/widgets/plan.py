"""A plan of the hall: its zones as they lie, and the one to go to."""

from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.label import Label


class ZoneBox(Label):  # type: ignore[misc]
    """One zone; the one to go to is filled and bold."""

    here = BooleanProperty(False)


class FloorPlan(FloatLayout):  # type: ignore[misc]
    """Zones in their places."""

    places = ObjectProperty(())

    def on_places(self, *_: object) -> None:
        self.clear_widgets()
        for one in self.places:
            box = ZoneBox(text=one.name, here=one.here)
            box.size_hint = one.wide / 100, one.high / 100
            box.pos_hint = {"x": one.left / 100, "top": 1 - one.top / 100}
            self.add_widget(box)
