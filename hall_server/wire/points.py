"""Other service points (便民服务点), where people need not come as far or wait as long."""

from pydantic import Field

from hall_server.wire.bounds import Frozen, ItemCode, QueueId
from hall_server.wire.fault import Faults
from hall_server.wire.items import Item, Label, Line


class PointPlan(Frozen):
    """A service point: what it does, where it is, how far from the hall, and when it is open.

    It does the ``items`` and every item of the ``queues``. The first in the file that does an
    item is offered as the nearest.
    """

    name: Label
    name_en: Line = ""
    address: Line = ""
    way: Line = ""  # how far, in words: 往东 800 米
    hours: Line = ""
    phone: Line = ""
    queues: tuple[QueueId, ...] = Field(default=(), max_length=60)
    items: tuple[ItemCode, ...] = Field(default=(), max_length=200)

    def does(self, item: Item) -> bool:
        """Whether this item can be done there."""
        return item.code in self.items or item.queue in self.queues


def point_faults(points: tuple[PointPlan, ...], queues: list[str], found: Faults) -> None:
    """Points that do not fit: a name twice, or a queue that is none of the hall's queues."""
    found.repeated("points", "name", (point.name for point in points))
    for n, point in enumerate(points, 1):
        found.unknown(f"points[{n}]", "queues", point.queues, queues)
