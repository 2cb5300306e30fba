"""Hall.handle: the one way in. Permit, write, commit, publish, answer."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from hall_server.actions import callers, snapshots, views
from hall_server.actions import perform as performing
from hall_server.actions.devices import LOST, MACHINE
from hall_server.actions.index import PROVEN
from hall_server.actions.looks import LONG, TICKETS, VIEWS, Look, guessed
from hall_server.actions.perform import Performed, perform
from hall_server.advice import Advice
from hall_server.callers import Callers, Clock
from hall_server.forecasts import Forecasts
from hall_server.hub import Hub, Mailbox
from hall_server.proofs import Proofs
from hall_server.rules.permits import Who, permit, permit_role, permit_view
from hall_server.store import days, heads, ids, journal
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.plans import Plan
from hall_server.store.store import Store
from hall_server.store.transaction import Tx
from hall_server.store.writer import Batch, Outcome
from hall_server.wire.commands import Command, SignIn, SignOut
from hall_server.wire.hours import in_ms
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import Layout
from hall_server.wire.views import SEES, State, visible
from hall_server.wire.what_if import WhatIf
from hall_server.words import Refusal, Refused, Role, TicketState
from hall_server.worker import Worker

log = logging.getLogger(__name__)

__all__ = ["Clock", "Hall", "Hub", "Mailbox", "Who"]


class Hall:
    """All halls of one server. Every wish of a kiosk, page, key, phone or clock comes here.

    >>> reply = await hall.handle(TakeTicket(hall="demo", queue="social"), who)  # doctest: +SKIP
    """

    def __init__(self, store: Store, clock: Clock, public_url: str = "") -> None:
        self.store, self.clock, self.public_url = store, clock, public_url
        self.hubs: dict[str, Hub] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._catching_up: dict[str, asyncio.Task[None]] = {}
        self._catalogues: dict[tuple[str, int], asyncio.Future[dict[str, Any]]] = {}
        self._callers = Callers(store, clock)
        self._proofs = Proofs(clock)
        self._long_look = asyncio.Lock()
        self.worker = Worker(store.url)
        self._forecasts = Forecasts(self.worker)
        self._advice = Advice(self.worker)

    async def start(self) -> None:
        """Read every hall's live state, and begin to write."""
        self._loop = asyncio.get_running_loop()
        self.hubs = self.store.read(self._every_hub)
        self.store.start(self._committed)

    async def stop(self) -> None:
        """Finish what was asked."""
        await self.worker.stop()
        # Not cancelled: its reading thread would hold a connection longer than the store lives.
        await asyncio.gather(*self._catching_up.values(), return_exceptions=True)
        await asyncio.to_thread(self.store.close)

    async def handle(self, command: Command, who: Who) -> dict[str, Any]:
        """Do one command, or answer its repeat as before. The answer comes after the commit.

        Raises Refused, too_many_tries where codes are guessed at; anything unexpected is logged
        under the command's id and told as `internal`.
        """
        named = vars(command)  # a field that is not there costs pydantic 3 µs to miss
        permit(
            command.kind, who, command.hall, window=named.get("window"), ticket=named.get("ticket")
        )
        job = partial(self._perform, command, who)
        what = PROVEN.get(command.kind) if named.get("code") else None  # ids are not guessed
        with nullcontext() if what is None else self._proofs.tried(who, what):
            return (await self._put(job, command.id)).reply  # type: ignore[no-any-return]

    def admit(self, kind: str, who: Who) -> None:
        """Before a command is read: who may never give it is turned away, or a visitor's phone
        could keep the hall busy with catalogues of 32 MB. Raises not_permitted."""
        permit_role(kind, who)

    async def add_hall(self, name: str) -> None:
        """A new hall with an empty journal; nothing where it is there already."""

        def job(batch: Batch) -> None:
            if batch.heads.of(name) is None:
                heads.add_hall(batch, name, ids.new_epoch())

        await self._put(job, name)
        await self._meet(name)

    async def who_is(self, credential: str) -> Who:
        """Who holds this secret, session or ticket token. Raises credential_unknown."""
        return await self._callers.who_is(credential)

    async def sign_in(
        self, hall: str, name: str, password: str, place: str = ""
    ) -> tuple[Who, str]:
        """A person's session and its credential. Raises sign_in_failed, too_many_tries or
        too_busy."""
        self._hub(hall)
        who = await self._callers.by_password(hall, name, password, place)
        credential = ids.new_token()
        digest = callers.secret_hash(credential)
        await self.handle(SignIn(hall=hall, name=name, session_hash=digest), who)
        return who, credential

    async def sign_out(self, who: Who, credential: str) -> None:
        """End a session at once."""
        digest = callers.secret_hash(credential)
        await self.handle(SignOut(hall=who.hall, session_hash=digest), who)
        self._callers.forget(credential)

    def join(self, who: Who, epoch: str | None, seq: int) -> tuple[Hub, Mailbox, bool]:
        """Listen to a hall's events as far as this role may see them."""
        hub = self._hub(who.hall)
        mailbox, recovered = hub.join(SEES[who.role], epoch, seq)
        mailbox.name = who.name
        return hub, mailbox, recovered

    def away(self, name: str) -> set[str]:
        """The machines of a hall that told of themselves, are not missed yet, and do not listen
        here. One that listens at another server process says so itself when it is missed."""
        hub = self._hub(name)
        here = {mailbox.name for mailbox in hub.mailboxes}
        told = (address for address, fact in hub.state.items() if _is_here(address, fact))
        return {address.split("/")[1] for address in told} - here

    def beat(self) -> None:
        """Tell every listener the head of its hall."""
        at = in_ms(self.clock())
        for hub in self.hubs.values():
            hub.beat(at)

    async def look_ahead(self) -> None:
        """Make the forecasts that are due, hall by hall; never in the way of who asks."""
        for hub in list(self.hubs.values()):
            now = self.clock()
            if self._forecasts.due(hub, now):
                await asyncio.sleep(await self._forecasts.refresh(hub, now))

    def seen(self, who: Who) -> State:
        """The live state of a hall as far as this role may see it."""
        topics = SEES[who.role]
        hub = self._hub(who.hall)
        state = hub.state | hub.live
        return {name: state[name] for name in visible(state, topics)}

    async def see(self, view: str, args: dict[str, str], who: Who) -> dict[str, Any]:
        """Answer one view: the catalogue, or one of `looks.VIEWS`. Raises not_permitted,
        too_many_tries where codes are guessed at, unknown_command, or what the view refuses."""
        permit_view(view, who)
        if view == "catalogue":
            return await self._catalogue(who.hall)
        if view not in VIEWS:
            raise Refused(Refusal.UNKNOWN_COMMAND, command=view)

        def look(cursor: Cursor) -> dict[str, Any]:
            return VIEWS[view](Look(cursor, self._plan, who, args, self.clock()))

        async with self._long_look if view in LONG else nullcontext():
            what = guessed(view, args)
            with nullcontext() if what is None else self._proofs.tried(who, what):
                seen = await self.store.look(look)
        return self._forecast_of(seen) if view in TICKETS else seen

    async def answer_to(self, hall: str, record: str, code: str, place: str) -> dict[str, Any]:
        """What became of a record (办不成事、吐槽找茬), for anybody who knows its number and code,
        from a place in the network. Raises entry_unknown or too_many_tries."""
        anybody = Who(Role.CITIZEN, place, hall)
        return await self.see("record", {"record": record, "code": code}, anybody)

    def _forecast_of(self, seen: dict[str, Any]) -> dict[str, Any]:
        """A ticket's view with what its holder is told of the wait."""
        waiting = seen["state"] == TicketState.WAITING
        told = self._forecasts.estimate(seen["hall"], seen["ticket"], self.clock())
        return {**seen, "estimate": told if waiting else None}

    async def what_if(self, move: WhatIf, who: Who) -> dict[str, Any]:
        """What a move would do to the hall. Raises not_permitted, day_closed, window_unknown,
        queue_unknown, bad_input or too_busy."""
        permit_view("what_if", who)
        return await self._advice.what_if(who.hall, move, self.clock())

    async def best_moves(self, who: Who) -> dict[str, Any]:
        """The moves that save the hall most now. Raises not_permitted, day_closed or too_busy."""
        permit_view("best_moves", who)
        return await self._advice.best_moves(who.hall, self.clock())

    async def in_force(self, name: str) -> tuple[Layout | None, Catalogue]:
        """The layout (None: none yet) and catalogue of a hall."""
        plan = await self.store.look(lambda cursor: self._plan(cursor, name))
        return plan.layout, plan.catalogue

    async def last_date(self, name: str) -> str | None:
        """The date of the hall's last business day, open or closed."""
        return await self.store.look(partial(days.last_date, hall=name))

    async def catch_up_all(self) -> None:
        """Publish what other server processes wrote, halls that they made too."""
        for head in await self.store.look(heads.every_head):
            if head.hall not in self.hubs:
                await self._meet(head.hall)
            # Somebody else may have met it meanwhile, and have read less of it.
            if head.seq > self.hubs[head.hall].seq:
                await self.catch_up(head.hall)

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

            # Made once, however many ask: ten kiosks that return at the same moment made ten,
            # and nobody was let in for 3 s.
            known = self._catalogues[name, version] = asyncio.ensure_future(self.store.look(read))
            self._catalogues.pop((name, version - 1), None)
        try:
            return await asyncio.shield(known)
        except Exception:
            self._catalogues.pop((name, version), None)
            raise

    async def _put(self, job: Callable[[Batch], Any], name: str) -> Any:
        assert self._loop is not None
        answer: asyncio.Future[Any] = self._loop.create_future()
        self.store.put(job, (answer, name))
        return await answer

    def _perform(self, command: Command, who: Who, batch: Batch) -> Performed:
        at_hand = self._forecasts.at_hand(command.hall)
        return perform(
            batch, self.store.plans, command, who, self.clock(), self.public_url, at_hand
        )

    def _committed(self, outcomes: list[Outcome]) -> None:
        """In the writer's thread: one hand-over to the loop for the whole batch."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._deliver, outcomes)

    def _deliver(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            answer, name = outcome.ticket
            error = outcome.error
            if isinstance(outcome.result, Performed) and outcome.result.event is not None:
                try:
                    self._publish(outcome.result.event)
                except Exception:  # it is done: nothing after the commit changes the answer
                    log.exception("event %s not told", outcome.result.event.seq)
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
        hub = self.hubs.get(event.hall)
        if hub is not None and event.seq == hub.seq + 1:
            hub.publish(event)
        elif event.hall not in self._catching_up and (hub is None or event.seq > hub.seq):
            steps = self._meet(event.hall) if hub is None else self.catch_up(event.hall)
            task = self._catching_up[event.hall] = asyncio.ensure_future(steps)
            task.add_done_callback(partial(self._caught_up, event.hall))

    def _caught_up(self, name: str, task: asyncio.Task[None]) -> None:
        del self._catching_up[name]
        if not task.cancelled() and task.exception() is not None:
            log.error("%s: not caught up: %s", name, task.exception())

    async def _meet(self, name: str) -> None:
        """Come to know a hall that was made just now, here or by another server process."""
        made = (await self.store.look(self._every_hub))[name]
        self.hubs.setdefault(name, made)

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


def _is_here(address: str, fact: Any) -> bool:
    """Whether this fact tells of a machine that was there when last heard of."""
    known = address.startswith("device/") and address.endswith(f"/{MACHINE}")
    return known and fact["trouble"] != LOST
