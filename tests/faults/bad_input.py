"""Bad input over HTTP and the link: refused with a code, never a fault of the server."""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from hall_server.wire.commands import COMMANDS, SignIn, SignOut
from hall_server.wire.frames import Hello
from hall_server.words import Refusal
from tests.builders import HALL, open_window
from tests.faults.figures import Figure
from tests.faults.nasty import Storm, spoiled, text_of
from tests.faults.served import Served, serve

ROLES = ("kiosk", "display", "agent", "pad", "staff", "guide", "supervisor", "inspector", "admin")
# An empty catalogue is one; 0 is the call box on the window's own desk.
# An empty change is one, too. A device may have been as it is, or a number given, since 1970.
SOUND_AFTER_ALL = {
    ("import_catalogue", "catalogue={}"),
    ("change_policy", "queues={}"),
    ("agent", "generation=0"),
    ("report_device", "since=0"),
    ("report_device", "since=2147483648"),
    ("report_unmerged", "taken_at=0"),
    ("report_unmerged", "taken_at=2147483648"),
}
NO_HTTP = b"Invalid HTTP request received."  # uvicorn's own word, before there is a request
CLIENTS = 8
HANGS = 10.0  # seconds without an answer
WARM, GROWTH = 0.2, 24  # memory is looked at from here on, and may grow by this, in MB
PAGE_MB = 4096 / 1e6


class Asker:
    """A bare HTTP client: whatever bytes it is given, it sends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. A server that hangs up without one answers 0."""
        async with asyncio.timeout(HANGS):
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
            assert self._reader is not None
            try:
                self._writer.write(request)
                head = await self._reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").lower().split("\r\n")
                status = int(lines[0].split()[1])
                told = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
                size = int(told.get("content-length", 0))
                body = await self._reader.readexactly(size)
                if told.get("connection") == "close":
                    await self.aclose()
            except (OSError, asyncio.IncompleteReadError):
                await self.aclose()
                return 0, b""
        return status, body

    async def aclose(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def request(path: str, secret: str, body: str) -> bytes:
    said = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said


async def every_command(url: str) -> Figure:
    """Each command with each of its fields spoiled, by each role that may give it."""
    figure = Figure("spoiled commands over HTTP", seed=0)
    began = time.monotonic()
    async with serve(url, {role: role for role in ROLES}) as served:
        asker = Asker(served.port)
        await open_window(served.hall)
        for kind, command in COMMANDS.items():
            if command in (SignIn, SignOut):
                continue  # they have no door of their own
            for told, body in spoiled(command):
                for role in ("supervisor", "admin", "kiosk", "agent"):
                    if (kind, told) in SOUND_AFTER_ALL or (role, told) in SOUND_AFTER_ALL:
                        continue
                    sent = request(f"/api/commands/{kind}", served.secrets[role], text_of(body))
                    status, answer = await asker.ask(sent)
                    figure.count += 1
                    if not _is_refusal(status, answer):
                        figure.tell(f"{kind} by {role}, {told}: {status} {answer[:80]!r}")
        await asker.aclose()
    figure.seconds = time.monotonic() - began
    return figure


def _is_refusal(status: int, answer: bytes) -> bool:
    if answer == NO_HTTP:
        return status == 400
    try:
        return 400 <= status < 500 and json.loads(answer)["code"] in set(Refusal)
    except ValueError:
        return False


async def storm(count: int, seed: int, url: str) -> Figure:
    """Random requests and frames, half and half: no 5xx, no hang, memory flat."""
    figure = Figure(f"random requests and frames, {url.partition(':')[0]}", seed)
    began = time.monotonic()
    async with serve(url, {role: role for role in ROLES}) as served:
        await _weather(round(count * WARM), seed, served, figure)
        before = _memory()
        await _weather(count - figure.count, seed + 1, served, figure)
        grown = _memory() - before
        if grown > GROWTH:
            figure.tell(f"memory grew by {grown:.0f} MB")
        figure.notes.append(f"memory {grown:+.1f} MB")
    figure.seconds = time.monotonic() - began
    return figure


async def _weather(count: int, seed: int, served: Served, figure: Figure) -> None:
    each = max(1, count // (2 * CLIENTS))
    secrets = list(served.secrets.values())
    seen: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        for n in range(CLIENTS):
            group.create_task(_requests(each, Storm(seed + n), served.port, secrets, figure, seen))
            group.create_task(_frames(each, Storm(seed - n), served, figure, seen))
    figure.notes.append(f"answers {dict(sorted(seen.items()))}")


async def _requests(
    count: int, storm: Storm, port: int, secrets: list[str], figure: Figure, seen: Counter[str]
) -> None:
    async with aclosing(Asker(port)) as asker:
        await _ask_all(count, storm, asker, figure, seen, secrets)


async def _ask_all(
    count: int,
    storm: Storm,
    asker: Asker,
    figure: Figure,
    seen: Counter[str],
    secrets: list[str],
) -> None:
    for _ in range(count):
        sent = storm.request(secrets)
        try:
            status, answer = await asker.ask(sent)
        except TimeoutError:
            figure.tell(f"no answer to {sent[:200]!r}")
            await asker.aclose()
            continue
        figure.count += 1
        seen[f"{status // 100}xx"] += 1
        if status >= 500 or status == 0:
            figure.tell(f"{status} to {sent[:300]!r}: {answer[:80]!r}")
        elif status >= 400 and answer and not _is_refusal(status, answer):
            figure.tell(f"{status} without a code to {sent[:200]!r}: {answer[:80]!r}")


async def _frames(
    count: int, storm: Storm, served: Served, figure: Figure, seen: Counter[str]
) -> None:
    left = count
    roles = list(served.secrets)
    while left > 0:
        async with _joined(served, served.secrets[roles[left % len(roles)]]) as wire:
            while left > 0:
                left -= 1
                figure.count += 1
                if not await _frame(wire, storm.frame(), figure, seen):
                    break


@asynccontextmanager
async def _joined(served: Served, secret: str) -> AsyncIterator[ClientConnection]:
    address = f"ws://127.0.0.1:{served.port}/link"
    async with connect(address, compression=None, proxy=None, max_size=None) as wire:
        await wire.send(Hello(hall=HALL, credential=secret).model_dump_json())
        yield wire


async def _frame(
    wire: ClientConnection, frame: str | bytes, figure: Figure, seen: Counter[str]
) -> bool:
    """Send one frame and wait for what it brings; False when the line was closed over it."""
    try:
        async with asyncio.timeout(HANGS):
            await wire.send(frame)
            while True:
                told = json.loads(await wire.recv())
                if told["t"] in ("reply", "refused"):
                    break
    except ConnectionClosed as closed:
        seen["closed"] += 1
        if closed.rcvd is None or closed.rcvd.code >= 1011:
            figure.tell(f"line closed with {closed.rcvd} after {frame[:200]!r}")
        return False
    except TimeoutError:
        figure.tell(f"no answer to {frame[:200]!r}")
        return False
    seen[told["t"]] += 1
    if told.get("code") in (Refusal.INTERNAL, Refusal.STORE_UNAVAILABLE):
        figure.tell(f"{told['code']} to {frame[:300]!r}")
    return told["t"] == "reply" or told["n"] is not None


def _memory() -> float:
    resident = int(Path("/proc/self/statm").read_text().split()[1])
    return resident * PAGE_MB


async def naive_storm(count: int, seed: int) -> Figure:
    """The control: a server that trusts what it reads fails with a 5xx in the same storm."""
    figure = Figure("random requests", seed, control=True)
    server = await asyncio.start_server(_naive, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    seen: Counter[str] = Counter()
    await _requests(count, Storm(seed), port, ["x" * 43], figure, seen)
    server.close()
    return figure


async def _naive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE call (hall TEXT, generation INTEGER)")
    while head := await _head(reader):
        size = int(head.lower().partition(b"content-length: ")[2].split()[0])
        body = await reader.readexactly(size)
        writer.write(_naive_answer(store, body))
    store.close()
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _naive_answer(store: sqlite3.Connection, body: bytes) -> bytes:
    status = 200
    try:
        asked: Any = json.loads(body)
        store.execute("INSERT INTO call VALUES (?, ?)", (asked["hall"], asked["generation"]))
    except ValueError:
        status = 400
    except Exception:
        status = 500
    text = b'{"code":"bad_input"}'
    return b"HTTP/1.1 %d -\r\ncontent-length: %d\r\n\r\n%s" % (status, len(text), text)
