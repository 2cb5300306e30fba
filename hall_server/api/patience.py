"""HTTP connections that do not wait for ever: a request comes whole, or not at all."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LOOK_SECONDS = 30.0  # a catalogue of 32 MB comes within 30 s over 10 Mbit/s


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own, which lets a client stand at the door with half a request for as long as it
    likes: 1,000 of them and nobody else is let in. Here one looks every 30 s, and who still owes
    the same head or body as the last time is turned away."""

    _look: asyncio.TimerHandle | None = None
    _looked_at: RequestResponseCycle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_again)

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # A websocket now, which has its own bounds: 4 KiB of this are let go with the look.
        self._stop_looking()
        self.parser = None  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_looking()
        super().connection_lost(exc)

    def _stop_looking(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _look_again(self) -> None:
        if self.cycle is self._looked_at and self._owes():
            self.transport.close()
            return
        self._looked_at = self.cycle
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_again)

    def _owes(self) -> bool:
        """Whether the client has begun a request that it has not ended."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return True
        if not cycle.response_complete:
            return bool(cycle.more_body)
        return self.timeout_keep_alive_task is None
