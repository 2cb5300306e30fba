"""What a kiosk knows of its hall: the live state, the items, and whether the line stands."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.search import Catalogue


class Hall:
    """The hall as the line to it tells it; `state` is its live state, kept up by the line."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.state = state
        self.catalogue = Catalogue()
        self.most_used: tuple[str, ...] = ()  # 最常办, by code
        self.online = False
        self.offline: frozenset[str] = frozenset()  # queues with an offline number (离线号)
        self.in_hours = True  # while the line is away, as far as the hall's hours are known
        self.name = ""  # our account there
        self.reads_cards = False  # this kiosk has an ID-card reader
        self.mark: Callable[[str], str] | None = None  # the keyed hash of a phone's last four

    @property
    def layout(self) -> Mapping[str, Any]:
        """The hall's public layout, empty until the first snapshot."""
        return self.state.get("hall") or {}

    @property
    def classes(self) -> list[dict[str, Any]]:
        """The priority classes (优先类别), in the hall's order."""
        return list(self.layout.get("classes", ()))

    @property
    def open(self) -> bool:
        """Whether the business day (业务日) is open, as far as is known."""
        return self.state.get("day") is not None and (self.online or self.in_hours)

    @property
    def can_take(self) -> bool:
        """Whether a number can be taken now, of whatever queue."""
        return self.open and (self.online or bool(self.offline))

    @property
    def call(self) -> tuple[str, Mapping[str, Any]] | None:
        """This kiosk's open helper call (帮办) and how it stands, if there is one."""
        place = f"kiosk/{self.name}"
        calls = ((k, v) for k, v in self.state.items() if k.startswith("helper/"))
        return next(((k.partition("/")[2], v) for k, v in calls if v["place"] == place), None)

    def late(self, queue: str) -> bool:
        """Whether a number taken now would more likely than not be called after closing."""
        forecast = self.state.get("forecast") if self.online else None
        wait = forecast["queues"].get(queue) if forecast and not forecast["old"] else None
        return wait is not None and bool(wait["late"])
