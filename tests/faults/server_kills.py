"""kill -9 of the whole server, while sixteen clients take numbers and call over HTTP and link."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from config.settings import HallSettings
from hall_server.rules.policy import CALLS
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CallNext, Command, PassOver, Recall, TakeTicket
from hall_server.wire.link import Link, LinkLost
from hall_server.words import Refusal, Refused
from tests.faults.figures import Figure
from tests.faults.hall_process import NAME, QUEUE, WINDOW, HallProcess, furnish, new_day
from tests.faults.history import History

HTTP_KIOSKS, LINK_KIOSKS = 8, 7  # and one agent at the window, over the link
KILLS_A_DAY = 25  # a new business day keeps the line short
FIRST_KILL, LAST_KILL = 0.1, 1.0  # seconds of serving before a kill
AGAIN = frozenset({Refusal.STORE_UNAVAILABLE, Refusal.TOO_BUSY, Refusal.INTERNAL})
SLOWEST = 30.0

Give = Callable[[Command], Awaitable[dict[str, Any]]]


class Clients:
    """Sixteen clients that repeat each wish under its id until it is answered."""

    def __init__(self, hall: HallProcess, secrets: dict[str, str], figure: Figure) -> None:
        self.history = History()
        self.answered = asyncio.Event()
        self.retried = 0
        self._hall, self._secrets, self._figure = hall, secrets, figure
        self._over = False
        self._tasks: list[asyncio.Task[None]] = []
        self._links: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Let them come."""
        for name in self._secrets:
            deed = self._agent if name == "agent" else self._kiosk
            self._tasks.append(asyncio.create_task(deed(name)))

    async def end(self) -> None:
        """Let each wish under way be answered, then let them go."""
        self._over = True
        await asyncio.wait_for(asyncio.gather(*self._tasks), SLOWEST)
        for link in self._links:
            link.cancel()
            with suppress(asyncio.CancelledError):
                await link

    async def _kiosk(self, name: str) -> None:
        async with httpx.AsyncClient(base_url=self._hall.url, trust_env=False) as client:
            give = self._by_link(name) if name.startswith("link") else self._by_http(client, name)
            while not self._over:
                reply = await self._insist(give, TakeTicket(hall=NAME, queue=QUEUE))
                if reply is not None:
                    self.history.took(reply)

    async def _agent(self, name: str) -> None:
        give = self._by_link(name)
        while not self._over:
            called = await self._insist(give, CallNext(hall=NAME, window=WINDOW, generation=0))
            if called is not None:
                self.history.called[called["service"]] = called["ticket"]
            for _ in range(CALLS - 1):
                await self._insist(give, Recall(hall=NAME, window=WINDOW, generation=0))
            await self._insist(give, PassOver(hall=NAME, window=WINDOW, generation=0))

    async def _insist(self, give: Give, command: Command) -> dict[str, Any] | None:
        """The answer; None when it was refused."""
        while True:
            try:
                reply = await give(command)
            except (httpx.TransportError, LinkLost):
                pass
            except Refused as refused:
                if refused.code not in AGAIN:
                    await asyncio.sleep(0.01)
                    return None
            else:
                self.answered.set()
                return reply
            self.retried += 1
            await asyncio.sleep(random.uniform(0.1, 0.4))
            if self._figure.control:
                command = command.model_copy(update={"id": new_id()})

    def _by_http(self, client: httpx.AsyncClient, name: str) -> Give:
        async def give(command: Command) -> dict[str, Any]:
            answer = await client.post(
                f"/api/commands/{command.kind}",
                json=command.model_dump(mode="json"),
                headers={"Authorization": f"Bearer {self._secrets[name]}"},
            )
            said: dict[str, Any] = answer.json()
            if answer.status_code != 200:
                raise Refused(Refusal(said["code"]), **said["facts"])
            return said

        return give

    def _by_link(self, name: str) -> Give:
        address = f"ws://127.0.0.1:{self._hall.port}/link"
        link = Link(address, NAME, self._secrets[name])
        self._links.append(asyncio.create_task(link.run()))
        return link.ask


def run(kills: int, seed: int, control: bool = False) -> Figure:
    """Kill the server `kills` times and start it again each time.

    Times are from the start of the process to the first command that it answered. The control
    repeats under fresh ids.
    """
    figure = Figure("server killed (times: until it served again)", seed, control=control)
    names = {f"http-{n}": "kiosk" for n in range(HTTP_KIOSKS)}
    names |= {f"link-{n}": "kiosk" for n in range(LINK_KIOSKS)}
    names["agent"] = "agent"
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        secrets = furnish(data, names)
        with HallProcess(data) as hall:
            clients = asyncio.run(_all(kills, random.Random(seed), hall, secrets, figure))
        clients.history.judge(HallSettings(data=data).database_url(), figure)
    figure.notes.append(f"{clients.retried} requests repeated")
    figure.seconds = time.monotonic() - began
    return figure


async def _all(
    kills: int, chance: random.Random, hall: HallProcess, secrets: dict[str, str], figure: Figure
) -> Clients:
    clients = Clients(hall, secrets, figure)
    hall.start()
    clients.start()
    await asyncio.wait_for(clients.answered.wait(), SLOWEST)
    for n in range(1, kills + 1):
        await asyncio.sleep(chance.uniform(FIRST_KILL, LAST_KILL))
        await asyncio.to_thread(hall.kill)
        if n % KILLS_A_DAY == 0:
            await asyncio.to_thread(new_day, hall.data)
        clients.answered.clear()
        started = time.monotonic()
        hall.start()
        await asyncio.wait_for(clients.answered.wait(), SLOWEST)
        figure.times.append(time.monotonic() - started)
        figure.count += 1
    await clients.end()
    return clients
