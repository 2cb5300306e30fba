"""A window's desk with box, pad and strip on one pty, an agent before it, and a real hall."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from config.settings import CONFIG
from drivers.agent import Agent
from drivers.devices import Devices, Line, Station
from drivers.rating_pad import load_pad_table
from drivers.simulator.box import VirtualBox
from hall_server.store import journal, ratings
from hall_server.store.database import Cursor
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CallNext, Finish, StartService
from tests.builders import HALL, at_window, open_window, take
from tests.faults.proxy import Proxy, proxy
from tests.faults.served import Served, serve

TABLES = CONFIG / "devices"
BOX = TABLES / "rs485_box.toml"
NEXT, RECALL, OK, FINISH, PAUSE = 0x0C, 0x0D, 0x0F, 0x0B, 0x12
PATIENCE = 20


async def until(holds: Callable[[], Any]) -> Any:
    """Wait for something that another thread or program brings about."""
    async with asyncio.timeout(PATIENCE):
        while not (value := holds()):
            await asyncio.sleep(0.01)
        return value


class Desk:
    """Window 1: its box, which hears what is shown there, its agent, and the way to the hall."""

    def __init__(self, served: Served, way: Proxy, folder: Path) -> None:
        self.served, self.way, self.folder = served, way, folder
        self.hall = served.hall
        self.box = VirtualBox(f"desk-{new_id()[:8]}", load_pad_table(BOX), address=1)
        self.path = self.box.line.plug_in()
        self.generation = 0
        self.agent: Agent | None = None
        self._work: asyncio.Task[None] | None = None

    def start(self) -> Agent:
        """Start the agent on the spool that is there."""
        station = Station(window="1", address=1)
        made = self.agent = Agent(
            server=f"http://127.0.0.1:{self.way.port}",
            hall=HALL,
            secret=self.served.secrets["agent-1"],
            devices=Devices(lines=(Line(url=self.path, table="rs485_box", stations=(station,)),)),
            tables=TABLES,
            spool=self.folder / "spool",
        )
        self._work = asyncio.create_task(made.run())
        return made

    async def stop(self) -> None:
        """End the agent."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            self._work = None

    async def opens(self) -> None:
        """The clerk opens window 1."""
        self.generation = await open_window(self.hall)

    async def finished(self) -> str:
        """Somebody is served to the end at window 1, and the pad asks; the service."""
        await take(self.hall)
        await at_window(self.hall, CallNext, self.generation)
        await at_window(self.hall, StartService, self.generation)
        asked = self.box.asked
        service = str((await at_window(self.hall, Finish, self.generation))["service"])
        await until(lambda: self.box.asked > asked)
        return service

    def level(self, service: str) -> int | None:
        """How this service was rated; None when it was not."""
        row = self.hall.store.read(lambda cursor: ratings.of(cursor, service))
        return None if row is None else int(row.level)

    def ratings(self) -> int:
        """How often anything was rated, by the journal."""

        def read(cursor: Cursor) -> int:
            return sum(entry.kind == "rate" for entry in journal.walk(cursor, HALL))

        return self.hall.store.read(read)

    def window(self) -> dict[str, Any]:
        """What everybody sees of window 1."""
        return dict(self.hall.hubs[HALL].state["window/1"])

    async def settled(self) -> None:
        """Every frame of the box was answered, and every wish of it."""
        agent = self.agent
        assert agent is not None
        await until(lambda: not self.box.waiting and not agent.spool.waiting)


@asynccontextmanager
async def desk(url: str, folder: Path, *, started: bool = True) -> AsyncIterator[Desk]:
    """A desk whose window is open; the agent runs when `started`."""
    async with (
        serve(url, {"agent-1": "agent"}) as served,
        proxy(served.port) as way,
    ):
        made = Desk(served, way, folder)
        await made.opens()
        try:
            if started:
                agent = made.start()
                await until(lambda: agent.link.online and all(p.up for p in agent.machine.ports))
            yield made
        finally:
            await made.stop()
            made.box.line.unplug()
