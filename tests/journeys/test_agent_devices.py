"""Several devices at one agent: a cable is pulled, a table is wrong, a ticket is scanned."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.agent import Agent
from drivers.devices import Devices, Line, ListedIdReader, ListedScanner, Station
from drivers.framing import load_table
from drivers.health import Health, State, Trouble
from drivers.machine import Machine
from drivers.rating_pad import load_pad_table
from drivers.reporting import Part, Reporter
from drivers.sheets import shipped
from drivers.simulator.box import VirtualBox
from drivers.simulator.id_reader import VirtualIdReader, block
from drivers.simulator.line import VirtualLine
from drivers.simulator.scanner import VirtualScanner
from hall_server.wire.commands import CallNext, MissMachine
from hall_server.wire.link import Link
from hall_server.words import Role
from tests.builders import CLERK, HALL, at_window, open_window, sqlite_url, take, who
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
    return Line(url=url, table=table, stations=(Station(window=window, address=int(window)),))


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
        desk = ListedScanner(url=gun.line.plug_in(), window="1")
        async with agent_with(served, tmp_path, Devices(scanners=(desk,))) as agent:
            part = agent.machine.parts[0]
            await until(lambda: part.health().state is State.READY)
            state = served.hall.hubs[HALL].state
            for paper in (papers[1], papers[2]):  # called at window 3; still waiting
                gun.scan(f"http://hall.test/t/{paper['token']}")
            gun.scan("https://pay.example/?id=7")
            gun.scan("http://hall.test/t/0123456789abcdef0123")
            gun.scan(f"http://hall.test/t/{papers[0]['token']}")
            await until(lambda: state["window/1"]["serving"])
            assert not state["window/3"]["serving"]
            assert state[f"ticket/{papers[2]['ticket']}"]["state"] == "waiting"
        gun.line.unplug()


async def test_the_hall_is_told_how_each_device_is_and_what_is_no_more(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        state = served.hall.hubs[HALL].state

        def told(device: str) -> tuple[str, str] | None:
            fact = state.get(f"device/bus/{device}")
            return None if fact is None else (fact["state"], fact["trouble"])

        box = box_at(3)
        name = tmp_path / "usb-0:3:1.0"
        lines = (line_of(plug(box.line, name), "3"), line_of("/dev/null", "2", "no_such_table"))
        async with agent_with(served, tmp_path, Devices(lines=lines)) as agent:
            agent.reporter.calm = 0.0
            await until(lambda: told("led_strip-3") == ("ready", "no_status"))
            await until(lambda: told("machine") == ("ready", "none"))
            await until(lambda: told("line-2") == ("fault", "bad_table"))
            assert told("call_box-3") == told("rating_pad-3") == ("ready", "none")
            box.line.unplug()
            name.unlink()
            await until(lambda: told("call_box-3") == ("offline", "no_port"))
            assert state["device/bus/call_box-3"]["window"] == "3"
            # The clock takes the machine for lost: it says at once that it is there.
            miss = MissMachine(hall=HALL, machine="bus")
            await served.hall.handle(miss, who(Role.CLOCK, "clock"))
            await until(lambda: told("machine") == ("ready", "none"))
        async with agent_with(served, tmp_path, Devices(lines=lines[1:])):
            await until(lambda: told("call_box-3") is None)
            assert told("line-2") == ("fault", "bad_table")


@pytest.mark.fault
async def test_an_id_reader_is_looked_after_and_reads_nobody(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        state = served.hall.hubs[HALL].state

        def told() -> tuple[str, str] | None:
            fact = state.get("device/bus/id_reader-1")
            return None if fact is None else (fact["state"], fact["trouble"])

        device = VirtualIdReader("desk", load_table(TABLES / "id_reader.toml"))
        name = tmp_path / "usb-0:6:1.0"
        reader = ListedIdReader(url=plug(device.line, name), window="1")
        async with agent_with(served, tmp_path, Devices(id_readers=(reader,))) as agent:
            agent.reporter.calm = 0.0
            await until(lambda: told() == ("ready", "none"))
            device.lay(block())
            device.line.unplug()
            name.unlink()
            await until(lambda: told() == ("offline", "no_port"))
            device.status = {(0x11, 0xFF): 0x60}  # its SAM does not pass its own test
            plug(device.line, name)
            await until(lambda: told() == ("fault", "device_error"))
            device.status = {}
            await until(lambda: told() == ("ready", "none"))
        device.line.unplug()
        assert set(device.asked) == {(0x11, 0xFF)}, "nobody was looked for"


@pytest.mark.parametrize(
    ("name", "was", "now"),
    [
        ("rs485_box", "keys = {", "keys = 3 # {"),
        ("rating_pad_5", "[rating_pad.levels]", "levels = 3\n[strange]"),
    ],
)
def test_a_table_of_odd_types_stops_no_agent(tmp_path: Path, name: str, was: str, now: str) -> None:
    text = (TABLES / f"{name}.toml").read_text("utf-8")
    assert was in text
    (tmp_path / "mine.toml").write_text(text.replace(was, now), "utf-8")
    machine = Machine(
        Devices(lines=(line_of("/dev/none", "1", "mine"),)),
        tmp_path,
        ledgers=tmp_path,
        sheets=shipped(),
        rated=lambda _: None,
        pressed=lambda _window, _press: None,
        scanned=lambda _window, _scan: None,
    )
    assert [part.health().trouble for part in machine.parts] == [Trouble.BAD_TABLE]


async def test_what_the_devices_file_says_twice_is_left_out_and_said(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        two = (Station(window="1", address=1), Station(window="2", address=1))
        lines = (
            line_of("/dev/no-such-port", "3"),
            line_of("/dev/no-such-port-either", "3"),  # a second pad, which nothing would ask
            line_of("/dev/no-strip", "3", "led_rows"),
            Line(url="/dev/one-address", table="rs485_box", stations=two),
        )
        gun = ListedScanner(url="spy:///dev/gun", window="2")
        async with agent_with(served, tmp_path, Devices(lines=lines, scanners=(gun,))) as agent:
            wrong = [
                (part.kind, part.window)
                for part in agent.machine.parts
                if part.health().trouble is Trouble.BAD_TABLE
            ]
            assert wrong == [("line", "3"), ("line", "1"), ("line", "2"), ("scanner", "2")]
            assert len(agent.machine.ports) == 2


async def test_a_loose_plug_does_not_fill_the_journal(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"bus": "agent"}, bound=None) as served:
        agent = Link(f"ws://127.0.0.1:{served.port}/link", HALL, served.secrets["bus"])
        states = itertools.cycle((State.READY, State.OFFLINE))

        def flaps() -> Health:
            return Health(next(states), Trouble.NONE, datetime.now(UTC))

        reporter = Reporter(agent, HALL, "agent", [Part("scanner", "1", flaps)])
        work = [asyncio.create_task(one) for one in (agent.run(), reporter.run())]
        try:
            hub = served.hall.hubs[HALL]
            await until(lambda: "device/bus/scanner-1" in hub.state)
            seq = hub.seq
            for _ in range(20):
                await reporter.look()
            assert hub.seq == seq
            reporter.calm = 0.0  # the control: it did flap
            for _ in range(20):
                await reporter.look()
            assert hub.seq > seq + 5
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
