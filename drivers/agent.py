"""The agent (设备代理): the devices of one machine, spoken for at the hall."""

import asyncio
import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from drivers.bus import Bus
from drivers.call_box import CallBox, Key, Pressed, load_box_table
from drivers.port import Port
from drivers.rating_pad import Rated, RatingPad, load_pad_table
from hall_server.wire.bounds import WindowId
from hall_server.wire.commands import (
    CallNext,
    Command,
    Finish,
    PauseWindow,
    Rate,
    Recall,
    StartService,
)
from hall_server.wire.link import SNAPSHOT, Link
from hall_server.wire.views import Facts
from hall_server.words import Refused

log = logging.getLogger(__name__)

Told = TypeVar("Told")

ASK_SECONDS = 60.0  # a pad asks this long, then falls silent: no answer stays no answer
ASK_AGAIN = 2.0
MOST_PENDING = 500
PAUSED_BY_KEY = "暂停服务"

# What a key on the window's box wishes; a key that is not here asks for digits first.
DEEDS: dict[Key, Callable[[str, str], Command]] = {
    Key.NEXT: lambda hall, window: CallNext(hall=hall, window=window, generation=0),
    Key.RECALL: lambda hall, window: Recall(hall=hall, window=window, generation=0),
    Key.OK: lambda hall, window: StartService(hall=hall, window=window, generation=0),
    Key.ASK_RATING: lambda hall, window: Finish(hall=hall, window=window, generation=0),
    Key.PAUSE: lambda hall, window: PauseWindow(
        hall=hall, window=window, generation=0, reason=PAUSED_BY_KEY
    ),
}


class Place(BaseModel):
    """One address on a line, and the window that it stands at: box and pad share it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: WindowId
    address: Annotated[int, Field(ge=0, le=255)]


class Line(BaseModel):
    """One serial line: its URL, the table of its frames, and who is on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]
    table: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
    baud: Annotated[int, Field(ge=300, le=921_600)] = 9600
    places: tuple[Place, ...] = Field(min_length=1, max_length=64)


class Devices(BaseModel):
    """The devices of one machine, as its file lists them (AGENT_DEVICES)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: tuple[Line, ...] = Field(max_length=64)


def read_devices(file: Path) -> Devices:
    """Read the file that lists the devices; a ValueError says what is wrong in it."""
    try:
        return Devices.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise ValueError(f"{file}: {wrong}") from wrong


class Agent:
    """Asks each pad what the hall wants rated, and takes keys and ratings to the hall.

    What was pressed is asked under one id until the hall has answered, in the order of
    pressing; a refusal is the hall's word and ends it.
    """

    def __init__(
        self, *, server: str, hall: str, secret: str, devices: Devices, tables: Path
    ) -> None:
        link = f"{server.replace('http', 'ws', 1)}/link"
        self.link = Link(link, hall, secret, changed=self._changed)
        self._hall = hall
        self._pads: dict[str, RatingPad] = {}
        self._asking: dict[str, str] = {}
        self._ports: list[Port] = []
        self._pending: asyncio.Queue[Command] = asyncio.Queue(MOST_PENDING)
        self._loop: asyncio.AbstractEventLoop | None = None
        for line in devices.lines:
            self._put_on(line, tables / f"{line.table}.toml")

    async def run(self) -> None:
        """Work until cancelled; the ports are closed then."""
        self._loop = asyncio.get_running_loop()
        for port in self._ports:
            port.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.link.run())
                tasks.create_task(self._carry())
        finally:
            await asyncio.gather(*(asyncio.to_thread(port.close) for port in self._ports))

    def _put_on(self, line: Line, table: Path) -> None:
        pad_table, box_table = load_pad_table(table), load_box_table(table)
        port = Port(line.url, name=f"line {line.url}", baud=line.baud)
        bus = Bus(port, pad_table.frames)
        for place in line.places:
            self._pads[place.window] = RatingPad(
                bus, pad_table, address=place.address, tell=self._from_port(self._rated)
            )

            def pressed(press: Pressed, window: str = place.window) -> None:
                self._pressed(window, press)

            CallBox(bus, box_table, address=place.address, tell=self._from_port(pressed))
        self._ports.append(port)

    def _from_port(self, hear: Callable[[Told], None]) -> Callable[[Told], None]:
        """Hand a value over from the port's thread to the event loop."""

        def tell(value: Told) -> None:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(hear, value)

        return tell

    def _rated(self, rated: Rated) -> None:
        self._wish(Rate(hall=self._hall, service=rated.service, level=rated.level))

    def _pressed(self, window: str, press: Pressed) -> None:
        """A key counts now or never: pressed ten times on a dead line, it must not call ten
        times when the line comes back."""
        deed = DEEDS.get(press.key)
        if not self.link.online:
            log.warning("window %s: key %s on a dead line", window, press.key)
        elif deed is not None and not press.digits:
            self._wish(deed(self._hall, window))

    def _wish(self, command: Command) -> None:
        try:
            self._pending.put_nowait(command)
        except asyncio.QueueFull:
            log.error("%s %s lost: %d wait already", command.kind, command.id, MOST_PENDING)

    async def _carry(self) -> None:
        while True:
            command = await self._pending.get()
            try:
                await self.link.insist(command)
            except Refused as refused:
                log.info("%s refused: %s", command.kind, refused)

    def _changed(self, kind: str, facts: Facts) -> None:
        """Open or close the question of each pad whose service has changed."""
        windows = (
            self._pads
            if kind == SNAPSHOT
            else [address.partition("/")[2] for address in facts if address.startswith("pad/")]
        )
        for window in windows:
            pad = self._pads.get(window)
            fact = self.link.state.get(f"pad/{window}")
            service = None if fact is None else fact["service"]
            if pad is None or service == self._asking.get(window):
                continue
            if service is None:
                del self._asking[window]
                pad.cancel()
            else:
                self._asking[window] = service
                self._ask(window, service)

    def _ask(self, window: str, service: str) -> None:
        """Open the question; where the line is down, again as long as the hall wants it."""
        if self._asking.get(window) != service:
            return

        def hear(opened: bool) -> None:
            self._opened(window, service, opened)

        tell = self._from_port(hear)
        asked = self._pads[window].ask(service, ASK_SECONDS)
        asked.add_done_callback(lambda done: tell(not done.cancelled() and done.result()))

    def _opened(self, window: str, service: str, opened: bool) -> None:
        if not opened and self._loop is not None:
            self._loop.call_later(ASK_AGAIN, self._ask, window, service)
