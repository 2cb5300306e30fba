"""What happened so far: counted from the hall's own events, as any listener could."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hall_server.wire.link import SNAPSHOT
from hall_server.wire.views import State


@dataclass
class Tally:
    """Sums of the events seen, and the waits from taking to the first call, in seconds."""

    taken: int = 0
    called: int = 0
    served: int = 0
    passed: int = 0
    rated: int = 0
    printed: set[str] = field(default_factory=set)
    print_failed: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    _taken_at: dict[str, int] = field(default_factory=dict)

    def hear(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Take one event in."""
        if kind == SNAPSHOT:
            return
        self.taken += kind == "take_ticket"
        self.called += kind in ("call_next", "call_ticket")
        self.served += kind == "finish"
        self.passed += kind == "pass_over"
        self.rated += kind == "rate"
        for address, fact in facts.items():
            topic, _, name = address.partition("/")
            if topic == "ticket" and fact is not None:
                self._ticket(name, fact, facts)

    def _ticket(self, name: str, ticket: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        if ticket["print"] == "printed":
            self.printed.add(name)
        elif ticket["print"] in ("failed", "unknown"):
            self.print_failed.add(name)
        if ticket["state"] == "waiting":
            self._taken_at.setdefault(name, ticket["taken_at"])
        elif ticket["state"] == "called" and name in self._taken_at:
            window = facts.get(f"window/{ticket['window']}")
            if window is not None:
                taken_at = self._taken_at.pop(name)
                self.waits.append((window["called_at"] - taken_at) / 1000)

    def rows(self, state: State, speed: float) -> list[tuple[str, str]]:
        """The tally as lines for a person; waits in minutes of the simulated hall."""
        waiting = sum(
            fact["waiting"] for address, fact in state.items() if address.startswith("queue/")
        )
        windows = [fact for address, fact in state.items() if address.startswith("window/")]
        ordered = sorted(self.waits)
        minutes = [wait * speed / 60 for wait in ordered]
        mean = sum(minutes) / len(minutes) if minutes else 0.0
        late = minutes[int(len(minutes) * 0.95)] if minutes else 0.0
        return [
            ("取号 taken", str(self.taken)),
            ("出票 printed", f"{len(self.printed)}  (失败 failed {len(self.print_failed)})"),
            ("呼叫 called", str(self.called)),
            ("办结 served", str(self.served)),
            ("过号 passed", str(self.passed)),
            ("评价 rated", str(self.rated)),
            ("等候 waiting now", str(waiting)),
            ("窗口 windows open", str(sum(fact["state"] == "open" for fact in windows))),
            ("等候分钟 wait, mean / p95", f"{mean:.1f} / {late:.1f} min"),
        ]
