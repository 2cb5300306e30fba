"""The client end of the websocket: stay joined to a hall, keep its live state, ask."""

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from hall_server.wire.commands import Command
from hall_server.wire.frames import BEHIND_SECONDS, SILENT_SECONDS, Ask, Hello, See
from hall_server.wire.views import Facts, State, apply
from hall_server.words import Refusal, Refused

SNAPSHOT, LIVE = "snapshot", "live"
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 0.2, 2.0, 5.0
# A hall that says one of these has not said whether an earlier, lost asking was done.
PASSING = frozenset({Refusal.TOO_BUSY, Refusal.STORE_UNAVAILABLE})


class LinkLost(ConnectionError):
    """The hall did not answer; whether it did the deed is unknown until asked with the same id."""


class Link:
    """One program's line to one hall.

    `state` is the hall's live state (see views) and stays readable, though stale, while
    `online` is False. `changed(kind, facts)` is called in the event loop after each change
    was applied, with kind "snapshot" when all of it is new; `turned(online)` when the line
    comes or goes. `refused` tells why the hall would not let us in, if it would not.
    """

    def __init__(
        self,
        url: str,
        hall: str,
        credential: str | None,
        changed: Callable[[str, Facts], None] = lambda _kind, _facts: None,
        turned: Callable[[bool], None] = lambda _online: None,
    ) -> None:
        self.state: State = {}
        self.online = False
        self.epoch: str | None = None
        self.seq = 0
        self.name = ""  # our account's, as the hall knows it
        self.refused: Refused | None = None
        self._url, self._hall, self._credential = url, hall, credential
        self._changed, self._turned = changed, turned
        self._wire: ClientConnection | None = None
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._n = 0
        self._behind_since: float | None = None
        self._joined = asyncio.Event()

    async def run(self) -> None:
        """Stay joined until cancelled; each time again after 0.2 to 2 s with jitter, so that
        500 boards do not return in the same instant."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    self._url,
                    compression=None,
                    open_timeout=5,
                    close_timeout=0.2,  # a hall says goodbye within a round trip, a dead line never
                    ping_interval=None,
                    max_size=8 * 1024 * 1024,
                    proxy=None,
                ) as wire:
                    try:
                        await self._join(wire)
                        pause = FIRST_PAUSE
                        await self._listen(wire)
                    finally:
                        self._drop()  # before the closing, which a dead line lets run out
            except (OSError, TimeoutError, WebSocketException, InvalidHandshake):
                pass
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def joined(self) -> None:
        """Wait until the line stands and the state is there."""
        await self._joined.wait()

    async def ask(self, command: Command, timeout: float = 5.0) -> dict[str, Any]:
        """Give a command and wait for its reply. Raises Refused, or LinkLost: then ask again
        with the same command, whose id makes the repeat harmless."""
        self._n += 1
        body = command.model_dump(mode="json")
        return await self._put(Ask(n=self._n, command=command.kind, body=body), timeout)

    async def insist(self, command: Command) -> dict[str, Any]:
        """Give a command again and again under its one id until the hall has answered, with
        0.2 to 5 s between. Raises Refused; a hall that is too busy or cannot write has not
        answered yet."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self.ask(command)
            except LinkLost:
                pass
            except Refused as refused:
                if refused.code not in PASSING:
                    raise
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(pause * 2, LONGEST_WAIT)

    async def see(self, view: str, timeout: float = 10.0, **args: str) -> dict[str, Any]:
        """Ask for one view, such as the catalogue. Raises Refused or LinkLost."""
        self._n += 1
        return await self._put(See(n=self._n, view=view, args=args), timeout)

    async def _put(self, frame: Ask | See, timeout: float) -> dict[str, Any]:
        wire = self._wire
        if wire is None or not self.online:
            raise LinkLost("not joined")
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[frame.n] = answer
        try:
            await wire.send(frame.model_dump_json())
            async with asyncio.timeout(timeout):
                return await answer
        except (TimeoutError, WebSocketException) as cut:
            raise LinkLost(str(cut) or "no answer") from cut
        finally:
            self._asked.pop(frame.n, None)

    async def _join(self, wire: ClientConnection) -> None:
        hello = Hello(hall=self._hall, credential=self._credential, epoch=self.epoch, seq=self.seq)
        await wire.send(hello.model_dump_json())
        self._wire = wire
        self._behind_since = None

    async def _listen(self, wire: ClientConnection) -> None:
        while True:
            # Not wait_for: on Python 3.11 it can swallow the cancel that ends the program.
            async with asyncio.timeout(SILENT_SECONDS):
                frame = json.loads(await wire.recv())
            if not self._heard(frame):
                return

    def _heard(self, frame: dict[str, Any]) -> bool:
        """Take one frame in; False when the line must be made anew."""
        told = frame["t"]
        if told == "event":
            return self._event(frame)
        if told == "beat":
            return self._beat(frame)
        if told == "reply":
            self._answer(frame["n"], frame["body"])
        elif told == "refused":
            refused = _refused(frame["code"], frame["facts"])
            if frame["n"] is None:
                self.refused = refused
                return False
            self._answer(frame["n"], refused)
        elif told == "snapshot":
            self.state.clear()
            self.epoch, self.seq = frame["epoch"], frame["seq"]
            apply(self.state, frame["facts"])
            self._changed(SNAPSHOT, frame["facts"])
            self._up()
        elif told == "live":
            apply(self.state, frame["facts"])
            self._changed(LIVE, frame["facts"])
        elif told == "welcome":
            self.name = frame["name"]
            if frame["recovered"]:
                self._up()
        return True

    def _event(self, frame: dict[str, Any]) -> bool:
        if frame["epoch"] != self.epoch or frame["seq"] > self.seq + 1:
            self.epoch = None
            return False
        if frame["seq"] == self.seq + 1:
            self.seq = frame["seq"]
            apply(self.state, frame["facts"])
            self._changed(frame["kind"], frame["facts"])
        return True

    def _beat(self, frame: dict[str, Any]) -> bool:
        if frame["epoch"] != self.epoch:
            self.epoch = None
            return False
        if frame["seq"] <= self.seq:
            self._behind_since = None
            return True
        now = asyncio.get_running_loop().time()
        if self._behind_since is None:
            self._behind_since = now
        return now - self._behind_since <= BEHIND_SECONDS

    def _answer(self, n: int, answer: dict[str, Any] | Refused) -> None:
        waiting = self._asked.pop(n, None)
        if waiting is None or waiting.done():
            return
        if isinstance(answer, Refused):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)

    def _up(self) -> None:
        self.refused = None
        if not self.online:
            self.online = True
            self._joined.set()
            self._turned(True)

    def _drop(self) -> None:
        self._wire = None
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(LinkLost("the line was cut"))
        self._asked.clear()
        self._joined.clear()
        if self.online:
            self.online = False
            self._turned(False)


def _refused(code: str, facts: dict[str, str | int]) -> Refused:
    """A refusal as it came; a code of a later version of the hall counts as internal."""
    try:
        return Refused(Refusal(code), **facts)
    except ValueError:
        return Refused(Refusal.INTERNAL)
