"""A real server for the pages: uvicorn in a thread, which a test may stop and start again."""

import asyncio
import gc
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import uvicorn

from hall_server.actions.callers import password_hash
from hall_server.api.wires import WIRES
from hall_server.app import make_app
from hall_server.hall import Hall, Who
from hall_server.store.store import Store
from hall_server.wire.commands import AddAccount, Command, ImportCatalogue, ImportLayout, OpenDay
from hall_server.wire.layout import Layout
from hall_server.words import Role
from tests import ports
from tests.builders import ADMIN, DATE, HALL, SUPERVISOR, Watch, catalogue, layout, sqlite_url, who

PASSWORD = "a password of ten"
STARTS_IN = 20.0


class Served:
    """One hall behind a real address. Its clerks are wang and li, its supervisor zhao."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite_url(folder)
        self._place = ports.kept()
        self.watch = Watch()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._collects = gc.get_threshold()
        self.hall: Hall | None = None
        Store(self._database).make_tables()

    def __enter__(self) -> "Served":
        self.start()
        self.furnish()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._place.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{ports.number(self._place)}"

    def start(self) -> None:
        """Serve, at the same address as before."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(self._place.getsockname())
        app = make_app(self._database, self.url, clock=self.watch)
        self.hall = app.hall
        settings = uvicorn.Config(
            app,
            log_level="warning",
            timeout_graceful_shutdown=1,
            **WIRES,
        )
        server = self._server = uvicorn.Server(settings)
        ready = threading.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            serving = asyncio.create_task(server.serve([listening]))
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)  # uvicorn tells of its start by this flag alone
            ready.set()
            await serving

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        assert ready.wait(STARTS_IN), "the server does not start"

    def stop(self) -> None:
        """The server goes away; its database stays."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(STARTS_IN)
        assert not self._thread.is_alive(), "the server does not stop"
        self._server = None
        gc.unfreeze()  # the app froze all that this test run holds, and the run goes on
        gc.set_threshold(*self._collects)

    def furnish(self) -> None:
        """Put a layout and people in; the day is open."""
        assert self.hall is not None
        self._wait(self.hall.add_hall(HALL))
        self.do(ImportLayout(hall=HALL, layout=layout()), ADMIN)
        self.do(ImportCatalogue(hall=HALL, catalogue=catalogue()), ADMIN)
        self.do(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
        secret = password_hash(PASSWORD)
        for name, role in (("wang", Role.STAFF), ("li", Role.STAFF), ("zhao", Role.SUPERVISOR)):
            self.do(AddAccount(hall=HALL, name=name, role=role.value, secret_hash=secret), ADMIN)

    def refurnish(self, plan: Layout) -> None:
        """Put another layout in force."""
        self.do(ImportLayout(hall=HALL, layout=plan), ADMIN)

    def do(self, command: Command, by: Who) -> dict[str, Any]:
        """Give a command as somebody else in the hall: a kiosk, a colleague."""
        assert self.hall is not None
        answer: dict[str, Any] = self._wait(self.hall.handle(command, by))
        return answer

    def state(self) -> dict[str, Any]:
        """The hall's live state, as the supervision sees it."""
        assert self.hall is not None
        return dict(self.hall.seen(who(Role.SUPERVISOR)))

    def state_seq(self) -> int:
        """How many changes the hall's journal holds."""
        assert self.hall is not None
        return self.hall.hubs[HALL].seq

    def ticket(self, number: str) -> dict[str, Any]:
        """A live ticket by its number."""
        for address, fact in self.state().items():
            if address.startswith("ticket/") and fact["number"] == number:
                return dict(fact)
        raise AssertionError(f"{number} is not live")

    def _wait(self, doing: Coroutine[Any, Any, Any]) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(STARTS_IN)
