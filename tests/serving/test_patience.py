"""Half a request does not hold a place at the door for ever."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from hall_server.api import patience
from hall_server.app import make_app
from hall_server.store.store import Store
from tests.builders import Watch, sqlite_url

ENDS_IN = 10.0
HEAD = b"POST /api/sign_in HTTP/1.1\r\nHost: hall\r\nContent-Type: application/json\r\n"


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[int]:
    store = Store(sqlite_url(folder))
    store.make_tables()
    store.close()
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        make_app(sqlite_url(folder), clock=Watch()),
        http=patience.PatientProtocol,
        timeout_keep_alive=1,
        log_level="error",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)  # uvicorn tells of its start by this flag alone
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        listening.close()


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"POST /api/comm",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        b"GET /api/halls HTTP/1.1\r\nHost: hall\r\n\r\nGET /api/ha",
    ],
    ids=["nothing", "half a head", "half a body", "half of a second head"],
)
async def test_half_a_request_is_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bytes
) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", 0.3)
    async with serving(tmp_path) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(half)
        async with asyncio.timeout(ENDS_IN):
            await reader.read()  # until the server ends it
        writer.close()


async def test_whole_requests_go_on_over_one_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", 0.05)
    async with serving(tmp_path) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(8):
            writer.write(b"GET /api/halls HTTP/1.1\r\nHost: hall\r\n\r\n")
            async with asyncio.timeout(ENDS_IN):
                assert (await reader.readline()).split()[1] == b"200"
                await reader.readuntil(b"\r\n\r\n[]")
            await asyncio.sleep(0.05)  # a look or two passes between two requests
        writer.close()
