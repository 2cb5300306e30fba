"""A hall server as far as a wall can hear it: a real websocket that speaks frames."""

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from tests import ports
from tests.display.halls import Tiny

EPOCH = "0123456789abcdef"


class Doorway:
    """One port. It can be shut and opened again, as when a cable is pulled and put back."""

    def __init__(self, tiny: Tiny, port: int) -> None:
        self.tiny = tiny
        self.port = port
        self.refuses: str | None = None
        self._lines: set[ServerConnection] = set()
        self._server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        self._server = await serve(self._meet, "127.0.0.1", self.port)

    async def shut(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def tell(self, facts: dict[str, Any]) -> None:
        """One event to everybody who listens."""
        frame = {
            "t": "event",
            "epoch": EPOCH,
            "seq": self.tiny.seq,
            "kind": "told",
            "facts": facts,
        }
        for line in tuple(self._lines):
            await line.send(json.dumps(frame))

    async def _meet(self, line: ServerConnection) -> None:
        assert json.loads(await line.recv())["t"] == "hello"
        if self.refuses:
            told = {"t": "refused", "n": None, "code": self.refuses, "facts": {}}
            await line.send(json.dumps(told))
            return
        await line.send(json.dumps({"t": "welcome", "name": "board-a", "recovered": False}))
        snapshot = {
            "t": "snapshot",
            "epoch": EPOCH,
            "seq": self.tiny.seq,
            "facts": self.tiny.snapshot(),
        }
        await line.send(json.dumps(snapshot))
        self._lines.add(line)
        try:
            beats = asyncio.create_task(self._beat(line))
            await line.wait_closed()
            beats.cancel()
        finally:
            self._lines.discard(line)

    async def _beat(self, line: ServerConnection) -> None:
        while True:
            await asyncio.sleep(1)
            beat = {"t": "beat", "epoch": EPOCH, "seq": self.tiny.seq}
            await line.send(json.dumps(beat))


@asynccontextmanager
async def doorway(tiny: Tiny):
    """An open doorway of this hall, shut at the end."""
    with ports.kept() as place:
        door = Doorway(tiny, ports.number(place))
        await door.open()
        try:
            yield door
        finally:
            await door.shut()
