"""A paper wished at a window: real hall, real agent, a printer on a pty; printed once, or said."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from config.settings import CONFIG
from drivers.agent import Agent
from drivers.devices import Devices, ListedPrinter
from drivers.simulator.paper import Slip
from drivers.simulator.printer import VirtualPrinter
from hall_server.wire.commands import CallNext, PrintAtWindow
from tests.builders import CLERK, HALL, at_window, open_window, sqlite_url, take
from tests.drivers.bench import FONT
from tests.faults.served import Served, serve
from tests.journeys.agent_desk import until

BAUD = 460_800


class Place:
    """Window 1 with its printer; somebody stands there whose paper is to be printed again."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served, self.folder = served, folder
        self.device = VirtualPrinter(baud=BAUD, speed=9600, font=FONT)
        self.url = self.device.line.plug_in()
        self.spool = folder / "spool"
        self.tables = folder / "tables"
        (self.tables / "printers").mkdir(parents=True)
        shipped = (CONFIG / "devices" / "printers" / "gb18030_58.toml").read_text("utf-8")
        quick = shipped.replace("baud = 9600", f"baud = {BAUD}").replace(
            "pace = 360", "pace = 4000"
        )
        (self.tables / "printers" / "quick.toml").write_text(quick, "utf-8")
        self.paper: dict[str, Any] = {}
        self.generation = 0
        self._child: asyncio.subprocess.Process | None = None

    async def serves(self) -> None:
        """Somebody is called to window 1."""
        self.paper = await take(self.served.hall, item="A-1")
        self.generation = await open_window(self.served.hall)
        await at_window(self.served.hall, CallNext, self.generation)

    async def wish(self) -> None:
        """The clerk presses 补打小票."""
        await until(lambda: self.fact("device/agent-1/printer-1").get("state") == "ready")
        wish = PrintAtWindow(
            hall=HALL, window="1", generation=self.generation, ticket=self.paper["ticket"]
        )
        await self.served.hall.handle(wish, CLERK)

    async def reported(self) -> str:
        """What the agent said of the paper, once it has."""
        await until(lambda: not self.fact("paper/1"))
        return str(self.fact(f"ticket/{self.paper['ticket']}")["print"])

    def fact(self, address: str) -> dict[str, Any]:
        return dict(self.served.hall.hubs[HALL].state.get(address) or {})

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[Agent]:
        """The agent of this window, in this process."""
        listed = ListedPrinter(url=self.url, profile="quick", window="1")
        made = Agent(
            server=self.served.url,
            hall=HALL,
            secret=self.served.secrets["agent-1"],
            devices=Devices(printers=(listed,)),
            tables=self.tables,
            spool=self.spool,
        )
        work = asyncio.create_task(made.run())
        try:
            await until(lambda: made.link.online)
            yield made
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def start(self) -> None:
        """The agent as a program of its own, which can be killed."""
        devices = self.folder / "devices.toml"
        devices.write_text(
            f'[[printers]]\nurl = "{self.url}"\nprofile = "quick"\nwindow = "1"\n', "utf-8"
        )
        env = {
            "AGENT_SERVER": self.served.url,
            "AGENT_HALL": HALL,
            "AGENT_SECRET": self.served.secrets["agent-1"],
            "AGENT_DEVICES": str(devices),
            "AGENT_TABLES": str(self.tables),
            "AGENT_SPOOL": str(self.spool),
        }
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "drivers", env=os.environ | env
        )

    def kill(self) -> None:
        """On the printer's thread, in the middle of what it does."""
        assert self._child is not None
        os.kill(self._child.pid, signal.SIGKILL)

    async def ended(self) -> None:
        """The killed program is gone."""
        assert self._child is not None
        assert await self._child.wait() == -signal.SIGKILL


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serve(sqlite_url(tmp_path), {"agent-1": "agent"}) as served:
        made = Place(served, tmp_path)
        await made.serves()
        yield made
        if made._child is not None and made._child.returncode is None:
            made.kill()
            await made.ended()
        made.device.line.unplug()


def words(slip: Slip) -> str:
    return "\n".join(slip.lines)


async def test_the_paper_comes_out_at_the_window_once_and_is_the_same_number(
    place: Place,
) -> None:
    async with place.agent():
        await place.wish()
        assert await place.reported() == "printed"
        assert len(place.device.slips) == 1
        slip = place.device.slips[0]
        for said in ("示例大厅", "A001", place.paper["code"], "身份证换领", "补打 1"):
            assert said in words(slip)
        for wrong in ("前面还有", "下一位"):
            assert wrong not in words(slip), "who stands at the window waits for nobody"
        codes = [one.text for one in zxingcpp.read_barcodes(slip.picture())]
        assert codes == [place.paper["url"]]
        await place.wish()
        assert await place.reported() == "printed"
        assert [f"补打 {n}" in words(one) for n, one in enumerate(place.device.slips, 1)] == [
            True,
            True,
        ]


async def test_what_was_wished_while_the_agent_was_away_is_printed_when_it_is_back(
    place: Place,
) -> None:
    async with place.agent():
        await until(lambda: place.fact("device/agent-1/printer-1").get("state") == "ready")
    await place.wish()
    assert not place.device.slips
    async with place.agent():
        assert await place.reported() == "printed"
    assert len(place.device.slips) == 1


async def test_a_paper_that_did_not_come_out_is_said_so_and_the_next_wish_prints(
    place: Place,
) -> None:
    async with place.agent():
        await until(lambda: place.fact("device/agent-1/printer-1").get("state") == "ready")
        place.device.cover_open = True
        await place.wish()  # the hall does not know of the cover yet
        assert await place.reported() == "failed"
        assert not place.device.slips
        place.device.cover_open = False
        await place.wish()
        assert await place.reported() == "printed"
        assert len(place.device.slips) == 1


async def test_a_printer_whose_profile_is_not_there_is_said_and_the_agent_works_on(
    place: Place,
) -> None:
    (place.tables / "printers" / "quick.toml").unlink()
    async with place.agent():
        told = await until(lambda: place.fact("device/agent-1/printer-1"))
        assert (told["state"], told["trouble"]) == ("fault", "bad_table")


@pytest.mark.fault
@pytest.mark.parametrize(
    ("killed", "ledger", "papers"),
    [("half way", True, 0), ("when it is cut", True, 1), ("when it is cut", False, 2)],
    ids=["half way", "cut", "control"],
)
async def test_an_agent_killed_while_printing_never_prints_twice(
    place: Place, killed: str, ledger: bool, papers: int
) -> None:
    """Killed by the printer itself, with the byte just read. Nobody knows then whether the paper
    is whole, and that is what is said. The control forgets its ledger and must print again."""
    device = place.device
    await place.start()
    await until(lambda: place.fact("device/agent-1/printer-1").get("state") == "ready")
    if killed == "half way":
        device.line.trip(">", 150, place.kill)
    else:
        kill_once: list[Callable[[], None]] = [place.kill]
        device._on_slip = lambda _: kill_once.pop()() if kill_once else None
    await place.wish()
    await place.ended()
    assert place.fact("paper/1"), "nobody has told what became of it"
    if not ledger:
        (place.spool / "printed-1.txt").unlink()
    await place.start()
    assert await place.reported() == ("unknown" if ledger else "printed")
    assert device.printed == papers
