"""What a wall shows at one moment, from the hall's live state; no screen and no socket here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, TypeVar

from display.calls import Call, Pace, Turns
from hall_server.wire.sign import sign
from hall_server.wire.views import (
    CallView,
    Facts,
    ForecastView,
    QueueView,
    State,
    WindowView,
    apply,
)
from hall_server.words import WindowState

SNAPSHOT = "snapshot"
LOST_AFTER_MS = 2_000  # a line that is back within 2 s was never gone for the people in the hall
HALL_TIME = timezone(timedelta(hours=8))  # Asia/Shanghai, without summer time since 1991

T = TypeVar("T")


class Shown(StrEnum):
    """What one window is doing, as the wall tells it."""

    CALLED = "called"  # 请到窗口
    SERVING = "serving"  # 正在办理
    FREE = "free"  # 待叫号
    PAUSED = "paused"  # 暂停服务
    CLOSED = "closed"  # 窗口关闭


@dataclass(frozen=True)
class Scope:
    """What this wall is for: chosen windows, or zones, or (neither given) the whole hall."""

    zones: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fit:
    """How many of each the layout has room for at its figure height."""

    windows: int
    calls: int
    queues: int


@dataclass(frozen=True)
class Widest:
    """The widest window number and ticket number that a row of this wall must hold today."""

    window: str = "00"
    number: str = "A000"


@dataclass(frozen=True)
class WindowRow:
    """One window (窗口) of the table; ``lit`` is its number in the bright half of the flash."""

    window: str
    name: str
    name_en: str
    sign: str
    state: Shown
    number: str | None
    queue: str
    queue_en: str
    reason: str | None
    flashing: bool = False
    lit: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One queue (业务队列) with the people who wait in it (等候), and about how many minutes a
    number taken now would wait; None where nobody can tell."""

    name: str
    name_en: str
    waiting: int
    minutes: int | None = None


@dataclass(frozen=True)
class LastCall:
    """A number and the window it was called to."""

    number: str
    window: str


@dataclass(frozen=True)
class BoardView:
    """Everything on the wall now. Two equal views need no new drawing."""

    hall: str
    hall_en: str
    zone: str
    zone_en: str
    date: str  # 2026-11-21, hall time
    clock: str  # 10:32, hall time
    ready: bool  # the hall's state is here
    open: bool  # a business day (业务日) is open
    refused: str | None  # why the hall does not let this screen in
    lost_since: str | None  # 10:32; what stands here may be old
    headline: LastCall | None
    flashing: bool
    lit: bool
    windows: tuple[WindowRow, ...]
    page: int
    pages: int
    calls: tuple[LastCall, ...]
    queues: tuple[QueueRow, ...]
    waiting: int
    notice: str | None
    notice_en: str


class Board:
    """A wall's memory: the hall's live state, the calls to tell, since when the line is gone.

    All times are milliseconds since 1970 in UTC and come in as an argument.
    """

    def __init__(self, now: int, scope: Scope | None = None, pace: Pace | None = None) -> None:
        self.scope, self._pace = scope or Scope(), pace or Pace()
        self.refused: str | None = None
        self.state: State = {}
        self._turns = Turns(self._pace)
        self._lost_at: int | None = now

    def changed(self, kind: str, facts: Facts, now: int) -> None:
        """Take in an event, or a snapshot in place of all that was known.

        The first snapshot announces nothing. One after a lost line announces what was called
        meanwhile and still stands, and nothing that was told before.
        """
        first = not self.state
        if kind == SNAPSHOT:
            self.state = {}
        apply(self.state, facts)
        if first:
            self._turns.know(self._calls().values())
        self._turns.hear(self._calls(standing=True), now)

    def turned(self, online: bool, now: int) -> None:
        """The line came or went."""
        if online:
            self._lost_at = None
        elif self._lost_at is None:
            self._lost_at = now

    def call(self, now: int) -> Call | None:
        """The call that is shown, and to be said, at this moment."""
        return self._turns.turn(now)

    def widest(self) -> Widest:
        """How much room the figures of this wall need. Numbers have three digits (A012) until a
        queue gives its thousandth today, so the table changes its shape once a day at most."""
        plans = self._plans()
        if not plans:
            return Widest()
        prefix = max((q["prefix"] for q in self.state["hall"]["queues"]), key=len)
        taken = [fact["taken"] for name, fact in self.state.items() if name.startswith("queue/")]
        digits = max(3, len(str(max(taken, default=0))))
        shown = [call.number for call in self._calls().values()]
        return Widest(
            window=max((plan["id"] for plan in plans), key=len),
            number=max([prefix + "0" * digits, *shown], key=len),
        )

    def size(self) -> int:
        """How many windows this wall is for."""
        return len(self._plans())

    def view(self, now: int, fit: Fit) -> BoardView:
        """The wall at this moment, as much of it as has room."""
        hall: dict[str, Any] = self.state.get("hall") or {}
        zones = [zone for zone in hall.get("zones", ()) if zone["id"] in self.scope.zones]
        call = self.call(now)
        rows = self._rows(call, now)
        turn = now // self._pace.page
        pages = max(1, -(-len(rows) // fit.windows))
        page = _page(rows, call, fit.windows, turn)
        headline, calls = self._told(call, fit.calls)
        queues = self._queues()
        notice, notice_en = next(iter(_turning(_notices(hall), 1, turn)), (None, ""))
        local = datetime.fromtimestamp(now // 1000, UTC).astimezone(HALL_TIME)
        return BoardView(
            hall=hall.get("name", ""),
            hall_en=hall.get("name_en", ""),
            zone="、".join(zone["name"] for zone in zones),
            zone_en=", ".join(zone["name_en"] or zone["name"] for zone in zones),
            date=local.date().isoformat(),
            clock=f"{local:%H:%M}",
            ready=bool(hall),
            open="day" in self.state,
            refused=self.refused,
            lost_since=self._lost_since(now),
            headline=headline,
            flashing=call is not None,
            lit=self._turns.lit(now),
            windows=tuple(rows[page * fit.windows : (page + 1) * fit.windows]),
            page=page,
            pages=pages,
            calls=calls,
            queues=_turning(queues, fit.queues, turn),
            waiting=sum(queue.waiting for queue in queues),
            notice=notice,
            notice_en=notice_en,
        )

    def _plans(self) -> list[dict[str, Any]]:
        """The windows this wall is for, in the order of the layout."""
        windows = (self.state.get("hall") or {}).get("windows", ())
        if self.scope.windows:
            return [window for window in windows if window["id"] in self.scope.windows]
        if self.scope.zones:
            return [window for window in windows if window["zone"] in self.scope.zones]
        return list(windows)

    def _calls(self, standing: bool = False) -> dict[str, Call]:
        """The call of each window of this wall; standing: only where people are still awaited."""
        found: dict[str, Call] = {}
        for plan in self._plans():
            fact: WindowView | None = self.state.get(f"window/{plan['id']}")
            if fact is None or fact["number"] is None or fact["service"] is None:
                continue
            if not (standing and fact["serving"]):
                found[plan["id"]] = Call(
                    plan["id"], fact["number"], fact["service"], fact["call"], fact["seq"]
                )
        return found

    def _rows(self, call: Call | None, now: int) -> list[WindowRow]:
        names = self._queue_names()
        rows = [_row(p, self.state.get(f"window/{p['id']}"), names) for p in self._plans()]
        if call is None:
            return rows
        told, lit = (call.window, call.number), self._turns.lit(now)
        return [
            replace(row, flashing=True, lit=lit) if (row.window, row.number) == told else row
            for row in rows
        ]

    def _queue_names(self) -> dict[str, tuple[str, str]]:
        queues = (self.state.get("hall") or {}).get("queues", ())
        return {queue["id"]: (queue["name"], queue["name_en"]) for queue in queues}

    def _told(self, call: Call | None, room: int) -> tuple[LastCall | None, tuple[LastCall, ...]]:
        """The call on top, and the last calls below it, each number at its window once."""
        ours = {plan["id"] for plan in self._plans()}
        calls: list[CallView] = self.state.get("calls") or []
        last = [LastCall(c["number"], c["window"]) for c in calls if c["window"] in ours]
        top = LastCall(call.number, call.window) if call else next(iter(last), None)
        below = [told for told in dict.fromkeys(last) if told != top]
        return top, tuple(below[:room])

    def _queues(self) -> list[QueueRow]:
        """The queues that the windows of this wall serve as their own."""
        ours = {queue for plan in self._plans() for queue in plan["queues"]}
        rows = []
        forecast: ForecastView | None = self.state.get("forecast")
        waits = {} if forecast is None or forecast["old"] else forecast["queues"]
        for name, (zh, en) in self._queue_names().items():
            fact: QueueView | None = self.state.get(f"queue/{name}")
            if name in ours:
                minutes = waits[name]["median"] if name in waits else None
                rows.append(QueueRow(zh, en, fact["waiting"] if fact else 0, minutes))
        return rows

    def _lost_since(self, now: int) -> str | None:
        if self._lost_at is None or now - self._lost_at <= LOST_AFTER_MS:
            return None
        return f"{datetime.fromtimestamp(self._lost_at // 1000, HALL_TIME):%H:%M}"


def _notices(hall: dict[str, Any]) -> list[tuple[str, str]]:
    """The hall's notices, then its sign (叫号规则公示), each with its English."""
    signs = zip(sign(hall, "zh"), sign(hall, "en"), strict=True)
    return [*((notice, "") for notice in hall.get("notices", ())), *signs]


def _row(
    plan: dict[str, Any], fact: WindowView | None, names: dict[str, tuple[str, str]]
) -> WindowRow:
    state, number, reason = Shown.CLOSED, None, None
    if fact is not None:
        number, reason = fact["number"], fact["reason"]
        if number is not None:  # a window that pauses still serves the person at hand
            state = Shown.SERVING if fact["serving"] else Shown.CALLED
        elif fact["state"] == WindowState.PAUSED:
            state = Shown.PAUSED
        elif fact["state"] == WindowState.OPEN:
            state = Shown.FREE
    here = [fact["queue"]] if fact is not None and fact["queue"] in names else plan["queues"]
    known = [names[queue] for queue in here if queue in names]
    return WindowRow(
        window=plan["id"],
        name=plan["name"],
        name_en=plan.get("name_en", ""),
        sign=plan["sign"],
        state=state,
        number=number,
        queue="、".join(zh for zh, _ in known),
        queue_en=", ".join(en or zh for zh, en in known),
        reason=reason if state is Shown.PAUSED else None,
    )


def _page(rows: Sequence[WindowRow], call: Call | None, room: int, turn: int) -> int:
    """The page of the table: the one with the window that calls, else each in its turn."""
    for place, row in enumerate(rows):
        if call is not None and row.window == call.window:
            return place // room
    return turn % max(1, -(-len(rows) // room))


def _turning(things: Sequence[T], room: int, turn: int) -> tuple[T, ...]:
    """The page of these things whose turn it is."""
    pages = max(1, -(-len(things) // room)) if room else 1
    start = turn % pages * room
    return tuple(things[start : start + room])
