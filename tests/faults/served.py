"""A hall served over TCP inside this process, with a device for every role."""

import asyncio
import gc
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn

from hall_server.actions.callers import secret_hash
from hall_server.api.wires import WIRES
from hall_server.app import App, make_app
from hall_server.hall import Hall
from hall_server.store.store import Store
from hall_server.wire.commands import AddAccount, ImportCatalogue, ImportLayout, OpenDay
from tests.builders import ADMIN, DATE, HALL, SUPERVISOR, Watch, catalogue, layout


@dataclass
class Served:
    """Where the hall listens, and the secret of each account."""

    app: App
    port: int
    secrets: dict[str, str]

    @property
    def hall(self) -> Hall:
        return self.app.hall

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serve(
    url: str, accounts: dict[str, str], windows: int = 3, bound: str | None = "1"
) -> AsyncIterator[Served]:
    """Serve a fresh hall with an open day; `accounts` names a role for each account. Agents
    are bound to the window `bound`; None is the hall's own bus."""
    threshold = gc.get_threshold()
    store = Store(url)
    store.make_tables()
    store.close()
    app = make_app(url, "http://hall.test", clock=Watch())
    # The protocol is named, else asyncio leaves Nagle's delay of 40 ms on every answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    config = uvicorn.Config(
        app,
        log_level="error",
        timeout_graceful_shutdown=1,
        **WIRES,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)  # uvicorn tells of its start by this flag alone
        if serving.done():
            await serving
    try:
        served = Served(app, listening.getsockname()[1], {})
        await _furnish(served, accounts, windows, bound)
        yield served
    finally:
        server.should_exit = True
        await serving
        listening.close()
        gc.unfreeze()  # the server froze it for a life of its own; the tests go on
        gc.set_threshold(*threshold)


async def _furnish(
    served: Served, accounts: dict[str, str], windows: int, bound: str | None
) -> None:
    hall = served.hall
    await hall.add_hall(HALL)
    await hall.handle(ImportLayout(hall=HALL, layout=layout(windows=windows)), ADMIN)
    await hall.handle(ImportCatalogue(hall=HALL, catalogue=catalogue()), ADMIN)
    await hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
    for name, role in accounts.items():
        secret = served.secrets[name] = secrets.token_urlsafe(32)
        given = {
            "hall": HALL,
            "name": name,
            "role": role,
            "secret_hash": secret_hash(secret),
            "window": bound if role in ("agent", "pad") else None,
        }
        await hall.handle(AddAccount.model_validate(given), ADMIN)
