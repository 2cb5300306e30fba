"""The network is cut under twenty boards while numbers are taken and called."""

import asyncio
import hashlib
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.wire.commands import CallNext, PassOver
from hall_server.wire.frames import SILENT_SECONDS, Hello
from hall_server.wire.link import LIVE, SNAPSHOT, Link
from hall_server.wire.views import Facts, State, apply
from hall_server.words import Refused, Role
from tests.builders import HALL, at_window, open_window, sqlite_url, take, who
from tests.faults.figures import Figure
from tests.faults.proxy import Proxy, proxy
from tests.faults.served import Served, serve

BOARDS, WINDOWS = 20, 6
PAUSE = 0.02  # seconds between two commands
LONGEST_OUTAGE = 1.5
# "long" is a close that so much happens behind that the events since are not worth telling.
KINDS = ("close", "half_open", "reset", "hold", "long", "reset")
BEHIND = 300  # events; up to 250 are told
NOTICED_WITHIN = SILENT_SECONDS + 0.5
FREED_WITHIN = 16.0  # a ping every 5 s, 10 s for its answer
CONVERGED_WITHIN = 15.0  # then the board is lost, which is worse than slow


def digest(state: State) -> str:
    """Of what commands made: the forecast has no seq, and comes when it comes."""
    made = {address: fact for address, fact in state.items() if address != "forecast"}
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


class Truth:
    """What a board must show at each seq: told inside the server, with no network between."""

    def __init__(self, hall: Hall) -> None:
        self.digests: dict[int, str] = {}
        self._state: State = {}
        board = who(Role.DISPLAY)
        self._hub, self._mailbox, _ = hall.join(board, None, 0)
        self._mailbox.wake = self._take
        self._take()

    @property
    def seq(self) -> int:
        return self._hub.seq

    def _take(self) -> None:
        while self._mailbox.frames:
            frame = json.loads(self._mailbox.frames.popleft())
            if frame["t"] in ("snapshot", "event"):
                apply(self._state, frame["facts"])
                self.digests[frame["seq"]] = digest(self._state)


class Board:
    """A display on a network of its own, and what it saw."""

    def __init__(self, link: type[Link], network: Proxy, secret: str) -> None:
        self.network = network
        self.seen: list[tuple[str, int, str]] = []
        self.news = asyncio.Event()
        self.link = link(
            f"ws://127.0.0.1:{network.port}/link",
            HALL,
            secret,
            self._changed,
            lambda _: self.news.set(),
        )
        self.run: asyncio.Task[None] | None = None

    def _changed(self, kind: str, _facts: Facts) -> None:
        if kind != LIVE:
            self.seen.append((kind, self.link.seq, digest(self.link.state)))
        self.news.set()

    async def until(self, seq: int | None, seconds: float) -> bool:
        """Wait until the board is online and has seen seq; with None: until it is offline."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    there = self.link.online and seq is not None and self.link.seq >= seq
                    if there or (seq is None and not self.link.online):
                        return True
                    self.news.clear()
                    await self.news.wait()
        return False

    def judge(self, truth: Truth, figure: Figure) -> None:
        last: int | None = None
        for kind, seq, shown in self.seen:
            if kind != SNAPSHOT and last is not None:
                figure.gaps += seq > last + 1
                figure.duplicates += seq <= last
            last = seq
            if truth.digests.get(seq) != shown:
                figure.tell(f"a board shows something else than the hall at seq {seq}")


class CarelessLink(Link):
    """The control: comes back without its place, keeps what it has, takes what it gets."""

    async def _join(self, wire: Any) -> None:
        await wire.send(Hello(hall=self._hall, credential=self._credential).model_dump_json())
        self._wire = wire

    def _heard(self, frame: dict[str, Any]) -> bool:
        if frame["t"] == "snapshot" and self.state:
            self._up()
            return True
        return super()._heard(frame)

    def _event(self, frame: dict[str, Any]) -> bool:
        self.seq = frame["seq"]
        apply(self.state, frame["facts"])
        self._changed(frame["kind"], frame["facts"])
        return True

    def _beat(self, frame: dict[str, Any]) -> bool:
        return True


def run(cuts: int, seed: int, control: bool = False) -> Figure:
    """Cut the lines `cuts` times; each board must come back to the hall's own state.

    Times are from the moment the network is back (half-open: from the moment the board
    noticed, which must be within 6.5 s) until the board has all that had happened by then.
    """
    figure = Figure("links cut under 20 boards (times: until converged)", seed, control=control)
    began = time.monotonic()
    asyncio.run(_all(cuts, random.Random(seed), figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _all(cuts: int, chance: random.Random, figure: Figure) -> None:
    names = {f"board-{n}": "display" for n in range(BOARDS)}
    link = CarelessLink if figure.control else Link
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        served = await stack.enter_async_context(
            serve(sqlite_url(Path(folder)), names, windows=WINDOWS)
        )
        boards = [
            Board(link, await stack.enter_async_context(proxy(served.port)), secret)
            for secret in served.secrets.values()
        ]
        truth = Truth(served.hall)
        async with _running(boards, served):
            for n in range(cuts):
                await _cut(served.hall, KINDS[n % len(KINDS)], chance, boards, truth, figure)
                figure.count += 1
            if not figure.control:
                await _freed(served.hall, figure)
        for board in boards:
            board.judge(truth, figure)
        snapshots = sum(kind == SNAPSHOT for board in boards for kind, _, _ in board.seen)
        figure.acknowledged = sum(len(board.seen) for board in boards)
        figure.notes.append(f"{truth.seq} events, {snapshots} snapshots")
        if cuts >= len(KINDS) and snapshots <= BOARDS:
            figure.tell("nobody came back by a snapshot")


@asynccontextmanager
async def _running(boards: list[Board], served: Served) -> AsyncIterator[None]:
    traffic = asyncio.create_task(_traffic(served.hall))
    for board in boards:
        board.run = asyncio.create_task(board.link.run())
    for board in boards:
        await asyncio.wait_for(board.link.joined(), 10)
    try:
        yield
    finally:
        traffic.cancel()
        for task in (traffic, *(board.run for board in boards if board.run)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _traffic(hall: Hall) -> None:
    """Numbers, calls and passes for as long as the test runs."""
    clerk = Who(Role.STAFF, "wang", HALL)
    held = {str(n): await open_window(hall, str(n), clerk) for n in range(1, WINDOWS + 1)}
    while True:
        for window, generation in held.items():
            await take(hall, "social" if int(window) % 2 else "tax")
            for deed in (CallNext, PassOver):
                with suppress(Refused):  # nobody waits for this window
                    await at_window(hall, deed, generation, window)
                await asyncio.sleep(PAUSE)


async def _cut(
    hall: Hall,
    kind: str,
    chance: random.Random,
    boards: list[Board],
    truth: Truth,
    figure: Figure,
) -> None:
    share = chance.choice((0.2, 0.5, 1.0))
    cut = [board for board in boards if chance.random() < share]
    for board in cut:
        board.network.cut("close" if kind == "long" else kind)
    if kind == "long":
        await asyncio.gather(*(take(hall) for _ in range(BEHIND)))
    await asyncio.sleep(chance.uniform(0.05, LONGEST_OUTAGE))
    for board in cut:
        board.network.mend()
    deaf = kind == "half_open"
    figure.times += await asyncio.gather(*(_back(board, truth, figure, deaf) for board in cut))


async def _freed(hall: Hall, figure: Figure) -> None:
    """The server lets go of every dead line: it keeps the boards and our own mailbox."""
    until = time.monotonic() + FREED_WITHIN
    while len(hall.hubs[HALL].mailboxes) != BOARDS + 1:
        if time.monotonic() > until:
            figure.tell(f"the server holds {len(hall.hubs[HALL].mailboxes)} mailboxes")
            return
        await asyncio.sleep(0.05)  # the hub tells nobody of those who leave


async def _back(board: Board, truth: Truth, figure: Figure, deaf: bool) -> float:
    """Seconds until a board has all that had happened when it could know of it."""
    if deaf and not await board.until(None, NOTICED_WITHIN):
        figure.tell("a dead line was not noticed within 6.5 s")
    began, head = time.monotonic(), truth.seq
    if not await board.until(head, CONVERGED_WITHIN):
        figure.tell(f"a board did not come back within {CONVERGED_WITHIN} s")
    return time.monotonic() - began
