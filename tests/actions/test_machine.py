"""Random days of a hall, held against a sheet of paper after every command."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from hall_server.rules.permits import MAY, Who
from hall_server.store import ratings
from hall_server.store.database import Statement
from hall_server.store.store import Store
from hall_server.store.tickets import ticket as ticket_table
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    CancelTicket,
    CloseDay,
    CloseWindow,
    Command,
    Finish,
    Hold,
    ImportLayout,
    OpenDay,
    OpenWindow,
    PassOver,
    PauseWindow,
    Rate,
    Recall,
    ReportPrint,
    ReprintTicket,
    Resume,
    ReturnPassed,
    StartService,
    TakeTicket,
    Transfer,
    WindowCommand,
)
from hall_server.words import PrintState, Refusal, Refused, Role
from tests.actions.model import ENDED, LINES, Handling, Paper, Sheet, as_sheet
from tests.actions.proof import ProvenHall, sound_journal
from tests.builders import NINE, Watch, layout, who

QUOTA = 14
SOAK = os.environ.get("HALL_SOAK") == "1"
DAYS = {"sqlite": 2_000 if SOAK else 80, "postgresql": 500 if SOAK else 25}
DEEDS_A_DAY = 150 if SOAK else 60

TICKETS = Statement(select(ticket_table))
WINDOWS = st.sampled_from(sorted(LINES))
PICK = st.integers(0, 63)
STALE = st.sampled_from([0] * 9 + [1])
BY_KEY = st.sampled_from([False, False, True])
SURE = st.sampled_from([True, True, False])
TURNS = st.sampled_from(["plain", "plain", "pass_over", "hold", "transfer", "recall"])
# The keys of a window: the sheet's deed, the command, and what the command says besides.
KEYS: dict[str, tuple[type[WindowCommand], dict[str, str]]] = {
    "call_next": (CallNext, {}),
    "recall": (Recall, {}),
    "start": (StartService, {}),
    "finish": (Finish, {}),
    "pass_over": (PassOver, {}),
    "hold": (Hold, {}),
    "transfer": (Transfer, {"queue": "tax"}),
    "pause": (PauseWindow, {"reason": "午休"}),
    "close_window": (CloseWindow, {}),
}


class Days(RuleBasedStateMachine):
    """One hall of a server, day after day; the server lives through all of them."""

    server: ClassVar[ProvenHall]
    watch: ClassVar[Watch]
    loop: ClassVar[asyncio.AbstractEventLoop]
    halls: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__()
        self.name = f"hall-{len(self.halls)}"
        self.halls.append(self.name)
        self.sheet = Sheet(QUOTA)
        self.done: list[tuple[Command, Who, dict[str, Any]]] = []
        type(self).watch.now = NINE
        self.wait(self.server.add_hall(self.name))
        plan = self.made(ImportLayout, layout=layout(self.name, quota=QUOTA))
        self.wait(self.server.handle(plan, self.at(Role.ADMIN)))

    def wait(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    def at(self, role: Role, **bound: str) -> Who:
        return who(role, "somebody", self.name, **bound)

    def made(self, kind: type[Command], **fields: Any) -> Command:
        return kind(hall=self.name, **fields)

    def give(
        self, command: Command, giver: Who, expected: Refusal | dict[str, Any]
    ) -> dict[str, Any] | None:
        """Give a command to the true hall (which proves the snapshot and the repeat), and hold
        its answer and what everybody sees against the sheet."""
        reply: dict[str, Any] | None = None
        answer: Refusal | dict[str, Any]
        try:
            answer = reply = self.wait(self.server.handle(command, giver))
        except Refused as no:
            answer = no.code
        if reply is None or isinstance(expected, Refusal):
            assert answer == expected
        else:
            assert reply == reply | expected
            self.done.append((command, giver, reply))
        return reply

    def compare(self) -> None:
        assert as_sheet(self.server.hubs[self.name].state) == self.sheet.seen()

    def any(self, state: str) -> bool:
        return any(one.state == state for one in self.sheet.papers)

    def paper(self, pick: int) -> Paper:
        """Any number that was ever given; the later ones more often."""
        return self.sheet.papers[-1 - pick % len(self.sheet.papers)]

    def at_window(
        self,
        kind: type[WindowCommand],
        name: str,
        stale: int,
        by_key: bool,
        deed: Callable[[], Refusal | dict[str, Any]],
        **more: Any,
    ) -> dict[str, Any] | None:
        generation = 0 if by_key else abs(self.sheet.desks[name].generation - stale)
        giver = self.at(Role.AGENT, window=name) if by_key else self.at(Role.STAFF)
        expected = self.sheet.barred(name, generation, by_key) or deed()
        command = self.made(kind, window=name, generation=generation, **more)
        reply = self.give(command, giver, expected)
        at_hand = self.sheet.desks[name].at_hand
        if reply is not None and at_hand is not None and "service" in reply:
            at_hand.id = reply["service"]
        self.compare()
        return reply

    @initialize(windows=st.sets(WINDOWS, min_size=2), people=st.integers(2, 8))
    def morning(self, windows: set[str], people: int) -> None:
        self.open_day()
        for name in sorted(windows):
            self.open_window(name)
        for n in range(people):
            self.take("tax" if n % 3 == 2 else "social", "elder" if n == 4 else None)

    @rule(name=WINDOWS, turn=TURNS, by_key=BY_KEY)
    def work_goes_on(self, name: str, turn: str, by_key: bool) -> None:
        """What a clerk would do next at this window; mostly the plain way."""
        at_hand = self.sheet.desks[name].at_hand
        if self.sheet.desks[name].state != "open":
            self.open_window(name)
        elif at_hand is None:
            self.press(name, "call_next", 0, by_key)
        elif turn != "plain":
            self.press(name, turn, 0, by_key)
        else:
            self.press(name, "start" if at_hand.state == "called" else "finish", 0, by_key)

    @rule(name=WINDOWS, turn=TURNS)
    def work_goes_on_elsewhere(self, name: str, turn: str) -> None:
        self.work_goes_on(name, turn, False)

    @rule(name=WINDOWS)
    def work_goes_on_plainly(self, name: str) -> None:
        self.work_goes_on(name, "plain", False)

    @rule(name=WINDOWS, times=st.integers(1, 5))
    def nobody_comes(self, name: str, times: int) -> None:
        """Called and passed over, one after another; each comes back as soon as he hears it."""
        for _ in range(times):
            self.work_goes_on(name, "pass_over", False)
            passed = [one for one in self.sheet.papers if one.state == "passed"]
            if passed:
                self.give_back(self.sheet.papers[::-1].index(passed[-1]), False)

    @rule(name=WINDOWS, key=st.sampled_from(sorted(KEYS)), stale=STALE, by_key=BY_KEY)
    def any_key_is_pressed(self, name: str, key: str, stale: int, by_key: bool) -> None:
        self.press(name, key, stale, by_key)

    def press(self, name: str, key: str, stale: int, by_key: bool) -> None:
        kind, more = KEYS[key]
        by_key = by_key and Role.AGENT in MAY[kind.kind]
        deed = getattr(self.sheet, key)
        told = [*more.values(), *([self.watch()] if key == "call_next" else [])]
        self.at_window(kind, name, stale, by_key, lambda: deed(name, *told), **more)

    @rule(minutes=st.sampled_from([1, 4, 11]))
    def time_goes_on(self, minutes: int) -> None:
        type(self).watch.forward(minutes=minutes)

    @precondition(lambda self: not self.sheet.open)
    @rule()
    def open_day(self) -> None:
        opening = self.made(OpenDay, date="2026-11-23")
        self.give(opening, self.at(Role.CLOCK), self.sheet.open_day())
        self.compare()

    @precondition(lambda self: len(self.done) % 23 == 22)
    @rule()
    def close_day(self) -> None:
        self.give(self.made(CloseDay), self.at(Role.SUPERVISOR), self.sheet.close_day())
        self.compare()

    @rule(
        queue=st.sampled_from(["social", "social", "tax", "nowhere"]),
        priority=st.sampled_from([None, None, "elder", "soldier"]),
    )
    def take(self, queue: str, priority: str | None) -> None:
        expected = self.sheet.take(queue, priority, self.watch())
        wish = self.made(TakeTicket, queue=queue, priority=priority)
        reply = self.give(wish, self.at(Role.KIOSK), expected)
        if reply is not None:
            self.sheet.papers[-1].id = reply["ticket"]
            self.sheet.papers[-1].token = reply["token"]
        self.compare()

    @precondition(lambda self: self.sheet.papers)
    @rule(pick=PICK, wish=st.sampled_from(["cancel", "printed", "failed", "reprint"]))
    def something_about_a_paper(self, pick: int, wish: str) -> None:
        paper = self.paper(pick)
        if wish == "cancel":
            holder = self.at(Role.CITIZEN, ticket=paper.id)
            cancel = self.made(CancelTicket, ticket=paper.id)
            self.give(cancel, holder, self.sheet.cancel(paper))
        elif wish == "reprint":
            reprint = self.made(ReprintTicket, ticket=paper.id)
            self.give(reprint, self.at(Role.GUIDE), self.sheet.reprint(paper))
        else:
            report = self.made(ReportPrint, ticket=paper.id, state=PrintState(wish))
            self.give(report, self.at(Role.KIOSK), self.sheet.report(paper, wish))
        self.compare()

    @precondition(lambda self: self.any("passed"))
    @rule(pick=PICK, sure=SURE)
    def give_back(self, pick: int, sure: bool) -> None:
        passed = [one for one in self.sheet.papers if one.state == "passed"]
        paper = passed[pick % len(passed)] if sure else self.paper(pick)
        wish = self.made(ReturnPassed, ticket=paper.id)
        self.give(wish, self.at(Role.KIOSK), self.sheet.give_back(paper))
        self.compare()

    def open_window(self, name: str) -> None:
        wish = self.made(OpenWindow, window=name)
        self.give(wish, self.at(Role.STAFF), self.sheet.open_window(name))
        self.compare()

    @precondition(lambda self: self.sheet.papers and len(self.done) % 3 == 0)
    @rule(name=WINDOWS, stale=STALE, pick=PICK)
    def call_ticket(self, name: str, stale: int, pick: int) -> None:
        paper = self.paper(pick)
        self.at_window(
            CallTicket, name, stale, False,
            lambda: self.sheet.call_ticket(name, paper), ticket=paper.id, reason="急",
        )  # fmt: skip

    @precondition(lambda self: self.any("held") or len(self.done) % 9 == 8)
    @rule(name=WINDOWS, stale=STALE, pick=PICK, sure=SURE)
    def resume(self, name: str, stale: int, pick: int, sure: bool) -> None:
        held = [one for one in self.sheet.papers if one.state == "held"]
        paper = held[pick % len(held)] if held and sure else self.paper(pick)
        self.at_window(
            Resume, name, stale, False, lambda: self.sheet.resume(name, paper), ticket=paper.id
        )

    @precondition(lambda self: self.sheet.handlings and self.any("finished"))
    @rule(
        pick=PICK,
        level=st.integers(1, 5),
        way=st.sampled_from(["pad", "phone", "kiosk"]),
        sure=SURE,
    )
    def rate(self, pick: int, level: int, way: str, sure: bool) -> None:
        finished = [one for one in self.sheet.handlings if one.state == "finished"]
        among = finished if finished and sure else self.sheet.handlings
        handling: Handling = among[-1 - pick % len(among)]
        giver = {
            "pad": self.at(Role.AGENT, window=handling.window),
            "phone": self.at(Role.CITIZEN, ticket=handling.paper.id),
            "kiosk": self.at(Role.KIOSK),
        }[way]
        token = handling.paper.token if way == "kiosk" else None
        wish = self.made(Rate, service=handling.id, level=level, token=token)
        self.give(wish, giver, self.sheet.rate(handling, way))
        self.compare()

    @precondition(lambda self: self.done)
    @rule(pick=PICK)
    def an_old_command_comes_again(self, pick: int) -> None:
        command, giver, reply = self.done[pick % len(self.done)]
        seq = self.server.hubs[self.name].seq
        assert self.wait(self.server.once_more(command, giver)) == reply
        assert self.server.hubs[self.name].seq == seq
        self.compare()

    def teardown(self) -> None:
        """Every number that was given is there and has come to an end; the journal is sound;
        what was rated was rated once."""
        if self.sheet.open:
            self.close_day()
        sound_journal(self.server, self.name)
        given = self.server.store.read(lambda cursor: cursor.all(TICKETS))
        kept = {(row.day, row.number): row for row in given if row.hall == self.name}
        assert len(kept) == len([row for row in given if row.hall == self.name])
        for paper in self.sheet.papers:
            row = kept.pop((paper.day, paper.number))
            assert (row.id, row.state) == (paper.id, paper.state)
            assert paper.state in ENDED
        assert not kept
        levels = self.server.store.read(lambda cursor: ratings.levels(cursor, self.name))
        assert sum(levels.values()) == sum(one.rated for one in self.sheet.handlings)
        del self.server.hubs[self.name]


def test_random_days_go_as_on_the_sheet(database_url: str) -> None:
    engine = database_url.partition(":")[0].partition("+")[0]
    with asyncio.Runner() as runner:
        watch = Watch()
        store = Store(database_url)
        store.make_tables()
        hall = ProvenHall(store, watch, "http://hall.test")
        loop = runner.get_loop()
        loop.run_until_complete(hall.start())
        body = {"server": hall, "watch": watch, "loop": loop, "halls": []}
        machine: type[RuleBasedStateMachine] = type("Days", (Days,), body)
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=DAYS[engine],
                    stateful_step_count=DEEDS_A_DAY,
                    deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            loop.run_until_complete(hall.stop())
