"""A real `hall serve` on a data folder, which a test may kill and start again."""

import asyncio
import ctypes
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import redirect_stdout
from http.client import HTTPException
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.error import HTTPError

from config.settings import HallSettings
from hall_server.app import utc_now
from hall_server.hall import Hall, Who
from hall_server.serve import prepare
from hall_server.setup import account_command
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay, OpenDay, OpenWindow
from hall_server.wire.hours import HALL_TIME
from hall_server.words import Role
from tests import ports

ROOT = Path(__file__).parents[2]
VILLAGE = ROOT / "config" / "examples" / "village"  # one window, one queue
NAME, QUEUE, WINDOW = "village", "village", "1"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
SLOWEST = 90.0  # seconds to start or to end, however busy the machine
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def furnish(data: Path, accounts: dict[str, str]) -> dict[str, str]:
    """A data folder with the village point, its day open, its window 1 open; the secret of
    each account (name: role)."""
    settings = HallSettings(data=data, files=VILLAGE)
    with redirect_stdout(StringIO()):  # the admin's password is of no use here
        prepare(settings)
    secrets: dict[str, str] = {}

    async def furnishing() -> None:
        hall = Hall(Store(settings.database_url()), utc_now)
        await hall.start()
        for name, role in accounts.items():
            window = WINDOW if role == "agent" else None
            command, secrets[name] = account_command(NAME, name, role, window)
            await hall.handle(command, Who(Role.ADMIN, "setup", NAME))
        await hall.handle(OpenDay(hall=NAME, date=today()), Who(Role.SUPERVISOR, "li", NAME))
        await hall.handle(OpenWindow(hall=NAME, window=WINDOW), Who(Role.STAFF, "wang", NAME))
        await hall.stop()

    asyncio.run(furnishing())
    return secrets


def new_day(data: Path) -> None:
    """Close the day and open the next round of it, while no server runs."""
    url = HallSettings(data=data).database_url()

    async def turning() -> None:
        hall = Hall(Store(url), utc_now)
        await hall.start()
        supervisor = Who(Role.SUPERVISOR, "li", NAME)
        if hall.hubs[NAME].state.get("day") is not None:
            await hall.handle(CloseDay(hall=NAME), supervisor)
        await hall.handle(OpenDay(hall=NAME, date=today()), supervisor)
        await hall.handle(OpenWindow(hall=NAME, window=WINDOW), Who(Role.STAFF, "wang", NAME))
        await hall.stop()

    asyncio.run(turning())


def today() -> str:
    """The hall's date: the clockwork closes the day of any other."""
    return utc_now().astimezone(HALL_TIME).date().isoformat()


def _die_with_parent() -> None:
    """A killed pytest leaves no server behind (where the system can do that)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class HallProcess:
    """One life of the server process after another, on one port."""

    def __init__(self, data: Path) -> None:
        self.data, self._place = data, ports.kept()
        self.port = ports.number(self._place)
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._said: BinaryIO | None = None

    def __enter__(self) -> "HallProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._place.close()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, and do not wait."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  kept until the kill
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "hall_server", "serve", "--data", str(self.data)),
                *("--files", str(VILLAGE), "--port", str(self.port)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            preexec_fn=_die_with_parent,
        )

    def wait(self) -> float:
        """Wait until it serves; the seconds that this took."""
        assert self._process is not None
        began = time.monotonic()
        while True:
            try:
                self.ask("GET", "/api/halls")
                return time.monotonic() - began
            except OSError:
                if self._process.poll() is not None or time.monotonic() - began > SLOWEST:
                    raise RuntimeError(f"the hall does not serve: {self.said()}") from None
                time.sleep(0.01)  # it tells nobody when it listens

    def refuses(self) -> tuple[int, str]:
        """Start a server that must not serve: its exit status and what it said."""
        self.start()
        assert self._process is not None
        status = self._process.wait(SLOWEST)
        return status, self.said()

    def kill(self) -> None:
        """kill -9, and nothing is left of it."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGKILL)
            self._process.wait(SLOWEST)
        if self._said is not None:
            self._said.close()
            self._said = None

    def said(self) -> str:
        assert self._said is not None
        self._said.seek(0)
        return self._said.read().decode()

    def ask(
        self, method: str, path: str, secret: str = "", body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of one answer."""
        request = urllib.request.Request(
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with DIRECT.open(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)
        except HTTPException as broken:
            raise ConnectionError(str(broken)) from broken

    def take(self, secret: str) -> tuple[int, Any]:
        body = {"hall": NAME, "id": new_id(), "queue": QUEUE}
        return self.ask("POST", "/api/commands/take_ticket", secret, body)
