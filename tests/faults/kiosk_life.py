"""One kiosk that is killed at any step: real desk, journal and blocks; a line and a roll that fail.

Steps are everything that leaves a trace: a record written down, a command sent, a slip printed.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from drivers.compose import Style
from drivers.escpos import Job, Text
from drivers.health import Trouble
from drivers.journal import Journal, _record
from drivers.printed import Ledger, Outcome, PrintResult
from drivers.ticket_paper import CHINA
from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.wire.bounds import new_id
from hall_server.wire.command import Command
from hall_server.wire.commands import TakeTicket
from hall_server.wire.link import LinkLost
from hall_server.wire.offline import MergeTicket
from hall_server.wire.views import State
from hall_server.words import PrintState, Refused
from kiosk.desk import Desk, Patience
from kiosk.flow import Wish
from kiosk.leases import Block, Leases
from kiosk.memory import Memory
from kiosk.offline import Offline
from kiosk.papers import Papers
from tests.builders import HALL, Watch

HASTE = Patience(answer=0.05, line=0.001, first_pause=0.001, longest_pause=0.004)
NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{3,}X?")
SLOWEST = 20.0  # seconds until a kiosk counts as hanging
FORGETS, FRESH_IDS = "forgets its numbers", "fresh ids"  # the controls


class Killed(BaseException):
    """kill -9: nothing that comes after it is done."""


@dataclass
class World:
    """What all kiosks share: the hall, which may be started anew, the hour, and the chance."""

    hall: Hall
    watch: Watch
    chance: Random
    control: str = ""
    kills: Counter[str] = field(default_factory=Counter)
    late: list[tuple[Command, Who]] = field(default_factory=list)
    born: dict[str, str] = field(default_factory=dict)  # wish: the date it was wished on
    shown: dict[str, set[str]] = field(default_factory=dict)  # wish: numbers
    papers: dict[str, list[str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)  # wishes that ended without a number shown
    given: dict[str, str] = field(default_factory=dict)  # wish: ticket, though nobody heard of it
    instead: set[str] = field(default_factory=set)  # tickets that gave way to an offline number
    reaching: set[asyncio.Future[dict[str, Any]]] = field(default_factory=set)

    async def handle(self, command: Command, kiosk: Who) -> dict[str, Any]:
        """Reach the hall. What has reached it is done and noted, though whoever asked gives up
        waiting or is killed meanwhile."""
        reaching = asyncio.ensure_future(self._reach(command, kiosk))
        self.reaching.add(reaching)
        reaching.add_done_callback(self._reached)
        return await asyncio.shield(reaching)

    async def _reach(self, command: Command, kiosk: Who) -> dict[str, Any]:
        reply = await self.hall.handle(command, kiosk)
        if isinstance(command, TakeTicket):
            self.given[command.id] = reply["ticket"]
        return reply

    def _reached(self, reaching: asyncio.Future[dict[str, Any]]) -> None:
        self.reaching.discard(reaching)
        reaching.exception()  # a refusal is for who asked, if he is there still

    def now(self) -> datetime:
        return self.watch().astimezone(CHINA)

    def date(self) -> str:
        return self.now().date().isoformat()


@dataclass
class Life:
    """From switching on to the next kill, which comes after so many steps; 0: it does not."""

    world: World
    left: int = 0
    dead: bool = False

    def step(self, name: str) -> None:
        if self.dead:
            raise Killed
        if self.left:
            self.left -= 1
            if not self.left:
                self.dead = True
                self.world.kills[name] += 1
                raise Killed


class Disk(Journal):
    """A journal whose writer may be killed before, in and after a record."""

    def __init__(self, path: Path, life: Life) -> None:
        self.life, self.name = life, path.name
        super().__init__(path)

    def append(self, wish: str, **facts: Any) -> None:
        self.life.step(f"before a record of {self.name}")
        try:
            self.life.step(f"in a record of {self.name}")
        except Killed:
            record = _record({"wish": wish, **facts})
            os.write(self._file, record[: len(record) // 2])
            raise
        super().append(wish, **facts)
        world = self.life.world
        if facts.get("closed") and wish in world.born and wish not in world.shown:
            world.ended.add(wish)
        self.life.step(f"after a record of {self.name}")


class Forgetful(Leases):
    """The control: numbers that are taken in memory alone."""

    def _use(self, block: Block) -> None:
        self._blocks[block.lease.signature] = Block(block.lease, block.used + 1)


class Line:
    """A kiosk's line to the hall: it goes and comes, and loses what it carries."""

    def __init__(self, world: World, who: Who, life: Life, memory: Memory) -> None:
        self._world, self._who, self._life = world, who, life
        self._memory = memory
        self.state: State = memory.recall("hall")
        self.online = False
        self._joined = asyncio.Event()

    def turn(self, online: bool) -> None:
        self.online = online
        if not online:
            self._joined.clear()
            return
        self.state.clear()
        self.state.update(self._world.hall.seen(self._who))
        self._memory.keep("hall", {name: self.state.get(name) for name in ("hall", "day")})
        self._joined.set()

    async def joined(self) -> None:
        await self._joined.wait()

    async def ask(self, command: Command) -> dict[str, Any]:
        """Brought there and back, or lost on either way, at once or after a long silence."""
        world = self._world
        self._life.step("before sending")
        luck = world.chance.random()
        if not self.online or luck < 0.04:
            raise LinkLost("lost on the way")
        if isinstance(command, MergeTicket) and command.instead:
            world.instead.add(command.instead)
        if luck < 0.08:
            world.late.append((command, self._who))
            return await self._silence(command)
        reply = await world.handle(command, self._who)
        self._life.step("after sending")
        if luck < 0.12:
            raise LinkLost("the answer was lost")
        return await self._silence(command) if luck < 0.16 else reply

    async def insist(self, command: Command) -> dict[str, Any]:
        while True:
            await self.joined()
            with suppress(LinkLost):
                return await self.ask(command)
            await asyncio.sleep(0.001)  # as long as the line's own pause is in this haste

    async def _silence(self, command: Command) -> dict[str, Any]:
        if isinstance(command, TakeTicket):
            with suppress(TimeoutError):
                async with asyncio.timeout(HASTE.answer * 2):
                    await asyncio.Event().wait()
        raise LinkLost("no answer")


class Roll:
    """A printer with a real ledger: each slip is known by its number."""

    def __init__(self, world: World, life: Life, ledger: Path) -> None:
        self._world, self._life, self._ledger = world, life, Ledger(ledger)

    def print(self, job_id: str, job: Job) -> PrintResult:
        self._life.step("before printing")
        known = self._ledger.result(job_id)
        if known is not None:
            return known
        self._ledger.record(job_id, PrintResult(Outcome.UNKNOWN, Trouble.CLOSED))
        self._life.step("in printing, no slip yet")
        (number,) = (
            line.text for line in job if isinstance(line, Text) and NUMBER.fullmatch(line.text)
        )
        self._world.papers.setdefault(job_id, []).append(number)
        self._life.step("in printing, the slip is out")
        self._ledger.record(job_id, PrintResult(Outcome.PRINTED))
        self._life.step("after printing")
        return PrintResult(Outcome.PRINTED)


@dataclass
class Kiosk:
    """A kiosk's disk, what its screen shows, and its lives one after another."""

    world: World
    who: Who
    folder: Path
    online: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    over: set[str] = field(default_factory=set)  # wishes told to their end
    refused: list[Refused] = field(default_factory=list)

    def switch_on(self, kill_after: int = 0) -> None:
        """Begin a life on what the last one left on disk."""
        world = self.world
        self.folder.mkdir(exist_ok=True)
        self.life = life = Life(world)
        self.journal = Disk(self.folder / "wishes", life)
        if world.control == FRESH_IDS:
            self._rename()
        self._leases = Disk(self.folder / "leases", life)
        blocks = (Forgetful if world.control == FORGETS else Leases)(self._leases)
        self.line = Line(world, self.who, life, Memory(self.folder))
        self.offline = Offline(HALL, self.line, blocks, world.now)
        roll = Roll(world, life, self.folder / "printed")
        papers = Papers(roll, self.line.state, Style())
        self.desk = Desk(
            HALL, self.line, self.journal, papers, self, self.offline, world.now, HASTE
        )
        life.left = kill_after
        if self.online:
            self.line.turn(True)
        self.offline.look()
        self._tasks = [asyncio.create_task(one) for one in (self.desk.run(), self.offline.keep())]
        self._work = asyncio.gather(*self._tasks)
        self._work.add_done_callback(lambda _: self.news.set())

    async def switch_off(self) -> None:
        """End a life, killed or not: no thread of it writes any more."""
        self.life.dead = True
        for task in self._tasks:  # the one that was killed does not end the other
            task.cancel()
        await asyncio.wait(self._tasks)
        with suppress(asyncio.CancelledError, BaseExceptionGroup, Killed):
            await self._work
        # The loop has one thread for all of them, so that what was begun is done when this is.
        await asyncio.to_thread(self.journal.close)
        await asyncio.to_thread(self._leases.close)

    async def again(self, kill_after: int = 0) -> None:
        await self.switch_off()
        self.switch_on(kill_after)

    def turn(self, online: bool) -> None:
        """The line to the hall comes or goes."""
        self.online = online
        self.line.turn(online)
        if online:
            self.offline.look()

    async def touch(self, wish: Wish) -> None:
        """A citizen's wish, until it is told to its end, or the kiosk is dead."""
        self.world.born[wish.id] = self.world.date()
        self.desk.give(wish)
        await self._until(lambda: wish.id in self.over)

    async def settle(self) -> None:
        """Until nothing is owed: every number is at the hall; after a kill it starts again."""
        while self.journal.unfinished:
            await self._until(lambda: not self.journal.unfinished)
            if self.life.dead:
                await self.again()

    async def _until(self, holds: Any) -> None:
        async with asyncio.timeout(SLOWEST):
            while not holds() and not self.life.dead:
                if self._work.done():
                    await self._work  # raises what ended it
                self.news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.002):  # the journal tells nobody of its end
                        await self.news.wait()

    def _rename(self) -> None:
        """The control: a kiosk that asks again as if for the first time."""
        for wish, entry in self.journal.unfinished.items():
            if "reply" not in entry:
                self.journal.append(wish, closed=True)
                self.journal.append(**(entry | {"wish": new_id()}))

    # --- told by the desk

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        if not self.life.dead:
            self.world.shown.setdefault(wish, set()).add(reply["number"])

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.news.set()

    def refuse(self, wish: str, refused: Refused) -> None:
        self.refused.append(refused)
        self.over.add(wish)
        self.news.set()

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        self.over.add(wish)
        self.news.set()
