"""A small TCP proxy whose lines can be cut: closed, reset, held, or left half-open."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: the close is a reset


class Line:
    """One proxied connection."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.ends = near, far
        self.deaf = False  # takes bytes and passes none on: half-open
        self.flows = asyncio.Event()
        self.flows.set()

    def close(self) -> None:
        for end in self.ends:
            end.close()

    def reset(self) -> None:
        for end in self.ends:
            found = end.get_extra_info("socket")
            if found.fileno() >= 0:  # its other end may have gone in this moment
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.transport.abort()


class Proxy:
    """Passes bytes between one client, which may come again, and a server on 127.0.0.1."""

    def __init__(self, server_port: int) -> None:
        self.port = 0
        self.away = False  # the network is away: whoever connects is turned off
        self._lines: set[Line] = set()
        self._server_port = server_port
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self, kind: str) -> None:
        """Cut what is open now: close, reset, half_open, or hold (until `mend`)."""
        self.away = True
        for line in self._lines:
            if kind == "close":
                line.close()
            elif kind == "reset":
                line.reset()
            elif kind == "half_open":
                line.deaf = True
            else:
                line.flows.clear()

    def mend(self) -> None:
        """The network is back; what was held flows on, as packets that are sent again."""
        self.away = False
        for line in self._lines:
            line.flows.set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        if self.away:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        line = Line(writer, far_writer)
        self._lines.add(line)
        try:
            await asyncio.gather(_pass(reader, far_writer, line), _pass(far_reader, writer, line))
        except asyncio.CancelledError:  # by `end`; asyncio's own callback cannot bear it here
            pass
        finally:
            self._tasks.discard(task)
            self._lines.discard(line)
            line.close()

    async def end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line) -> None:
    """Pass bytes on until the end; then the other side learns of the end too."""
    with suppress(OSError):  # a reset is wanted here
        while read := await reader.read(1 << 16):
            await line.flows.wait()
            if writer.is_closing():
                break
            if not line.deaf:
                writer.write(read)
                await writer.drain()
    if not line.deaf:
        writer.close()


@asynccontextmanager
async def proxy(server_port: int) -> AsyncIterator[Proxy]:
    made = Proxy(server_port)
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.end()
