"""The people of the demo: clerks at every window but the first, and one who looks on."""

import asyncio
import json
import urllib.request
from typing import Any

from config.settings import HallSettings
from hall_server.app import utc_now
from hall_server.demo.clerks import Clerk
from hall_server.demo.tally import Tally
from hall_server.setup import SAMPLE_PASSWORD, SAMPLE_SUPERVISOR, read_files
from hall_server.wire.commands import OpenDay
from hall_server.wire.hours import HALL_TIME
from hall_server.wire.link import Link
from hall_server.wire.views import Facts
from hall_server.words import Refused, Role


class People:
    """Everybody signs in with the sample password and works over the same link as a page."""

    def __init__(self, settings: HallSettings, speed: float, seed: int) -> None:
        self._server = f"http://127.0.0.1:{settings.port}"
        self._layout = read_files(settings.files).layout
        self._hall = self._layout.hall.id
        self._speed, self._seed = speed, seed
        self._tally = Tally()
        self._watcher: Link | None = None

    async def run(self) -> None:
        """Open the day where it is closed, send everybody to a window, and look on."""
        clerks = [p.id for p in self._layout.staff if p.role is Role.STAFF]
        windows = [window.id for window in self._layout.windows]
        # Window 1 and its clerk are left to whoever watches, where there are others.
        ours = slice(1, None) if len(windows) > 1 else slice(None)
        async with asyncio.TaskGroup() as tasks:
            self._watcher = await self._link(SAMPLE_SUPERVISOR, self._heard)
            tasks.create_task(self._watcher.run())
            await self._watcher.joined()
            await self._open_day(self._watcher)
            for n, (window, clerk) in enumerate(zip(windows[ours], clerks[ours], strict=False)):
                link = await self._link(clerk)
                tasks.create_task(link.run())
                worker = Clerk(link, self._hall, window, self._speed, self._seed * 1000 + n)
                tasks.create_task(worker.run())

    async def settle(self) -> None:
        """Let what is on its way arrive."""
        await asyncio.sleep(1)

    def rows(self) -> list[tuple[str, str]]:
        state = self._watcher.state if self._watcher is not None else {}
        return self._tally.rows(state, self._speed)

    def faults(self) -> list[str]:
        """A demo in which nobody is served proves nothing."""
        tally = self._tally
        sums = {
            "taken": tally.taken,
            "printed": len(tally.printed),
            "called": tally.called,
            "served": tally.served,
            "rated": tally.rated,
        }
        return [f"nobody was {what}" for what, n in sums.items() if n == 0]

    def _heard(self, kind: str, facts: Facts) -> None:
        self._tally.hear(kind, facts)

    async def _open_day(self, link: Link) -> None:
        if "day" in link.state:
            return
        today = utc_now().astimezone(HALL_TIME).date().isoformat()
        try:
            await link.insist(OpenDay(hall=self._hall, date=today))
        except Refused:
            if "day" not in link.state:
                raise

    async def _link(self, name: str, heard: Any = lambda _kind, _facts: None) -> Link:
        session = await asyncio.to_thread(self._sign_in, name)
        return Link(self._server.replace("http", "ws", 1) + "/link", self._hall, session, heard)

    def _sign_in(self, name: str) -> str:
        """Sign in as a page does; the session is the cookie's value."""
        body = {"hall": self._hall, "name": name, "password": SAMPLE_PASSWORD}
        request = urllib.request.Request(
            f"{self._server}/api/sign_in",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            cookie: str = answer.headers["Set-Cookie"]
        return cookie.partition(";")[0].partition("=")[2]
