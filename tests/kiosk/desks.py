"""A desk at a real hall: a journal on disk, a line that can be cut, a printer on a pty."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.compose import Style
from drivers.journal import Journal, read
from drivers.ticket_paper import CHINA
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay, OpenDay
from hall_server.wire.link import Link
from hall_server.words import PrintState, Refused
from kiosk.desk import Desk, Patience
from kiosk.flow import Wish
from kiosk.leases import Leases
from kiosk.offline import Offline
from kiosk.papers import Papers
from tests.builders import HALL, SUPERVISOR, sqlite_url
from tests.drivers.bench import PATIENT, PrinterBench, printer_bench
from tests.faults.proxy import Proxy, proxy
from tests.faults.served import Served, serve

HASTE = Patience(answer=0.5, line=0.1, first_pause=0.05, longest_pause=0.1)


@dataclass
class Heard:
    """What the desk told."""

    taken_: dict[str, Any] = field(default_factory=dict)
    refused_: dict[str, str] = field(default_factory=dict)
    merged_: dict[str, dict[str, Any]] = field(default_factory=dict)
    printed_: dict[str, PrintState] = field(default_factory=dict)

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.taken_[wish] = dict(reply)

    def refuse(self, wish: str, refused: Refused) -> None:
        self.refused_[wish] = refused.code.value

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.merged_[wish] = dict(reply)

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        self.printed_[wish] = state


@dataclass
class Kiosk:
    """A desk at a real hall with a real journal and a printer on a pty."""

    served: Served
    line: Proxy
    link: Link
    bench: PrinterBench
    heard: Heard
    folder: Path
    leases: bool = False  # whether it leases offline numbers while the hall is there

    @property
    def journal(self) -> Path:
        return self.folder / "wishes"

    def asks(self, wish: Wish) -> bool:
        """Whether this wish is on disk, and so being asked."""
        return wish.id in on_disk(self.journal)

    @property
    def slips(self) -> list[str]:
        return ["\n".join(slip.lines) for slip in self.bench.device.slips]

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """A desk from when it is switched on until it falls over."""
        journal, leases = Journal(self.journal), Journal(self.folder / "leases")
        offline = Offline(HALL, self.link, Leases(leases), self.now)
        papers = Papers(self.bench.printer, self.link.state, Style())
        desk = Desk(HALL, self.link, journal, papers, self.heard, offline, self.now, HASTE)
        work = asyncio.gather(desk.run(), offline.keep())
        if self.leases:
            offline.look()
            await until(lambda: offline.ready() == {"social", "tax"})
        try:
            yield desk
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            journal.close()
            leases.close()

    def now(self) -> datetime:
        """What the clock on the wall shows, here and at the hall."""
        return self.served.hall.clock().astimezone(CHINA)

    async def next_day(self) -> None:
        """The business day ends and the next one begins, by the hall's own clockwork or by us."""
        clock: Any = self.served.hall.clock
        clock.forward(days=1)
        for command in (CloseDay(hall=HALL), OpenDay(hall=HALL, date=f"{self.now():%Y-%m-%d}")):
            with suppress(Refused):
                await self.served.hall.handle(command, SUPERVISOR)

    async def settled(self, count: int) -> None:
        """Until so many papers are told, and the hall has heard it of each."""
        await until(lambda: len(self.heard.printed_) >= count and not on_disk(self.journal))

    async def hall(self) -> dict[str, Any]:
        """The hall's live state, as the desk's supervisor sees it."""
        secret = self.served.secrets["boss"]
        link = Link(f"ws://127.0.0.1:{self.served.port}/link", HALL, secret)
        work = asyncio.create_task(link.run())
        await link.joined()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        return link.state


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)  # another thread or the server does it; nothing tells us


def on_disk(path: Path) -> set[str]:
    """The wishes that this journal would resume."""
    open_: set[str] = set()
    for entry in read(path):
        (open_.discard if entry.get("closed") else open_.add)(entry["wish"])
    return open_


def wish(**other: Any) -> Wish:
    return Wish(**({"id": new_id(), "item": "A-1", "title": "身份证换领"} | other))


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[Kiosk]:
    accounts = {"kiosk-1": "kiosk", "boss": "supervisor"}
    bench = printer_bench(PATIENT, ledger=tmp_path / "printed.txt")
    async with serve(sqlite_url(tmp_path), accounts) as served, proxy(served.port) as line:
        link = Link(f"ws://127.0.0.1:{line.port}/link", HALL, served.secrets["kiosk-1"])
        joining = asyncio.create_task(link.run())
        await link.joined()
        await asyncio.to_thread(bench.ready)
        try:
            yield Kiosk(served, line, link, bench, Heard(), tmp_path)
        finally:
            joining.cancel()
            with suppress(asyncio.CancelledError):
                await joining
            await asyncio.to_thread(bench.port.close)
            bench.device.line.unplug()
