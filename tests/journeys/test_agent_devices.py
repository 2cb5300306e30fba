"""Several devices at one agent: a cable is pulled, a table is wrong, a ticket is scanned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.agent import Agent
from drivers.devices import Devices, Line, Place, WindowScanner
from drivers.health import State, Trouble
from drivers.rating_pad import load_pad_table
from drivers.simulator.box import VirtualBox
from drivers.simulator.line import VirtualLine
from drivers.simulator.scanner import VirtualScanner
from hall_server.wire.commands import CallNext
from tests.builders import CLERK, HALL, at_window, open_window, sqlite_url, take
from tests.faults.served import Served, serve
from tests.journeys.agent_desk import BOX, NEXT, TABLES, until


@asynccontextmanager
async def agent_with(served: Served, folder: Path, devices: Devices) -> AsyncIterator[Agent]:
    made = Agent(
        server=served.url,
        hall=HALL,
        secret=served.secrets["bus"],
        devices=devices,
        tables=TABLES,
        spool=folder / "spool",
    )
    work = asyncio.create_task(made.run())
    try:
        await until(lambda: made.link.online)
        yield made
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def plug(line: VirtualLine, name: Path) -> str:
    """Plug a device in: the same by-path name leads to a new device file each time."""
    name.unlink(missing_ok=True)
    name.symlink_to(line.plug_in())
    return str(name)


def box_at(address: int) -> VirtualBox:
    return VirtualBox(f"box-{address}", load_pad_table(BOX), address=address)


def line_of(url: str, window: str, table: str = "rs485_box") -> Line:
    return Line(url=url, table=table, places=(Place(window=window, address=int(window)),))


def number(served: Served, window: str) -> str | None:
    shown: str | None = served.hall.hubs[HALL].state[f"window/{window}"]["number"]
    return shown


@pytest.mark.fault
async def test_a_box_unplugged_and_plugged_in_again_works_and_others_never_stopped(
    tmp_path: Path,
) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        first, second = box_at(1), box_at(3)
        name = tmp_path / "usb-0:2:1.0"
        lines = (
            line_of("/dev/no-such-port", "2"),
            line_of("/dev/null", "2", "no_such_table"),
            line_of(plug(first.line, name), "1"),
            line_of(plug(second.line, tmp_path / "usb-0:3:1.0"), "3"),
        )
        for window in ("1", "3"):
            await open_window(served.hall, window)
            await take(served.hall)
            await take(served.hall)
        async with agent_with(served, tmp_path, Devices(lines=lines)) as agent:
            parts = agent.machine.parts
            box = {part.window: part for part in parts if part.kind == "call_box"}
            wrong = next(part.health() for part in parts if part.kind == "line")
            assert (wrong.state, wrong.trouble) == (State.FAULT, Trouble.BAD_TABLE)
            await until(lambda: box["1"].health().state is State.READY)
            first.line.unplug()
            name.unlink()
            await until(lambda: box["1"].health().state is State.OFFLINE)
            second.key(NEXT)
            await until(lambda: number(served, "3"))
            plug(first.line, name)
            await until(lambda: box["1"].health().state is State.READY)
            first.key(NEXT)
            await until(lambda: number(served, "1"))
        for one in (first, second):
            one.line.unplug()


async def test_the_ticket_called_here_begins_its_service_when_scanned_and_no_other_does(
    tmp_path: Path,
) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        papers = [await take(served.hall) for _ in range(3)]
        generation = await open_window(served.hall)
        await at_window(served.hall, CallNext, generation)
        other = await open_window(served.hall, "3", CLERK)
        await at_window(served.hall, CallNext, other, "3")
        gun = VirtualScanner("desk")
        desk = WindowScanner(url=gun.line.plug_in(), window="1")
        async with agent_with(served, tmp_path, Devices(scanners=(desk,))) as agent:
            part = agent.machine.parts[0]
            await until(lambda: part.health().state is State.READY)
            state = served.hall.hubs[HALL].state
            seq = served.hall.hubs[HALL].seq
            for paper in (papers[1], papers[2]):  # called at window 3; still waiting
                gun.scan(f"http://hall.test/t/{paper['token']}")
            gun.scan("https://pay.example/?id=7")
            gun.scan("http://hall.test/t/0123456789abcdef0123")
            gun.scan(f"http://hall.test/t/{papers[0]['token']}")
            await until(lambda: state["window/1"]["serving"])
            assert not state["window/3"]["serving"]
            assert served.hall.hubs[HALL].seq == seq + 1
        gun.line.unplug()
