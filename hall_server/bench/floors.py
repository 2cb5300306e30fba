"""The floors: the smallest servers that do the same durable work, and nothing else."""

import gc
import json
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import MetaData, event
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosedError

from hall_server.bench.group_commit import GroupCommit
from hall_server.store.database import open_engine

EVENT_BYTES = 300
SESSION_TIMEOUT = 60_000  # ms: 32 threads ask for one write lock


class Wish(BaseModel):
    """The fields of a hall's command, without their bounds."""

    hall: str
    id: str
    queue: str


class _Floor(SQLModel, registry=registry(metadata=MetaData())):
    """Tables of the floor stand apart from the hall's."""


class Counter(_Floor, table=True):
    """The last number of a queue."""

    __tablename__ = "counter"
    queue: str = Field(primary_key=True)
    last: int = 0


class Taken(_Floor, table=True):
    """A number that was handed out."""

    __tablename__ = "taken"
    queue: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    body: str


def _settle() -> None:
    # As the hall does after its start, so that the collector is the same for both.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 1_000)


def _floor_file(database: str) -> Path:
    return Path(database.removeprefix("sqlite:///"))


def _answer(n: int, wish: Wish) -> dict[str, Any]:
    return {"ticket": wish.id, "number": f"A{n:03d}", "queue": wish.queue}


def route(database: str) -> FastAPI:
    """A FastAPI route and the same durable group commit."""
    return _web(database, lambda _: None)


def _web(database: str, taken: Callable[[Wish], None]) -> FastAPI:
    writers: list[GroupCommit] = []

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        writers.append(GroupCommit(_floor_file(database)))
        _settle()
        yield
        writers.pop().stop()

    web = FastAPI(lifespan=life)

    @web.post("/api/commands/{kind}")
    async def take(kind: str, wish: Wish) -> dict[str, Any]:
        n = await writers[0].take(wish.id)
        taken(wish)
        return _answer(n, wish)

    return web


def session(database: str) -> FastAPI:
    """A FastAPI route in the thread pool with one SQLModel session a request, as tutorials do."""
    engine = open_engine(database)

    @event.listens_for(engine, "connect")
    def _patient(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={SESSION_TIMEOUT}")

    @event.listens_for(engine, "begin")
    def _at_once(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        _Floor.metadata.create_all(engine)
        _settle()
        yield
        engine.dispose()

    web = FastAPI(lifespan=life)

    @web.post("/api/commands/{kind}")
    def take(kind: str, wish: Wish) -> dict[str, Any]:
        with Session(engine) as asked:
            counter = asked.get(Counter, wish.queue) or Counter(queue=wish.queue)
            counter.last += 1
            n = counter.last
            asked.add(counter)
            asked.add(Taken(queue=wish.queue, n=n, body=wish.id))
            asked.commit()
        return _answer(n, wish)

    return web


Message = MutableMapping[str, Any]


class _Bare:
    """Plain ASGI: the body in, the durable number out."""

    HEADERS: ClassVar = [(b"content-type", b"application/json")]

    def __init__(self, database: str) -> None:
        self._file = _floor_file(database)
        self._writer: GroupCommit | None = None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self._writer = GroupCommit(self._file)
            _settle()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._writer.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert self._writer is not None
        wish = json.loads((await receive())["body"])
        n = await self._writer.take(wish["id"])
        told = json.dumps({"ticket": wish["id"], "number": f"A{n:03d}"}).encode()
        length = (b"content-length", str(len(told)).encode())
        await send(
            {"type": "http.response.start", "status": 200, "headers": [*self.HEADERS, length]}
        )
        await send({"type": "http.response.body", "body": told})


def bare(database: str) -> _Bare:
    """Bare ASGI and the same durable group commit."""
    return _Bare(database)


class WithSockets:
    """A web app beside websockets of the library `websockets`, one loop for both."""

    def __init__(self, database: str) -> None:
        self._joined: defaultdict[str, set[ServerConnection]] = defaultdict(set)
        self._web = _web(database, self._tell)
        self._server: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._web(scope, receive, send)

    async def listen(self, on: socket.socket) -> None:
        self._server = await serve(self._join, sock=on, compression=None, ping_interval=None)

    async def _join(self, connection: ServerConnection) -> None:
        """The first frame names the hall; one that says `tell` is broadcast at once."""
        hall = str(json.loads(await connection.recv()).get("hall", ""))
        listeners = self._joined[hall]
        listeners.add(connection)
        await connection.send('{"t":"welcome"}')
        try:
            async for _ in connection:
                broadcast(listeners, event_of("call_next"))
        except ConnectionClosedError:
            pass  # a display that goes says no farewell
        finally:
            listeners.discard(connection)

    def _tell(self, wish: Wish) -> None:
        broadcast(self._joined[wish.hall], event_of(wish.queue))


def event_of(kind: str) -> str:
    """An event of 300 bytes that looks like the hall's from its beginning."""
    told = f'{{"t":"event","epoch":"0123456789abcdef","seq":1,"at":1,"kind":"{kind}","facts":"'
    return told + "x" * (EVENT_BYTES - len(told) - 2) + '"}'


def sockets(database: str) -> WithSockets:
    """Raw `websockets` broadcast(): whoever sends a frame has an event told to all."""
    return WithSockets(database)


def reference_hall(database: str) -> WithSockets:
    """The smallest hall: a FastAPI route, the durable commit, a broadcast of 300 bytes."""
    return WithSockets(database)


FLOORS: dict[str, Callable[[str], Any]] = {
    "bare": bare,
    "route": route,
    "session": session,
    "sockets": sockets,
    "reference": reference_hall,
}
