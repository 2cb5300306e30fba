"""Halls for the walls of these tests: a layout of any size, and a tiny hall that changes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from display.board import Board, Fit, Scope
from hall_server.wire.views import State, apply

MORNING = 1_795_228_320_000  # 2026-11-21 10:32 in Shanghai
ROOMY = Fit(windows=200, calls=8, queues=60)
QUEUES = (
    ("general", "A", "综合受理", "General services"),
    ("social", "B", "社会保险", "Social insurance"),
    ("tax", "C", "税务服务", "Taxation"),
    ("property", "D", "不动产登记", "Real estate registration"),
    ("medical", "E", "医疗保障", "Medical insurance"),
    ("company", "F", "企业开办", "Business registration"),
)


def hall(windows: int = 12, zones: int = 2, **changed: Any) -> dict[str, Any]:
    """The layout fact of a hall with so many windows, shared out over its zones and queues."""
    return {
        "id": "demo",
        "name": "示例区政务服务中心",
        "name_en": "Shili District Service Hall",
        "division": "110199",
        "address": "示例路 1 号",
        "phone": "12345",
        "notices": ["请准备好身份证件，听到呼叫后到窗口办理。", "本大厅办事不收取任何费用。"],
        "zones": [
            {"id": f"z{n}", "name": f"{n} 区", "name_en": f"Zone {n}"} for n in range(1, zones + 1)
        ],
        "windows": [
            {
                "id": str(n),
                "name": f"{n} 号窗口",
                "zone": f"z{(n - 1) % zones + 1}" if zones else None,
                "queues": [QUEUES[(n - 1) % len(QUEUES)][0]],
                "backup": [],
                "sign": "",
            }
            for n in range(1, windows + 1)
        ],
        "queues": [
            {
                "id": name,
                "prefix": prefix,
                "name": zh,
                "name_en": en,
                "zone": None,
                "quota": None,
                "minutes": 10,
            }
            for name, prefix, zh, en in QUEUES
        ],
        "classes": [],
        "layout_version": 1,
        "catalogue_version": 1,
        "public_url": "http://127.0.0.1:8000",
    } | changed


@dataclass
class Tiny:
    """A hall that calls and serves, only as far as a wall can see it: each deed is its facts."""

    layout: dict[str, Any] = field(default_factory=hall)
    state: State = field(default_factory=dict)
    seq: int = 0
    services: int = 0

    def __post_init__(self) -> None:
        self.does({"hall": self.layout, "day": {"date": "2026-11-21", "round": 1, "opened_at": 0}})

    def does(self, facts: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        apply(self.state, facts)
        return facts

    def opens(self, window: str) -> dict[str, Any]:
        return self._shows(window, state="open", reason=None)

    def pauses(self, window: str, reason: str) -> dict[str, Any]:
        return self._shows(window, state="paused", reason=reason)

    def closes(self, window: str) -> dict[str, Any]:
        return self.does({f"window/{window}": None})

    def calls(self, window: str, number: str) -> dict[str, Any]:
        self.services += 1
        service = str(UUID(int=self.services))
        return self._calls(window, number, service, 1)

    def recalls(self, window: str) -> dict[str, Any]:
        shown = self.state[f"window/{window}"]
        return self._calls(window, shown["number"], shown["service"], shown["call"] + 1)

    def serves(self, window: str) -> dict[str, Any]:
        return self._shows(window, serving=True)

    def finishes(self, window: str) -> dict[str, Any]:
        return self._shows(window, number=None, queue=None, service=None, serving=False, call=0)

    def waits(self, queue: str, people: int) -> dict[str, Any]:
        return self.does({f"queue/{queue}": {"waiting": people, "taken": people, "left": None}})

    def closes_day(self) -> dict[str, Any]:
        return self.does({"day": None, "window/*": None, "calls": None})

    def snapshot(self) -> State:
        return dict(self.state)

    def _calls(self, window: str, number: str, service: str, call: int) -> dict[str, Any]:
        seq = self.seq + 1
        told = {"number": number, "window": window, "call": call, "seq": seq, "at": 0}
        queue = next(q["id"] for q in self.layout["queues"] if q["prefix"] == number[0])
        shown = self._window(window) | {
            "state": "open",
            "number": number,
            "queue": queue,
            "serving": False,
            "service": service,
            "call": call,
            "seq": seq,
            "called_at": 0,
        }
        calls = [told, *self.state.get("calls", [])][:20]
        return self.does({f"window/{window}": shown, "calls": calls})

    def _shows(self, window: str, **changed: Any) -> dict[str, Any]:
        return self.does({f"window/{window}": self._window(window) | changed})

    def _window(self, window: str) -> dict[str, Any]:
        closed = {
            "state": "closed",
            "reason": None,
            "number": None,
            "queue": None,
            "serving": False,
            "service": None,
            "call": 0,
            "seq": 0,
            "called_at": None,
        }
        return dict(self.state.get(f"window/{window}", closed))


def wall(tiny: Tiny, scope: Scope | None = None, now: int = MORNING) -> Board:
    """A wall that was just switched on in this hall."""
    board = Board(now, scope)
    board.turned(True, now)
    board.changed("snapshot", tiny.snapshot(), now)
    return board
