"""A plan of the hall: its zones as they lie, the one to go to, and where one stands."""

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.views import Standing
from kiosk.widgets.letting_go import let_go


class ZoneBox(BoxLayout):  # type: ignore[misc]
    """One zone; the one to go to is filled and bold."""

    name = StringProperty("")
    here = BooleanProperty(False)


class YouAreHere(BoxLayout):  # type: ignore[misc]
    """您在这里: a pin and its words."""

    name = StringProperty("")


class FloorPlan(FloatLayout):  # type: ignore[misc]
    """Zones in their places, and a mark where this kiosk stands."""

    places = ObjectProperty(())
    standing = ObjectProperty(Standing())

    def __init__(self, **given: Any) -> None:
        self._mark = YouAreHere()
        super().__init__(**given)
        for widget in (self, self._mark):
            widget.bind(pos=self._stand, size=self._stand)

    def on_places(self, *_: object) -> None:
        let_go(one for one in self.children if one is not self._mark)
        self.clear_widgets()
        for one in self.places:
            box = ZoneBox(name=one.name, here=one.here)
            box.size_hint = one.wide / 100, one.high / 100
            box.pos_hint = {"x": one.left / 100, "top": 1 - one.top / 100}
            self.add_widget(box)
        self._mark.name = self.standing.name
        if self.places and self.standing.name:
            self.add_widget(self._mark)
            self._stand()

    on_standing = on_places

    def _stand(self, *_: object) -> None:
        """Put the mark to its place; a machine at the wall has its words inside all the same."""
        mark, at = self._mark, self.standing
        x = self.x + self.width * at.left / 100 - mark.width / 2
        y = self.top - self.height * at.top / 100 - mark.height / 2
        mark.x = max(min(x, self.right - mark.width), self.x)
        mark.y = max(min(y, self.top - mark.height), self.y)
