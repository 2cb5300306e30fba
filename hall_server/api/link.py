"""The websocket /link: hello, then events, asks and replies; see wire.frames."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from pydantic import ValidationError

from hall_server.api.callers import COOKIE, TOKEN, same_origin
from hall_server.api.commands import INSIDE
from hall_server.api.refusals import bad_input
from hall_server.api.wires import FRAMES, Frames
from hall_server.hall import Hall, Mailbox, Who
from hall_server.wire.commands import COMMANDS
from hall_server.wire.frames import CLIENT_FRAME, LARGEST_FRAME, Ask, Hello, See, compact
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
HELLO_SECONDS = 5
LISTENS_SECONDS = 60  # then who has only listened is looked up again
MOST_IN_HAND = 32  # asks of one link that wait for their replies
REFUSED = 1008


class LinkDoor:
    """The ASGI door of /link. A foreign page's origin is turned away before the accept."""

    def __init__(self, hall: Hall, origins: tuple[str, ...]) -> None:
        self._hall, self._origins = hall, origins

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        # Of each listener only its cookie is kept: the headers are 2 KiB.
        let_in, cookie = self._look(scope["headers"])
        await receive()  # websocket.connect
        if not let_in:
            await send({"type": "websocket.close", "code": REFUSED})
            return
        await send({"type": "websocket.accept"})
        socket: Frames = scope["extensions"][FRAMES]
        socket.settle()
        try:
            await _Line(self._hall, receive, socket).serve(cookie)
        except _Gone:
            return
        except Refused as refused:
            await send({"type": "websocket.send", "text": compact(_refused(None, refused))})
            await send({"type": "websocket.close", "code": REFUSED})

    def _look(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[bool, str | None]:
        """Whether the page's origin may come in, and its cookie."""
        told = {name: value.decode("latin-1") for name, value in headers}
        let_in = same_origin(told.get(b"origin"), told.get(b"host"), self._origins)
        return let_in, _cookie(told.get(b"cookie", ""))


class _Gone(Exception):
    """The other end has left."""


class _Line:
    """One accepted link. It ends with the credential that it began with: who signed out, or whose
    session is over, neither commands nor listens on."""

    def __init__(self, hall: Hall, receive: Receive, socket: Frames) -> None:
        self._hall, self._receive, self._socket = hall, receive, socket
        self._mailbox = Mailbox(frozenset())
        self._waiting: asyncio.Task[None] | None = None  # for room in the socket
        self._asked: set[asyncio.Task[None]] = set()
        self._main = asyncio.current_task()
        self._over = False
        self._credential = ""

    async def serve(self, cookie: str | None) -> None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = await self._next_frame()
        except TimeoutError:
            raise _Gone from None
        if not isinstance(hello, Hello):
            raise Refused(Refusal.BAD_INPUT, field="t")
        self._credential = hello.credential or cookie or ""
        who = await self._hall.who_is(self._credential)
        if who.hall != hello.hall:
            raise Refused(Refusal.WRONG_HALL, hall=hello.hall)
        hub, self._mailbox, recovered = self._hall.join(who, hello.epoch, hello.seq)
        try:
            welcome = {
                "t": "welcome",
                "epoch": hub.epoch,
                "seq": hub.seq,
                "recovered": recovered,
                "role": who.role.value,
                "name": who.name,
            }
            self._mailbox.frames.appendleft(compact(welcome))
            self._mailbox.wake, self._mailbox.direct = self._flush, self._socket.put
            self._flush()
            await self._listen(who)
        finally:
            self._over = True
            hub.leave(self._mailbox)
            for task in (*self._asked, *([self._waiting] if self._waiting else [])):
                task.cancel()

    async def _listen(self, who: Who) -> None:
        while True:
            try:
                async with asyncio.timeout(LISTENS_SECONDS):
                    frame = await self._next_frame()
            except TimeoutError:
                await self._still_known()
                continue
            await self._still_known()
            if isinstance(frame, Hello):
                raise Refused(Refusal.BAD_INPUT, field="t")
            if len(self._asked) >= MOST_IN_HAND:
                self._mailbox.put(compact(_refused(frame.n, Refused(Refusal.TOO_BUSY))))
                continue
            task = asyncio.create_task(self._answer(frame, who))
            self._asked.add(task)
            task.add_done_callback(self._asked.discard)

    async def _still_known(self) -> None:
        """Raises credential_unknown. A database that does not answer ends nobody's line."""
        try:
            await self._hall.who_is(self._credential)
        except Refused as refused:
            if refused.code is Refusal.CREDENTIAL_UNKNOWN:
                raise

    async def _next_frame(self) -> Hello | Ask | See:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise _Gone
        text = message.get("text")
        if text is None or len(text) > LARGEST_FRAME:
            raise Refused(Refusal.BAD_INPUT, field="frame")
        try:
            return CLIENT_FRAME.validate_json(text)
        except ValidationError as bad:
            raise bad_input(bad) from None

    async def _answer(self, frame: Ask | See, who: Who) -> None:
        try:
            if isinstance(frame, See):
                body = await self._hall.see(frame.view, frame.args, who)
            else:
                body = await self._do(frame, who)
            told = {"t": "reply", "n": frame.n, "body": body}
        except Refused as refused:
            told = _refused(frame.n, refused)
        except Exception:
            log.exception("link: %s failed", frame.t)
            told = _refused(frame.n, Refused(Refusal.INTERNAL))
        self._mailbox.put(compact(told))

    async def _do(self, frame: Ask, who: Who) -> dict[str, Any]:
        command = COMMANDS.get(frame.command)
        if command is None or command in INSIDE:
            raise Refused(Refusal.UNKNOWN_COMMAND, command=frame.command)
        try:
            given = command.model_validate(frame.body)
        except ValidationError as bad:
            raise bad_input(bad) from None
        return await self._hall.handle(given, who)

    def _flush(self) -> None:
        """Send what the mailbox holds, without a task of its own while the socket takes it.

        When it takes no more, frames gather in the mailbox until it has room; when that is full
        the link is cut: it returns to a snapshot. (One task per listener and event costs 79 ms
        for 1,000 displays, sending in a loop 50 ms: performance.md.)
        """
        frames = self._mailbox.frames
        while frames and self._socket.put(frames[0]):
            frames.popleft()
        if self._mailbox.full and not self._over:
            self._over = True
            log.info("a link that does not read is cut off")
            if self._main is not None:
                self._main.cancel()
        elif frames and self._waiting is None and not self._over and not self._socket.gone:
            self._waiting = asyncio.create_task(self._wait_for_room())

    async def _wait_for_room(self) -> None:
        try:
            await self._socket.room()
        finally:
            self._waiting = None
        self._flush()


def _cookie(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(COOKIE)
        return None if found is None else TOKEN.validate_python(found.value)
    except (CookieError, ValidationError):
        return None


def _refused(n: int | None, refused: Refused) -> dict[str, Any]:
    return {"t": "refused", "n": n, "code": refused.code.value, "facts": refused.facts}
