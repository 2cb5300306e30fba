"""A hall as one would keep it on a sheet of paper: what the true hall is held against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hall_server.words import Refusal
from tests.actions.papers import Desk, Handling, Paper, Sent

FIVE_MINUTES, TEN_MINUTES = timedelta(minutes=5), timedelta(minutes=10)
LONG = timedelta(minutes=55)  # then a plain number makes its queue due
RATIO = 2
ENDED = ("finished", "cancelled", "expired")
LINES = {"1": (("social",), ("tax",)), "2": (("tax",), ()), "3": (("social", "tax"), ())}
PREFIX = {"social": "A", "tax": "B"}


@dataclass
class Sheet:
    """The whole hall. Each deed answers what it must, or the refusal, and changes the sheet."""

    quota: int
    day: int = 0
    open: bool = False
    ticks: int = 0
    papers: list[Paper] = field(default_factory=list)
    handlings: list[Handling] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=lambda: {name: Desk() for name in LINES})

    def tick(self) -> int:
        self.ticks += 1
        return self.ticks

    def waiting(self, queues: Iterable[str]) -> list[Paper]:
        return [one for one in self.papers if one.state == "waiting" and one.queue in queues]

    # --- the day ------------------------------------------------------------------------------

    def open_day(self) -> Refusal | dict[str, Any]:
        if self.open:
            return Refusal.DAY_ALREADY_OPEN
        self.open, self.day = True, self.day + 1
        self.taken, self.calls = dict.fromkeys(PREFIX, 0), dict.fromkeys(PREFIX, 0)
        self.runs = dict.fromkeys(PREFIX, 0)
        return {"round": self.day}

    def close_day(self) -> Refusal | dict[str, Any]:
        if not self.open:
            return Refusal.DAY_CLOSED
        live = [one for one in self.papers if one.state not in ENDED]
        for one in live:
            one.state = "expired"
        for desk in self.desks.values():
            desk.state, desk.reason, desk.at_hand, desk.pad = "closed", None, None, None
        self.open = False
        return {"expired": len(live)}

    # --- tickets ------------------------------------------------------------------------------

    def take(self, queue: str, priority: str | None, now: datetime) -> Refusal | dict[str, Any]:
        if not self.open:
            return Refusal.DAY_CLOSED
        if queue not in PREFIX:
            return Refusal.QUEUE_UNKNOWN
        if self.taken[queue] == self.quota:
            return Refusal.QUOTA_USED_UP
        self.taken[queue] += 1
        number = f"{PREFIX[queue]}{self.taken[queue]:03d}"
        paper = Paper(number, queue, priority, self.tick(), now, self.day)
        self.papers.append(paper)
        ahead = self._before(paper, now)
        return {"number": number, "ahead": ahead, "prints": 1, "queue": queue}

    def _before(self, paper: Paper, now: datetime) -> int:
        """How many its queue would send before a paper, if all of them were called now."""
        calls, runs, sent = dict(self.calls), dict(self.runs), []
        while (found := self._sent(paper.queue, now)) and found.paper is not paper:
            found.paper.state = "called"
            sent.append(found.paper)
            self.calls[paper.queue] += 1
            self.runs[paper.queue] = found.run
        for one in sent:
            one.state = "waiting"
        self.calls, self.runs = calls, runs
        return len(sent)

    def cancel(self, paper: Paper) -> Refusal | dict[str, Any]:
        if paper.state in ENDED:
            return Refusal.TICKET_OVER
        if paper.state in ("called", "serving"):
            return Refusal.ALREADY_SERVING
        paper.state = "cancelled"
        return {"number": paper.number}

    def report(self, paper: Paper, state: str) -> Refusal | dict[str, Any]:
        paper.print = state
        return {"print": state}

    def reprint(self, paper: Paper) -> Refusal | dict[str, Any]:
        if paper.state in ENDED:
            return Refusal.TICKET_OVER
        if paper.prints == 4:
            return Refusal.REPRINT_LIMIT
        paper.prints, paper.print = paper.prints + 1, "printing"
        return {"number": paper.number, "prints": paper.prints, "token": paper.token}

    def give_back(self, paper: Paper) -> Refusal | dict[str, Any]:
        if paper.state in ENDED:
            return Refusal.TICKET_OVER
        if paper.state != "passed":
            return Refusal.NOT_PASSED
        if paper.passed >= 3:  # who was called by hand is passed over once more
            return Refusal.RETURN_LIMIT
        paper.state, paper.window, paper.returned = "waiting", None, True
        paper.after = self.calls[paper.queue] + 3
        return {"number": paper.number, "after": 3}

    # --- windows ------------------------------------------------------------------------------

    def open_window(self, name: str) -> Refusal | dict[str, Any]:
        desk = self.desks[name]
        desk.state, desk.reason, desk.generation = "open", None, desk.generation + 1
        return {"generation": desk.generation}

    def barred(self, name: str, generation: int, by_key: bool) -> Refusal | None:
        """Whoever does not hold the window's lease."""
        if generation == self.desks[name].generation or (by_key and generation == 0):
            return None
        return Refusal.WINDOW_TAKEN_OVER

    def not_calling(self, name: str) -> Refusal | None:
        """A window that is not open calls nobody."""
        state = self.desks[name].state
        return {"paused": Refusal.WINDOW_PAUSED, "closed": Refusal.WINDOW_NOT_OPEN}.get(state)

    def not_free(self, name: str) -> Refusal | None:
        if self.desks[name].at_hand is not None:
            return self.not_calling(name) or Refusal.ALREADY_SERVING
        return self.not_calling(name)

    def pause(self, name: str, reason: str) -> Refusal | dict[str, Any]:
        no = self.not_calling(name)
        if no is not None:
            return no
        self.desks[name].state, self.desks[name].reason = "paused", reason
        return {"state": "paused"}

    def close_window(self, name: str) -> Refusal | dict[str, Any]:
        if self.desks[name].at_hand is not None:
            return Refusal.ALREADY_SERVING
        self.desks[name].state, self.desks[name].reason = "closed", None
        return {"state": "closed"}

    # --- calling ------------------------------------------------------------------------------

    def next_at(self, name: str, now: datetime) -> tuple[Paper, int] | None:
        """Who is called next at a window, found by looking at everybody who waits; and how many
        due calls in a row that makes of its queue."""
        own, other = ([sent for q in line if (sent := self._sent(q, now))] for line in LINES[name])
        mine, theirs = min(own, default=None), min(other, default=None)
        if mine is None or theirs is None:
            chosen = mine or theirs
        elif mine.held_back != theirs.held_back:
            chosen = min(mine, theirs, key=lambda sent: sent.held_back)
        else:
            since = min(sent.since for sent in own if sent.held_back == mine.held_back)
            patience = TEN_MINUTES if mine.not_due else 3 * TEN_MINUTES
            chosen = theirs if theirs.since + patience <= since else mine
        return None if chosen is None else (chosen.paper, chosen.run)

    def _sent(self, queue: str, now: datetime) -> Sent | None:
        """Whom a queue would send: who is due first, after two of them one by number, and a
        returned paper that must still let others go only when it is alone."""
        line = self.waiting([queue])
        ready = [one for one in line if not (one.returned and self.calls[queue] < one.after)]
        run = self.runs[queue]
        if not line:
            return None
        if not ready:
            first = min(line, key=lambda one: one.order)
            return Sent(True, True, first.taken_at, first.order, first, run, first.taken_at)
        since = min(one.taken_at for one in ready)
        due = [one for one in ready if one.priority is not None and not one.returned]
        if due and (run < RATIO or len(due) == len(ready)):
            first = min(due, key=lambda one: (one.taken_at, one.order))
            after = 0 if len(due) == len(ready) else run + 1
            promise = first.taken_at + FIVE_MINUTES
            return Sent(False, False, promise, first.order, first, after, since)
        first = min(ready, key=lambda one: one.order)
        plain = [one for one in ready if one.priority is None and not one.returned]
        oldest = min(plain, key=lambda one: one.order, default=None)
        if oldest is not None and oldest.taken_at + LONG <= now:
            return Sent(False, False, oldest.taken_at + LONG, first.order, first, 0, since)
        return Sent(False, True, first.taken_at, first.order, first, 0, since)

    def call_next(self, name: str, now: datetime) -> Refusal | dict[str, Any]:
        no = self.not_free(name)
        if no is not None:
            return no
        if not self.open:
            return Refusal.DAY_CLOSED
        found = self.next_at(name, now)
        if found is None:
            return Refusal.NO_ONE_WAITING
        paper, run = found
        self.runs[paper.queue] = run
        return self._call(name, paper)

    def call_ticket(self, name: str, paper: Paper) -> Refusal | dict[str, Any]:
        no = self.not_free(name)
        if no is not None:
            return no
        if paper.state in ENDED:
            return Refusal.TICKET_OVER
        if paper.state not in ("waiting", "passed"):
            return Refusal.NOT_WAITING
        if paper.queue not in LINES[name][0] + LINES[name][1]:
            return Refusal.QUEUE_NOT_SERVED
        return self._call(name, paper)

    def resume(self, name: str, paper: Paper) -> Refusal | dict[str, Any]:
        no = self.not_free(name)
        if no is not None:
            return no
        if paper.state in ENDED:
            return Refusal.TICKET_OVER
        if paper.state != "held":
            return Refusal.NOT_HELD
        return self._begin(name, paper, "serving")

    def _call(self, name: str, paper: Paper) -> dict[str, Any]:
        if paper.state == "waiting":
            self.calls[paper.queue] += 1
        return self._begin(name, paper, "called")

    def _begin(self, name: str, paper: Paper, state: str) -> dict[str, Any]:
        paper.state, paper.window = state, name
        handling = Handling(paper, name, paper.queue, called=self.tick(), state=state)
        self.handlings.append(handling)
        self.desks[name].at_hand, self.desks[name].pad = handling, None
        return {"number": paper.number, "queue": paper.queue, "call": 1, "ticket": paper.id}

    def recall(self, name: str) -> Refusal | dict[str, Any]:
        handling = self.desks[name].at_hand
        if handling is None or handling.state != "called":
            return Refusal.NOTHING_CALLED
        handling.calls, handling.called = handling.calls + 1, self.tick()
        return {"number": handling.paper.number, "call": handling.calls}

    def start(self, name: str) -> Refusal | dict[str, Any]:
        handling = self.desks[name].at_hand
        if handling is None or handling.state != "called":
            return Refusal.NOTHING_CALLED
        handling.state = handling.paper.state = "serving"
        return {"number": handling.paper.number, "service": handling.id}

    def finish(self, name: str) -> Refusal | dict[str, Any]:
        desk = self.desks[name]
        if desk.at_hand is None or desk.at_hand.state != "serving":
            return Refusal.NOT_SERVING
        desk.pad = desk.at_hand
        return self._end(name, "finished")

    def pass_over(self, name: str) -> Refusal | dict[str, Any]:
        handling = self.desks[name].at_hand
        if handling is None or handling.state != "called":
            return Refusal.NOTHING_CALLED
        handling.paper.passed += 1
        return self._end(name, "passed")

    def hold(self, name: str) -> Refusal | dict[str, Any]:
        if self.desks[name].at_hand is None:
            return Refusal.NOT_SERVING
        return self._end(name, "held")

    def transfer(self, name: str, queue: str) -> Refusal | dict[str, Any]:
        handling = self.desks[name].at_hand
        if handling is None:
            return Refusal.NOT_SERVING
        if queue not in PREFIX:
            return Refusal.QUEUE_UNKNOWN
        told = self._end(name, "waiting")
        handling.state = "transferred"
        handling.paper.queue, handling.paper.window = queue, None
        handling.paper.returned = False
        return told

    def _end(self, name: str, state: str) -> dict[str, Any]:
        handling = self.desks[name].at_hand
        assert handling is not None
        self.desks[name].at_hand = None
        handling.state = handling.paper.state = state
        return {"number": handling.paper.number, "service": handling.id}

    def rate(self, handling: Handling, way: str) -> Refusal | dict[str, Any]:
        desk = self.desks[handling.window]
        if handling.state != "finished":
            return Refusal.SERVICE_NOT_FINISHED
        if handling.rated:
            return Refusal.ALREADY_RATED
        if way == "pad" and desk.pad is not handling:
            return Refusal.RATING_LATE
        handling.rated = True
        if desk.pad is handling:
            desk.pad = None
        return {"service": handling.id}

    # --- what everybody sees ------------------------------------------------------------------

    def seen(self) -> dict[str, Any]:
        """The live state as far as the sheet knows it."""
        seen: dict[str, Any] = {"open": self.open, "calls": self._last_calls()}
        for name, desk in self.desks.items():
            seen |= self._window(name, desk)
        for queue in PREFIX:
            taken = self.taken.get(queue, 0) if self.open else 0
            waits = len(self.waiting([queue]))
            seen[f"queue/{queue}"] = (waits, taken, self.quota - taken)
        for one in self.papers:
            if one.state not in ENDED:
                seen[f"ticket/{one.id}"] = (
                    one.number, one.queue, one.priority, one.state, one.passed, one.print,
                    one.prints, one.window,
                )  # fmt: skip
        return seen

    def _last_calls(self) -> list[tuple[str, str, int]]:
        if not self.open:
            return []
        today = [one for one in self.handlings if one.paper.day == self.day]
        today.sort(key=lambda one: -one.called)
        return [(one.paper.number, one.window, one.calls) for one in today[:6]]

    @staticmethod
    def _window(name: str, desk: Desk) -> dict[str, Any]:
        at = desk.at_hand
        seen: dict[str, Any] = {
            f"window/{name}": (
                desk.state,
                desk.reason,
                at.paper.number if at else None,
                at.queue if at else None,
                at is not None and at.state == "serving",
                at.calls if at else 0,
            ),
            f"desk/{name}": (desk.generation, at.paper.id if at else None, at.id if at else None),
        }
        if desk.pad is not None:
            seen[f"pad/{name}"] = (desk.pad.id, desk.pad.paper.number)
        return seen


def as_sheet(state: dict[str, Any]) -> dict[str, Any]:
    """A true hall's live state, brought to the shape of Sheet.seen."""
    shape = {
        "window": ("state", "reason", "number", "queue", "serving", "call"),
        "desk": ("generation", "ticket", "service"),
        "pad": ("service", "number"),
        "queue": ("waiting", "taken", "left"),
        "ticket": (
            "number", "queue", "priority", "state", "passed", "print", "prints", "window",
        ),
    }  # fmt: skip
    seen: dict[str, Any] = {
        "open": "day" in state,
        "calls": [(call["number"], call["window"], call["call"]) for call in state["calls"]],
    }
    for address, fact in state.items():
        names = shape.get(address.partition("/")[0])
        if names is not None:
            seen[address] = tuple(fact[name] for name in names)
    return seen
