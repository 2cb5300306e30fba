"""The load's own ends of the wire: bare, so that the load does not weigh more than the hall."""

import asyncio
import json
import os
from base64 import b64encode
from collections.abc import Callable
from typing import cast

WELCOMED = b'{"t":"welcome"'


class Failed(RuntimeError):
    """An answer that is no success: the run counts for nothing, since fast errors look like
    speed."""


class HttpLine(asyncio.Protocol):
    """One kept-alive HTTP connection; one request at a time, who comes meanwhile waits. A hall
    turns away who comes and asks nothing for half a minute, so a line that rested too long is
    opened again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._turn = asyncio.Lock()
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: asyncio.Future[bytes] | None = None
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is of no such class

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Failed("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + len(b"content-length:")
        length = int(head[at:].partition(b"\r\n")[0])
        if len(body) < length or self._waiting is None or self._waiting.done():
            return
        self._read = b""
        if head[9:10] == b"2":
            self._waiting.set_result(body)
        else:
            self._waiting.set_exception(Failed(f"{head[9:12].decode()} {body.decode()}"))

    @property
    def closed(self) -> bool:
        """Whether the server has let it go."""
        return self._transport is None or self._transport.is_closing()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._read = b""
        await loop.create_connection(lambda: self, "127.0.0.1", self._port)

    async def post(self, path: str, secret: str, body: bytes) -> bytes:
        """The body of a 2xx answer; raises Failed."""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {secret}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        async with self._turn:
            if self.closed:
                await self.open()
            assert self._transport is not None
            self._waiting = asyncio.get_running_loop().create_future()
            self._transport.write(head.encode() + body)
            return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def http_line(port: int) -> HttpLine:
    line = HttpLine(port)
    await line.open()
    return line


class SocketLine(asyncio.Protocol):
    """One websocket that takes frames in whole and reads none of them itself.

    `lost` is called when the server hangs up, and not when we do.
    """

    def __init__(
        self, hello: str, heard: Callable[[bytes], None], lost: Callable[[], None]
    ) -> None:
        self._hello, self._heard, self._lost = hello, heard, lost
        self._transport: asyncio.WriteTransport | None = None
        self._read = b""
        self._open = self._closed = False
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is of no such class
        key = b64encode(os.urandom(16)).decode()
        self._transport.write(
            b"GET /link HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            b"sec-websocket-version: 13\r\nsec-websocket-key: " + key.encode() + b"\r\n\r\n"
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(Failed("the server hung up"))
        elif not self._closed:
            self._lost()

    def data_received(self, data: bytes) -> None:
        data = self._read + data if self._read else data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._read = head
                return
            if b" 101 " not in head[:16]:
                self.joined.set_exception(Failed(head.decode()))
                return
            self._open = True
            self._write(1, self._hello.encode())
        at, end = 0, len(data)
        while end - at >= 2:
            size, first = data[at + 1], 2
            if size >= 126:
                first = 4 if size == 126 else 10
                size = int.from_bytes(data[at + 2 : at + first], "big")
            if end - at < first + size:
                break
            self._frame(data[at] & 15, data[at + first : at + first + size])
            at += first + size
        self._read = data[at:]

    def _frame(self, kind: int, body: bytes) -> None:
        if kind == 9:
            self._write(10, body)
        elif kind == 1:
            if not self.joined.done() and body.startswith(WELCOMED):
                self.joined.set_result(None)
            self._heard(body)

    def send(self, text: str) -> None:
        self._write(1, text.encode())

    def _write(self, kind: int, body: bytes) -> None:
        # A mask of zeros is a mask: the body stays as it is.
        size = len(body)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        assert self._transport is not None
        self._transport.write(bytes([0x80 | kind]) + length + b"\0\0\0\0" + body)

    def close(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.close()


async def socket_line(
    port: int, hall: str, secret: str, heard: Callable[[bytes], None], lost: Callable[[], None]
) -> SocketLine:
    """A link of a hall that has been let in."""
    loop = asyncio.get_running_loop()
    hello = json.dumps({"t": "hello", "hall": hall, "credential": secret})
    _, line = await loop.create_connection(
        lambda: SocketLine(hello, heard, lost), "127.0.0.1", port
    )
    await line.joined
    return line


class AskingLine:
    """A link that gives commands: the reply of each by its n."""

    def __init__(self) -> None:
        self._line: SocketLine | None = None
        self._asked: dict[int, asyncio.Future[bytes]] = {}
        self._n = 0

    async def join(self, port: int, hall: str, secret: str) -> None:
        self._line = await socket_line(port, hall, secret, self._heard, self._lost)

    async def see(self, view: str) -> bytes:
        """One view's frame; raises Failed."""
        return await self._say(f'"t":"see","view":"{view}"')

    async def ask(self, kind: str, body: bytes) -> bytes:
        """The reply's frame; raises Failed."""
        return await self._say(f'"t":"ask","command":"{kind}","body":{body.decode()}')

    async def _say(self, asked: str) -> bytes:
        assert self._line is not None
        self._n += 1
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked[self._n] = answer
        self._line.send(f'{{"n":{self._n},{asked}}}')
        return await answer

    def close(self) -> None:
        if self._line is not None:
            self._line.close()

    def _heard(self, frame: bytes) -> None:
        if frame.startswith(b'{"t":"re'):  # reply, refused
            told = json.loads(frame)
            answer = self._asked.pop(told["n"])
            if told["t"] == "reply":
                answer.set_result(frame)
            else:
                answer.set_exception(Failed(frame.decode()))

    def _lost(self) -> None:
        for answer in self._asked.values():
            answer.set_exception(Failed("the server hung up"))
        self._asked.clear()
