"""uvicorn's protocols as the hall runs them: an answer in one write, a frame at once."""

from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from hall_server.api.patience import PatientProtocol

TEXT = 0x81  # one whole text frame (RFC 6455 §5.2), as a server sends it: with no mask
FRAMES = "hall.frames"  # where the link finds its socket among the scope's extensions


class _OneWrite:
    """The transport of one answer. uvicorn writes the head as soon as it is told; here it waits
    for the first piece of the body: a write costs 6 µs, and the client wakes once."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._head: bytes | None = None

    def write(self, piece: bytes) -> None:
        if self._head is None:
            self._head = piece
            return
        self._transport.write(self._head + piece)
        self._head = b""

    def is_closing(self) -> bool:
        return bool(self._transport.is_closing())

    def close(self) -> None:
        self._transport.close()


class HallHttp(PatientProtocol):
    """A patient connection whose answers to POST go out in one piece. Of any other method an
    answer may have no body to wait for."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.scope["method"] == "POST" and not cycle.waiting_for_100_continue:
            cycle.transport = _OneWrite(cycle.transport)  # type: ignore[assignment]
        super()._start_asgi_task(cycle, app)


class Frames(Protocol):
    """A socket that takes text frames."""

    @property
    def gone(self) -> bool: ...
    def put(self, text: str) -> bool: ...
    async def room(self) -> None: ...
    def settle(self) -> None: ...


class HallSocket(WebSocketsSansIOProtocol):
    """A websocket that the link writes straight to, as `websockets`' broadcast() does: through
    ASGI a frame costs twice the time. It needs permessage-deflate switched off."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            # uvicorn reads it no further and keeps the place at the door for ever.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    async def run_asgi(self) -> None:
        self.scope["extensions"][FRAMES] = self  # type: ignore[assignment]
        await super().run_asgi()

    @property
    def gone(self) -> bool:
        """Whether nothing more can be sent."""
        lost = self.disconnected or self.transport.is_closing()
        return lost or self.conn.state is not State.OPEN

    def put(self, text: str) -> bool:
        """Send one frame now; False while the socket has no room, or is gone."""
        if not self.writable.is_set() or self.gone:
            return False
        self.transport.write(_framed(text))
        return True

    async def room(self) -> None:
        """Until the socket has room, or is gone."""
        await self.writable.wait()

    def settle(self) -> None:
        """Forget the handshake, which is over: 4 KiB of each listener."""
        self.scope["headers"] = []
        for name in ("request", "response"):
            told = vars(self).pop(name, None)
            if told is not None:
                told.headers.clear()  # the parser keeps the request itself for ever


def _framed(text: str) -> bytes:
    body = text.encode()
    size = len(body)
    if size < 126:
        return bytes((TEXT, size)) + body
    if size < 65_536:
        return b"%c\x7e%b%b" % (TEXT, size.to_bytes(2), body)
    return b"%c\x7f%b%b" % (TEXT, size.to_bytes(8), body)


# What every server of the hall gives to uvicorn.
WIRES: dict[str, Any] = {
    "http": HallHttp,
    "ws": HallSocket,
    "ws_max_size": 64 * 1024,
    "ws_ping_interval": 5.0,
    "ws_ping_timeout": 10.0,
    "ws_per_message_deflate": False,
    "access_log": False,
    "server_header": False,
}
