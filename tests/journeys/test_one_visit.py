"""One visit: the kiosk is touched, paper comes out, the wall calls, the window serves, the pad
asks, the rating is stored. Real server, real links, real screens, devices on ptys."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp

from config import look
from config.settings import CONFIG
from drivers import simulator
from drivers.agent import Agent
from drivers.devices import Devices, Line, Station
from drivers.port import Port
from drivers.printer import Printer
from drivers.profile import load_profile
from drivers.reporting import Part
from drivers.simulator.paper import Slip
from hall_server.actions.callers import password_hash
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import AddAccount
from hall_server.wire.link import Link
from tests.builders import ADMIN, HALL, sqlite_url
from tests.faults.served import Served, serve
from tests.robot import Robot, driving

pytestmark = pytest.mark.screen

PATIENCE = 60
LOOKING = 30  # frames
PASSWORD = "a password of ten"
DEVICES = {"kiosk-1": "kiosk", "board-1": "display", "agent-1": "agent"}
FIVE_KEYS = CONFIG / "devices" / "rating_pad_5.toml"


class Clerk:
    """The person at window 1, over HTTP with a page's own cookie."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client, self._generation = client, 0

    async def signs_in(self) -> None:
        given = {"hall": HALL, "name": "wang", "password": PASSWORD}
        assert (await self._client.post("/api/sign_in", json=given)).status_code == 200
        self._generation = (await self.does("open_window"))["generation"]

    async def does(self, kind: str, **more: Any) -> dict[str, Any]:
        given = {"hall": HALL, "id": new_id(), "window": "1", **more}
        if kind != "open_window":
            given["generation"] = self._generation
        answer = await self._client.post(f"/api/commands/{kind}", json=given)
        assert answer.status_code == 200, answer.text
        reply: dict[str, Any] = answer.json()
        return reply


@asynccontextmanager
async def at_work(*programs: Any) -> AsyncIterator[None]:
    """Run programs beside the test."""
    tasks = [asyncio.create_task(program) for program in programs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(holds: Callable[[], Any]) -> Any:
    """Wait for something that another thread or program brings about."""
    async with asyncio.timeout(PATIENCE):
        while not (value := holds()):
            await asyncio.sleep(0.02)
        return value


def board_shows(link: Link, window: str) -> Any:
    return link.state.get(f"window/{window}", {}).get("number")


async def touch(robot: Robot, *words: str) -> None:
    """Touch one thing after the other, as a person does: looking at each page first, because
    a page that has just come takes no touch yet."""
    for word in words:
        await robot.until(lambda word=word: robot.find(word))
        await robot.frames(LOOKING)
        await robot.tap(word)


async def touch_for_a_number(robot: Robot, item: str) -> None:
    await touch(robot, "取号", "公安", item, "普通取号")


def token_on(slip: Slip) -> str:
    codes = zxingcpp.read_barcodes(slip.picture())
    assert len(codes) == 1
    return str(codes[0].text).rpartition("/t/")[2]


@asynccontextmanager
async def kiosk(served: Served, folder: Path, slips: list[Slip]) -> AsyncIterator[Robot]:
    """A kiosk with a printer on a pty that keeps what it printed."""
    from drivers.compose import Style
    from drivers.journal import Journal
    from kiosk.app import KioskApp
    from kiosk.leases import Leases
    from kiosk.memory import Memory

    url = f"sim://printer/{new_id()}?baud=115200&speed=4000&width=576&buffer=4096"
    device = simulator.device(url)
    device._on_slip = slips.append
    device.line.plug_in()
    profile = replace(load_profile(CONFIG / "devices/printers/gb18030_80.toml"), pace=4_000)
    port = Port(url, name="journey", baud=profile.baud)
    printer = Printer(port, profile, font=look.file(look.look().fonts.regular))
    journal, leases = Journal(folder / "wishes.journal"), Journal(folder / "leases.journal")
    app = KioskApp(
        server=served.url,
        hall=HALL,
        secret=served.secrets["kiosk-1"],
        journal=journal,
        leases=Leases(leases),
        memory=Memory(folder),
        printer=printer,
        style=Style(width_dots=profile.width_dots),
        time_out=60,
        parts=[Part("printer", "", lambda: printer.health)],
    )
    port.start()
    try:
        async with driving(app, run=app.main) as robot:
            yield robot
    finally:
        journal.close()
        leases.close()
        await asyncio.to_thread(port.close)


def agent_of(served: Served, pad: str, folder: Path) -> Agent:
    stations = (Station(window="1", address=1),)
    return Agent(
        server=served.url,
        hall=HALL,
        secret=served.secrets["agent-1"],
        devices=Devices(lines=(Line(url=pad, table="rating_pad_5", stations=stations),)),
        tables=CONFIG / "devices",
        spool=folder / "spool",
    )


async def test_from_the_touch_to_the_rating(tmp_path: Path) -> None:
    pad = f"sim://rating_pad/{new_id()}?table={FIVE_KEYS}"
    slips: list[Slip] = []
    async with serve(sqlite_url(tmp_path), DEVICES) as served:
        secret = password_hash(PASSWORD)
        person = AddAccount(hall=HALL, name="wang", role="staff", secret_hash=secret)
        await served.hall.handle(person, ADMIN)
        wall = Link(f"ws://127.0.0.1:{served.port}/link", HALL, served.secrets["board-1"])
        async with (
            httpx.AsyncClient(base_url=served.url, headers={"X-Hall": "1"}, timeout=60) as window,
            httpx.AsyncClient(base_url=served.url, timeout=60) as phone,
            at_work(wall.run(), agent_of(served, pad, tmp_path).run()),
            kiosk(served, tmp_path, slips) as robot,
        ):
            clerk = Clerk(window)
            await clerk.signs_in()

            await touch_for_a_number(robot, "身份证换领")
            await robot.until(lambda: robot.find("A001"))
            slip = await until(lambda: slips and slips[0])
            assert any("A001" in line for line in slip.lines)
            assert any("示例大厅" in line for line in slip.lines)
            token = token_on(slip)
            phone.headers["Authorization"] = f"Bearer {token}"
            mine = (await phone.get("/api/ticket")).json()
            assert (mine["number"], mine["state"]) == ("A001", "waiting")
            told = served.hall.hubs[HALL].state
            await until(lambda: told.get("device/kiosk-1/printer", {}).get("state") == "ready")
            tickets = [f for a, f in served.hall.hubs[HALL].state.items() if "ticket/" in a]
            await until(lambda: tickets_printed(served) == ["printed"])
            assert len(tickets) == 1

            called = await clerk.does("call_next")
            assert called["number"] == "A001"
            await until(lambda: board_shows(wall, "1") == "A001")
            assert wall.state["calls"][0]["number"] == "A001"
            assert (await phone.get("/api/ticket")).json()["window"] == "1"

            await clerk.does("start_service")
            finished = await clerk.does("finish")
            box = simulator.device(pad)
            await until(lambda: box.asked == 1)
            box.rate(next(key for key, level in box._table.levels.items() if level == 4))
            await until(lambda: "pad/1" not in served.hall.hubs[HALL].state)

            mine = (await phone.get("/api/ticket")).json()
            assert (mine["state"], mine["rated"], mine["may_rate"]) == ("finished", True, False)
            again = {"hall": HALL, "id": new_id(), "service": finished["service"], "level": 1}
            refused = await phone.post("/api/commands/rate", json=again)
            assert (refused.status_code, refused.json()["code"]) == (409, "already_rated")


def tickets_printed(served: Served) -> list[str]:
    state = served.hall.hubs[HALL].state
    return [fact["print"] for address, fact in state.items() if address.startswith("ticket/")]
