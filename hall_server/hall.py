"""Hall.handle: the one way in. Permit, write, commit, publish, answer."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from hall_server.actions import perform as performing
from hall_server.actions import snapshots, views
from hall_server.actions.perform import Performed, perform
from hall_server.hub import Hub, Mailbox
from hall_server.rules.permits import Who, permit
from hall_server.store import heads, ids, journal
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.plans import Plan
from hall_server.store.store import Store
from hall_server.store.transaction import Tx
from hall_server.store.writer import Batch, Outcome
from hall_server.wire.commands import Command
from hall_server.wire.views import SEES, State
from hall_server.words import Refusal, Refused, Role

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Hall:
    """All halls of one server. Every wish of a kiosk, page, key, phone or clock comes here.

    >>> reply = await hall.handle(TakeTicket(hall="demo", queue="social"), who)  # doctest: +SKIP
    """

    def __init__(self, store: Store, clock: Clock, public_url: str = "") -> None:
        self.store, self.clock, self.public_url = store, clock, public_url
        self.hubs: dict[str, Hub] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._catching_up: dict[str, asyncio.Task[None]] = {}
        self._catalogues: dict[tuple[str, int], dict[str, Any]] = {}

    async def start(self) -> None:
        """Read every hall's live state, and begin to write."""
        self._loop = asyncio.get_running_loop()
        self.hubs = self.store.read(self._every_hub)
        self.store.start(self._committed)

    async def stop(self) -> None:
        """Finish what was asked."""
        for task in self._catching_up.values():
            task.cancel()
        await asyncio.to_thread(self.store.close)

    async def handle(self, command: Command, who: Who) -> dict[str, Any]:
        """Do one command, or answer its repeat as before. The answer comes after the commit.

        Raises Refused; anything unexpected is logged under the command's id and told as
        `internal`.
        """
        permit(
            command.kind,
            who,
            command.hall,
            window=getattr(command, "window", None),
            ticket=getattr(command, "ticket", None),
        )
        job = partial(self._perform, command, who)
        return (await self._put(job, command.id)).reply  # type: ignore[no-any-return]

    async def add_hall(self, name: str) -> None:
        """A new hall with an empty journal; nothing where it is there already."""

        def job(batch: Batch) -> None:
            if batch.heads.of(name) is None:
                heads.add_hall(batch, name, ids.new_epoch())

        await self._put(job, name)
        if name not in self.hubs:
            self.hubs[name] = (await self.store.look(self._every_hub))[name]

    def join(self, who: Who, epoch: str | None, seq: int) -> tuple[Hub, Mailbox, bool]:
        """Listen to a hall's events as far as this role may see them."""
        hub = self._hub(who.hall)
        mailbox, recovered = hub.join(SEES[who.role], epoch, seq)
        return hub, mailbox, recovered

    def beat(self) -> None:
        """Tell every listener the head of its hall."""
        at = int(self.clock().timestamp() * 1000)
        for hub in self.hubs.values():
            hub.beat(at)

    def seen(self, who: Who) -> State:
        """The live state of a hall as far as this role may see it."""
        topics = SEES[who.role]
        state = self._hub(who.hall).state
        return {name: fact for name, fact in state.items() if name.partition("/")[0] in topics}

    async def see(self, view: str, args: dict[str, str], who: Who) -> dict[str, Any]:
        """Answer one view: catalogue, item (code), ticket (token)."""
        if view == "catalogue":
            return await self._catalogue(who.hall)
        if view == "item":
            return await self.store.look(
                lambda cursor: views.item(self._plan(cursor, who.hall), args.get("code", ""))
            )
        if view == "ticket":
            return await self.store.look(partial(views.ticket, token=args.get("token", "")))
        raise Refused(Refusal.UNKNOWN_COMMAND, command=view)

    async def catch_up(self, name: str) -> None:
        """Publish what another server process wrote into the same database."""
        hub = self.hubs[name]
        while entries := await self.store.look(
            partial(journal.since, hall=name, seq=hub.seq, most=500)
        ):
            for entry in entries:
                if entry.seq == hub.seq + 1:
                    hub.publish(performing.event_of(entry))

    async def _catalogue(self, name: str) -> dict[str, Any]:
        version = int(self._hub(name).state.get("hall", {}).get("catalogue_version", 0))
        known = self._catalogues.get((name, version))
        if known is None:

            def read(cursor: Cursor) -> dict[str, Any]:
                return views.catalogue(self._plan(cursor, name), version)

            known = self._catalogues[name, version] = await self.store.look(read)
            self._catalogues.pop((name, version - 1), None)
        return known

    async def _put(self, job: Callable[[Batch], Any], name: str) -> Any:
        assert self._loop is not None
        answer: asyncio.Future[Any] = self._loop.create_future()
        self.store.put(job, (answer, name))
        return await answer

    def _perform(self, command: Command, who: Who, batch: Batch) -> Performed:
        return perform(batch, self.store.plans, command, who, self.clock(), self.public_url)

    def _committed(self, outcomes: list[Outcome]) -> None:
        """In the writer's thread: one hand-over to the loop for the whole batch."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._deliver, outcomes)

    def _deliver(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            answer, name = outcome.ticket
            error = outcome.error
            if isinstance(outcome.result, Performed) and outcome.result.event is not None:
                self._publish(outcome.result.event)
            if error is not None and not isinstance(error, Refused):
                log.error("command %s failed", name, exc_info=error)
                error = Refused(Refusal.INTERNAL)
            if answer.done():
                continue
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(outcome.result)

    def _publish(self, event: performing.Event) -> None:
        hub = self.hubs[event.hall]
        if event.seq == hub.seq + 1:
            hub.publish(event)
        elif event.seq > hub.seq and event.hall not in self._catching_up:
            task = asyncio.ensure_future(self.catch_up(event.hall))
            self._catching_up[event.hall] = task
            task.add_done_callback(lambda _: self._catching_up.pop(event.hall, None))

    def _hub(self, name: str) -> Hub:
        hub = self.hubs.get(name)
        if hub is None:
            raise Refused(Refusal.HALL_UNKNOWN, hall=name)
        return hub

    def _every_hub(self, cursor: Cursor) -> dict[str, Hub]:
        return {
            head.hall: Hub(head.hall, head.epoch, head.seq, self.state_of(cursor, head))
            for head in heads.every_head(cursor)
        }

    def state_of(self, cursor: Cursor, head: Head) -> State:
        """A hall's live state, read from the store."""
        plan = self.store.plans.of(cursor, head.hall, head.layout, head.catalogue)
        clock = Who(Role.CLOCK, "clock", head.hall)
        return snapshots.snapshot(Tx(cursor, head, clock, self.clock(), plan, self.public_url))

    def _plan(self, cursor: Cursor, name: str) -> Plan:
        head = next((head for head in heads.every_head(cursor) if head.hall == name), None)
        if head is None:
            raise Refused(Refusal.HALL_UNKNOWN, hall=name)
        return self.store.plans.of(cursor, name, head.layout, head.catalogue)


def secret_hash(secret: str) -> str:
    """How a device's secret or a session's cookie is kept; each has 128 random bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()
