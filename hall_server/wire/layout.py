"""The hall as data (大厅配置): zones, windows, queues, classes, hours, staff and devices."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hall_server.wire.bounds import (
    AccountName,
    ClassId,
    Frozen,
    HallId,
    ItemCode,
    QueueId,
    WindowId,
)
from hall_server.wire.fault import Fault, Faults, listed
from hall_server.wire.hours import Calendar, Clock, Hours, Span, hours_faults
from hall_server.wire.items import Catalogue, Item, Label, Line, Material
from hall_server.wire.points import PointPlan, point_faults
from hall_server.wire.policy import HallPolicy, QueuePolicy
from hall_server.words import Role

__all__ = [
    "Calendar",
    "Catalogue",
    "Fault",
    "HallPolicy",
    "Hours",
    "Item",
    "Material",
    "QueuePolicy",
    "Span",
]

DIVISION_PATTERN = r"^[0-9]{6}(?:[0-9]{3}){0,2}$"
PREFIX_PATTERN = r"^[A-Z]{1,2}$"
ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,31}$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
StaffRole = Literal[Role.STAFF, Role.GUIDE, Role.SUPERVISOR, Role.INSPECTOR, Role.ADMIN]
DeviceKind = Literal[
    "kiosk",
    "hall_board",
    "window_sign",
    "rating_pad",
    "call_box",
    "led_strip",
    "printer",
    "agent",
]
AT_A_WINDOW = ("window_sign", "rating_pad", "call_box")


class HallInfo(Frozen):
    """Who the hall is. The business day opens at day_start and closes at day_end, hall time.

    ``most_used`` are the items a kiosk offers first until people have shown which they come for.
    A helper call (帮办) that nobody answers in ``helper_seconds``, or to which who answered does
    not come in ``arrival_seconds`` more, is told to the supervisor. What somebody could not get
    done (办不成事) is answered within ``answer_days`` working days.
    """

    id: HallId
    name: Label
    name_en: Line = ""
    division: str = Field(pattern=DIVISION_PATTERN, max_length=12)  # 行政区划代码
    address: Line = ""
    phone: Line = ""
    notices: tuple[Line, ...] = Field(default=(), max_length=20)
    day_start: Clock = "06:00"
    day_end: Clock = "22:00"
    most_used: tuple[ItemCode, ...] = Field(default=(), max_length=20)
    helper_seconds: int = Field(default=60, strict=True, ge=10, le=900)
    arrival_seconds: int = Field(default=180, strict=True, ge=10, le=900)
    answer_days: int = Field(default=5, strict=True, ge=1, le=60)


class Zone(Frozen):
    """A zone (区) of the hall, where people wait for its windows.

    ``plan`` is where it lies on the hall's floor as people see it who come in: left, top, width
    and height in per cent. Where every zone has one, a kiosk draws them.
    """

    id: Id
    name: Label
    name_en: Line = ""
    plan: tuple[Percent, Percent, Percent, Percent] | None = None


class WindowPlan(Frozen):
    """A window (窗口): its own queues in order of service, and those it helps when idle."""

    id: WindowId
    name: Label
    name_en: Line = ""
    zone: Id | None = None
    queues: tuple[QueueId, ...] = Field(min_length=1, max_length=40)
    backup: tuple[QueueId, ...] = Field(default=(), max_length=40)
    sign: Line = ""  # the second line of the window sign, e.g. 党员先锋岗


class SlotPlan(Frozen):
    """How much of a queue may be booked (预约名额), for each half hour and for every channel
    together: ``places`` where they are given (0: no appointments), else this part of what its
    windows can serve, in the peak (9:30-11:00) and off it; never more than 80 % (queue-policy §3).
    """

    places: int | None = Field(default=None, strict=True, ge=0, le=999)
    peak_percent: int = Field(default=40, strict=True, ge=0, le=80)
    percent: int = Field(default=60, strict=True, ge=0, le=80)


class QueuePlan(Frozen):
    """A queue (业务队列) with its prefix (号头), its quota (限号) of a business day, its minutes.

    ``minutes`` is the published time of one service, the forecast's start on the first day. Where
    one in ten would wait longer than ``target_minutes`` the supervisor is shown it in red.
    Items of the ``departments`` that name no queue of their own belong here.
    """

    id: QueueId
    prefix: str = Field(pattern=PREFIX_PATTERN, max_length=2)
    name: Label
    name_en: Line = ""
    zone: Id | None = None
    quota: int | None = Field(default=None, strict=True, ge=1, le=9999)
    minutes: int = Field(default=10, strict=True, ge=1, le=240)
    target_minutes: int = Field(default=45, strict=True, ge=1, le=480)
    policy: QueuePolicy = QueuePolicy()
    slots: SlotPlan = SlotPlan()
    departments: tuple[Label, ...] = Field(default=(), max_length=60)


class PriorityClass(Frozen):
    """Who goes first (优先类别) and what shows it; a plain ticket has no class.

    No class goes before another: among those who have one, the earlier ticket is first.
    """

    id: ClassId
    name: Label
    name_en: Line = ""
    proof: Line = ""
    proof_en: Line = ""


class StaffPlan(Frozen):
    """A person who works here, by staff number (工号); no windows listed means any window.

    Passwords never stand in files: an admin gives the first one.
    """

    id: AccountName
    name: Label
    role: StaffRole = Role.STAFF
    windows: tuple[WindowId, ...] = Field(default=(), max_length=60)


class DevicePlan(Frozen):
    """A device by name: what it is, where it stands, and which table of config/devices it uses.

    ``plan`` is where a kiosk stands on the hall's floor, from the left and from the top in per
    cent, as the zones lie on it; its id is then the name of its account.
    """

    id: Id
    kind: DeviceKind
    name: Label
    zone: Id | None = None
    window: WindowId | None = None
    profile: str = Field(default="", max_length=32, pattern=r"^[a-z0-9_-]*$")
    place: Line = ""
    plan: tuple[Percent, Percent] | None = None


class Layout(Frozen):
    """The whole hall. Each field is sound by itself; ``faults`` tells whether they fit together."""

    hall: HallInfo
    zones: tuple[Zone, ...] = Field(default=(), max_length=40)
    windows: tuple[WindowPlan, ...] = Field(min_length=1, max_length=200)
    queues: tuple[QueuePlan, ...] = Field(min_length=1, max_length=60)
    classes: tuple[PriorityClass, ...] = Field(default=(), max_length=12)
    policy: HallPolicy = HallPolicy()
    hours: Hours
    calendar: Calendar = Calendar()
    staff: tuple[StaffPlan, ...] = Field(default=(), max_length=1000)
    devices: tuple[DevicePlan, ...] = Field(default=(), max_length=500)
    points: tuple[PointPlan, ...] = Field(default=(), max_length=60)

    def queue(self, queue: str) -> QueuePlan | None:
        return next((plan for plan in self.queues if plan.id == queue), None)

    def window(self, window: str) -> WindowPlan | None:
        return next((plan for plan in self.windows if plan.id == window), None)

    def prefixes(self) -> dict[str, str]:
        """Which queue a prefix belongs to: {"A": "general"}."""
        return {plan.prefix: plan.id for plan in self.queues}

    def windows_of(self, queue: str) -> tuple[WindowPlan, ...]:
        """The windows whose own queue this is, helpers left out."""
        return tuple(window for window in self.windows if queue in window.queues)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The opening spans of a date: its own, else none on a holiday, else by weekday."""
        for special in self.hours.special:
            if special.date == day:
                return special.spans
        if self.calendar.holiday(day):
            return ()
        workday = self.calendar.workday(day)
        weekday = workday.as_day if workday else day.isoweekday()
        spans = (span for span in self.hours.weekly if weekday in span.days)
        return tuple(sorted(spans, key=lambda span: span.start))


def faults(layout: Layout, lang: str = "zh") -> list[Fault]:
    """Everything that does not fit together in this hall, all at once, in reading order.

    Two windows may help each other's queues: an idle window takes the older head, so that is no
    circle. A window that helps its own queue is one.
    """
    found = Faults(lang)
    zones = [zone.id for zone in layout.zones]
    queues = [queue.id for queue in layout.queues]
    windows = [window.id for window in layout.windows]
    found.repeated("zones", "id", zones)
    for n, zone in enumerate(layout.zones, 1):
        left, top, wide, high = zone.plan or (0, 0, 1, 1)
        if left + wide > 100 or top + high > 100 or not wide or not high:
            found.add(f"zones[{n}]", "plan", "off_the_plan")
    found.repeated("windows", "id", windows)
    for n, window in enumerate(layout.windows, 1):
        place = f"windows[{n}]"
        found.unknown(place, "zone", [window.zone], zones)
        found.unknown(place, "queues", window.queues, queues)
        found.unknown(place, "backup", window.backup, queues)
        for queue in sorted(set(window.queues) & set(window.backup)):
            found.add(place, "backup", "helps_itself", value=queue)
        for field, named in (("queues", window.queues), ("backup", window.backup)):
            if len(set(named)) < len(named):
                found.add(place, field, "repeated", value=", ".join(named))
    _queue_faults(layout, queues, zones, found)
    found.repeated("classes", "id", (cls.id for cls in layout.classes))
    hours_faults(layout.hours, layout.calendar, layout.hall.day_start, layout.hall.day_end, found)
    found.repeated("staff", "id", (person.id for person in layout.staff))
    for n, person in enumerate(layout.staff, 1):
        found.unknown(f"staff[{n}]", "windows", person.windows, windows)
    point_faults(layout.points, queues, found)
    found.repeated("devices", "id", (device.id for device in layout.devices))
    for n, device in enumerate(layout.devices, 1):
        found.unknown(f"devices[{n}]", "zone", [device.zone], zones)
        found.unknown(f"devices[{n}]", "window", [device.window], windows)
        if device.kind in AT_A_WINDOW and device.window is None:
            found.add(f"devices[{n}]", "window", "window_needed", listed(windows))
    return found


def _queue_faults(layout: Layout, queues: list[str], zones: list[str], found: Faults) -> None:
    found.repeated("queues", "id", queues)
    found.repeated("queues", "prefix", (queue.prefix for queue in layout.queues))
    seen: set[str] = set()
    for n, queue in enumerate(layout.queues, 1):
        found.unknown(f"queues[{n}]", "zone", [queue.zone], zones)
        if not layout.windows_of(queue.id):
            found.add(f"queues[{n}]", "id", "nobody_serves", value=queue.id)
        for department in queue.departments:
            if department in seen:
                found.add(f"queues[{n}]", "departments", "repeated", value=department)
            seen.add(department)
