"""The server as one ASGI app: the hall, its clockwork and its doors."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from hall_server.api import callers, commands, pages, refusals, views, what_if
from hall_server.api.link import LinkDoor
from hall_server.clockwork import Clockwork
from hall_server.hall import Clock, Hall
from hall_server.store.store import Store
from hall_server.words import Refusal, Refused

LARGEST_BODY = 64 * 1024
LARGEST_IMPORT = 32 * 1024 * 1024  # 20,000 items with their guidance

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Any]


def utc_now() -> datetime:
    return datetime.now(UTC)


class App:
    """The ASGI app: the link and the commands go straight to their doors, the rest through
    FastAPI, all within bounds."""

    def __init__(self, hall: Hall, origins: tuple[str, ...] = (), *, foresees: bool = True) -> None:
        self.hall = hall
        self.web = _web(hall, foresees)
        self._link = LinkDoor(hall, origins)
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if scope["path"] == "/link":
                await self._link(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.web(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Foreign pages and bodies that are too large are turned away before they are read."""
        told = {name: value.decode("latin-1") for name, value in scope["headers"]}
        most = LARGEST_IMPORT if "/import_" in scope["path"] else LARGEST_BODY
        length = told.get(b"content-length", "0")
        refused = None
        if not callers.same_origin(told.get(b"origin"), told.get(b"host"), self._origins):
            refused = Refused(Refusal.NOT_PERMITTED, role="page", command="origin")
        elif b"transfer-encoding" in told or not length.isdecimal() or int(length) > most:
            refused = Refused(Refusal.FRAME_TOO_LARGE, limit=most)
        if refused is not None:
            await refusals.answer(refused)(scope, receive, send)
            return
        way = commands.WAYS.get(scope["path"]) if scope["method"] == "POST" else None
        if way is None:
            await self.web(scope, receive, _with_headers(send))
        else:
            # Past the framework's routing and its six middlewares: a third of the server's time.
            scope["app"] = self.web
            await way(scope, receive, send)


ADDED = [(name.lower().encode(), value.encode()) for name, value in pages.HEADERS.items()]


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *ADDED]
        await send(message)

    return sending


def _web(hall: Hall, foresees: bool) -> FastAPI:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await hall.start()
        clockwork = asyncio.create_task(
            Clockwork(hall, shared=hall.store.dialect != "sqlite", foresees=foresees).run()
        )
        # What lives as long as the server is not looked through again and again: take p99
        # 149 -> 34 ms (performance.md).
        threshold = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 1_000)
        try:
            yield
        finally:
            clockwork.cancel()
            with suppress(asyncio.CancelledError):
                await clockwork
            await hall.stop()
            gc.unfreeze()  # a test goes on after it
            gc.set_threshold(*threshold)

    web = FastAPI(
        title="政务服务大厅 service hall",
        version="0.1.0",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    web.state.hall = hall
    web.add_exception_handler(Refused, refusals.on_refused)
    web.add_exception_handler(RequestValidationError, refusals.on_bad_input)
    web.add_exception_handler(HTTPException, refusals.on_http)
    web.add_exception_handler(Exception, refusals.on_bug)
    for door in (commands.router, views.router, what_if.router, callers.router, pages.router):
        web.include_router(door)
    web.mount("/web", pages.files)
    return web


def make_app(
    url: str,
    public_url: str = "",
    origins: tuple[str, ...] = (),
    clock: Clock = utc_now,
    *,
    foresees: bool = True,
) -> App:
    """A server on one database, ready for uvicorn; its tables are there already. Without its
    forecasts only where their cost is measured."""
    return App(Hall(Store(url), clock, public_url), origins, foresees=foresees)
