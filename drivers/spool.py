"""Wishes of keys and faces on their way to the hall: on disk first, asked once each."""

import asyncio
import logging
import time

from drivers.journal import Entry, Journal
from hall_server.wire.commands import COMMANDS, Command, Rate, WindowCommand
from hall_server.wire.link import Link
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

KEY_SECONDS = 10.0
MOST_WAITING = 500


class Spool:
    """Every wish is on disk before it is asked, asked in the order of pressing, and under one id
    until the hall has answered: also after a kill it is done once.

    A rating (评价) is kept until the hall took or refused it, for days if need be: it is a
    citizen's word. One that comes after the next call is refused, told in the log and counted in
    `late`; its ticket can still rate. A key (按键) is kept for 10 s: so long a clerk waits before a
    dark box, and what was pressed minutes ago must not call somebody out of nowhere. The same key
    pressed again while its first press is on its way is the same wish.
    """

    def __init__(self, journal: Journal, link: Link) -> None:
        self._journal, self._link = journal, link
        self._given: asyncio.Queue[Command] = asyncio.Queue()
        self._written: asyncio.Queue[tuple[Command, float]] = asyncio.Queue()
        self._on_the_way: dict[str, Command] = {}
        self._disk = asyncio.Lock()
        self.lapsed = self.lost = self.late = 0

    def give(self, command: Command) -> bool:
        """Take a wish in; False when it is one that is on its way, or 500 wait already."""
        if any(_same(command, one) for one in self._on_the_way.values()):
            return False
        if len(self._on_the_way) >= MOST_WAITING:
            self.lost += 1
            log.error("%s %s lost: %d wait already", command.kind, command.id, MOST_WAITING)
            return False
        self._on_the_way[command.id] = command
        self._given.put_nowait(command)
        return True

    @property
    def waiting(self) -> int:
        """How many wishes are on their way."""
        return len(self._on_the_way)

    def rates(self, service: str) -> bool:
        """Whether a rating of this service is on its way."""
        return any(
            isinstance(one, Rate) and one.service == service for one in self._on_the_way.values()
        )

    async def run(self) -> None:
        """Carry what a restart left, then what is given, until cancelled."""
        for wish, entry in self._journal.unfinished.items():
            try:
                command = COMMANDS[entry["kind"]].model_validate(entry["body"])
                self._written.put_nowait((command, float(entry["at"])))
            except (KeyError, ValueError) as strange:  # written by another version of the program
                log.error("%s is left where it is: %s", wish, type(strange).__name__)
            else:
                self._on_the_way[wish] = command
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write())
            tasks.create_task(self._carry())

    async def _write(self) -> None:
        while True:
            command = await self._given.get()
            at = time.time()
            body = command.model_dump(mode="json")
            await self._note(command.id, {"kind": command.kind, "body": body, "at": at})
            self._written.put_nowait((command, at))

    async def _carry(self) -> None:
        while True:
            command, at = await self._written.get()
            left = _seconds_left(command, at)
            try:
                if left is None or left > 0:  # a time-out of 0 s would still ask once
                    async with asyncio.timeout(left):
                        await self._link.insist(command)
                else:
                    self._lapse(command)
            except TimeoutError:
                self._lapse(command)
            except Refused as refused:
                self._refused(command, refused)
            await self._note(command.id, {"closed": True})
            del self._on_the_way[command.id]

    def _lapse(self, command: Command) -> None:
        self.lapsed += 1
        log.warning("%s lapsed: the hall did not answer within 10 s", command.kind)

    def _refused(self, command: Command, refused: Refused) -> None:
        if isinstance(command, Rate) and refused.code is Refusal.RATING_LATE:
            self.late += 1
            log.warning("a rating of service %s came after the next call: late", command.service)
        else:
            log.info("%s refused: %s", command.kind, refused)

    async def _note(self, wish: str, facts: Entry) -> None:
        """Write a step down. A disk that fails must not silence keys and faces: only a kill at
        just this moment could then lose one."""
        try:
            async with self._disk:
                await asyncio.to_thread(lambda: self._journal.append(wish, **facts))
        except OSError as full:
            log.error("%s not written down: %s", wish, full)


def _same(one: Command, other: Command) -> bool:
    """The same key at the same window, or the same service's face."""
    if isinstance(one, Rate):
        return isinstance(other, Rate) and one.service == other.service
    return (
        isinstance(one, WindowCommand)
        and isinstance(other, WindowCommand)
        and (one.kind, one.window) == (other.kind, other.window)
    )


def _seconds_left(command: Command, at: float) -> float | None:
    """How long a wish may still be asked; None is for ever. A clock that went back ends a key."""
    if not isinstance(command, WindowCommand):
        return None
    passed = time.time() - at
    return KEY_SECONDS - passed if 0 <= passed < KEY_SECONDS else 0
