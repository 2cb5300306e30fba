"""An answer leaves in one write, and a frame goes straight to its socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect

from hall_server.api import patience
from hall_server.api.wires import FRAMES, WIRES, Frames, HallHttp

ENDS_IN = 10.0
HEAD = " /x HTTP/1.1\r\nHost: hall\r\nContent-Length: 2\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
App = Callable[[Any, Any, Any], Awaitable[None]]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


class Written(asyncio.Transport):
    """What a protocol writes, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: Any) -> None:
        self.pieces.append(bytes(data))

    def is_closing(self) -> bool:
        return False

    def get_protocol(self) -> asyncio.BaseProtocol:
        return asyncio.Protocol()


async def asked(kind: type[HttpToolsProtocol], request: str) -> list[bytes]:
    """The pieces in which one request is answered."""
    wire = kind(uvicorn.Config(echo, proxy_headers=False, log_level="error"), ServerState(), {})
    written = Written()
    wire.connection_made(written)
    wire.data_received(request.encode())
    await asyncio.wait_for(asyncio.gather(*wire.tasks), ENDS_IN)
    wire.connection_lost(ConnectionResetError())
    assert wire.timeout_keep_alive_task is not None
    wire.timeout_keep_alive_task.cancel()
    return written.pieces


async def test_the_answer_to_a_post_leaves_in_one_write() -> None:
    (whole,) = await asked(HallHttp, "POST" + HEAD + "\r\nhi")
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\nhi")


async def test_uvicorn_alone_writes_it_twice() -> None:
    assert len(await asked(HttpToolsProtocol, "POST" + HEAD + "\r\nhi")) == 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_no_head_waits_for_a_body_that_never_comes(method: str) -> None:
    assert (await asked(HallHttp, method + HEAD + "\r\nhi"))[0].startswith(b"HTTP/1.1 200 OK\r\n")


async def test_who_waits_to_be_told_to_go_on_is_told_at_once() -> None:
    pieces = await asked(HallHttp, "POST" + HEAD + "Expect: 100-continue\r\n\r\nhi")
    assert pieces[0] == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert b"".join(pieces[1:]).endswith(b"\r\n\r\nhi")


@asynccontextmanager
async def listening(says: Callable[[Frames], Awaitable[None]]) -> AsyncIterator[int]:
    """The port of a server whose end of each websocket does what `says` does."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await says(scope["extensions"][FRAMES])
        while (await receive())["type"] != "websocket.disconnect":
            pass

    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", **WIRES))
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield door.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        door.close()


@asynccontextmanager
async def linked(says: Callable[[Frames], Awaitable[None]]) -> AsyncIterator[ClientConnection]:
    """A websocket whose server's end does what `says` does."""
    async with listening(says) as port, connect(f"ws://127.0.0.1:{port}", max_queue=1) as line:
        yield line


@pytest.mark.parametrize(
    "spoiled", ["X-Long: " + "x" * 60_000, "Transfer-Encoding: chunked", "X: y\r\n" * 300 + "X: y"]
)
async def test_who_cannot_become_a_link_keeps_no_place_at_the_door(spoiled: str) -> None:
    async def says(_frames: Frames) -> None:
        raise AssertionError("let in")

    async with listening(says) as port, asyncio.timeout(ENDS_IN):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(UPGRADE + spoiled.encode() + b"\r\n\r\n")
        assert b"101" not in await reader.read()  # until the server ends it
        writer.close()


async def test_frames_of_every_size_come_whole() -> None:
    sizes = [0, 1, 125, 126, 65_535, 65_536, 200_000]

    async def says(frames: Frames) -> None:
        for size in sizes:
            await frames.room()
            assert frames.put("号" * (size // 3) + "x" * (size % 3))

    async with linked(says) as line, asyncio.timeout(ENDS_IN):
        assert [len((await line.recv()).encode()) for _ in sizes] == sizes  # type: ignore[union-attr]


async def test_a_socket_that_is_full_takes_nothing_until_there_is_room() -> None:
    full = asyncio.Event()
    told: list[int] = []

    async def says(frames: Frames) -> None:
        while frames.put("x" * 60_000):
            told.append(len(told))
        assert not frames.gone
        full.set()
        await frames.room()
        assert frames.put("there was room")

    async with linked(says) as line, asyncio.timeout(ENDS_IN):
        await full.wait()
        for _ in told:
            assert len(await line.recv()) == 60_000
        assert await line.recv() == "there was room"


async def test_a_socket_whose_client_left_is_gone() -> None:
    left: asyncio.Future[tuple[bool, bool]] = asyncio.get_running_loop().create_future()
    joined = asyncio.Event()

    async def says(frames: Frames) -> None:
        joined.set()
        while frames.put("x"):
            await asyncio.sleep(0.01)
        await frames.room()
        left.set_result((frames.gone, frames.put("y")))

    async with linked(says) as line, asyncio.timeout(ENDS_IN):
        await joined.wait()
        line.transport.abort()
        assert await left == (True, False)


async def test_a_websocket_is_not_turned_away_as_half_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", 0.05)

    async def says(frames: Frames) -> None:
        await asyncio.sleep(0.3)  # six looks
        assert frames.put("still here")

    async with linked(says) as line, asyncio.timeout(ENDS_IN):
        assert await line.recv() == "still here"
