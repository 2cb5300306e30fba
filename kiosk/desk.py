"""The worker behind the screen: carries each wish to the hall and its ticket to the printer."""

import asyncio
import logging
import random
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from drivers.compose import Style
from drivers.escpos import Job
from drivers.journal import Entry, Journal
from drivers.printed import PrintResult
from drivers.ticket_paper import CHINA, ticket
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CheckIn, Command, ReportPrint, ReprintTicket, TakeTicket
from hall_server.wire.link import PASSING, Link, LinkLost
from hall_server.words import PrintState, Refusal, Refused
from kiosk import printout
from kiosk.flow import Handout, Wish

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 5.0  # seconds


class Paper(Protocol):
    """A printer as the desk needs it: a job id is printed at most once, also across restarts."""

    def print(self, job_id: str, job: Job) -> PrintResult: ...


class Told(Protocol):
    """Who hears what became of a wish; called in the event loop."""

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None: ...

    def refuse(self, wish: str, refused: Refused) -> None: ...

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None: ...


class Desk:
    """Never two, never none.

    A wish is on disk before it is asked, and asked under one id until the hall has answered; its
    paper goes to the printer under the same id; what became of the paper is reported. Each step is
    on disk before the next, so that a kiosk that fell over goes on where it was.
    """

    def __init__(
        self,
        hall: str,
        link: Link,
        journal: Journal,
        printer: Paper,
        told: Told,
        style: Style,
    ) -> None:
        self._hall, self._link, self._journal = hall, link, journal
        self._printer, self._told, self._style = printer, told, style
        self._mailbox: asyncio.Queue[Wish | Handout] = asyncio.Queue()
        self._disk = asyncio.Lock()

    def give(self, wish: Wish | Handout) -> None:
        """Take a wish or a handout in; what becomes of it is told."""
        self._mailbox.put_nowait(wish)

    async def run(self) -> None:
        """Finish what a restart left unfinished, then carry wishes until cancelled."""
        async with asyncio.TaskGroup() as errands:
            for wish, entry in self._journal.unfinished.items():
                errands.create_task(self._errand(wish, self._resume(wish, entry)))
            while True:
                wanted = await self._mailbox.get()
                if isinstance(wanted, Handout):
                    steps = self._hand_out(wanted)
                else:
                    steps = self._begin(wanted)
                errands.create_task(self._errand(wanted.id, steps))

    async def _errand(self, wish: str, steps: Coroutine[Any, Any, None]) -> None:
        """A bug in one wish is told to its citizen and must not end the kiosk for the next one:
        the wish stays unfinished and is tried again after a restart."""
        try:
            await steps
        except Exception:
            log.exception("wish %s", wish)
            self._told.refuse(wish, Refused(Refusal.INTERNAL))

    async def _resume(self, wish: str, entry: Entry) -> None:
        """A wish of an earlier date lapses unasked: who had it went home, and today's first
        number would be called to nobody."""
        if "reply" not in entry and entry["date"] != _today():
            log.warning("wish %s of %s lapsed", wish, entry["date"])
            await self._note(wish, closed=True)
            return
        await self._carry(wish, entry, asked=True)

    async def _begin(self, wish: Wish) -> None:
        entry: Entry = {
            "item": wish.item,
            "title": wish.title,
            "priority": wish.priority,
            "ticket": wish.ticket,
            "check_in": wish.check_in,
            "lang": wish.lang,
            "large": wish.large,
            "date": _today(),
            "report": new_id(),
        }
        try:
            async with self._disk:
                await asyncio.to_thread(self._journal.append, wish.id, **entry)
        except OSError as full:
            log.error("wish %s not asked, journal: %s", wish.id, full)
            self._told.refuse(wish.id, Refused(Refusal.STORE_UNAVAILABLE))
            return
        await self._carry(wish.id, entry, asked=False)

    async def _carry(self, wish: str, entry: Entry, *, asked: bool) -> None:
        if "reply" not in entry:
            try:
                entry["reply"] = await self._ask(self._command(wish, entry), asked=asked)
            except Refused as refused:
                await self._note(wish, closed=True)
                self._told.refuse(wish, refused)
                return
            await self._note(wish, reply=entry["reply"])
        self._told.taken(wish, entry["reply"])
        if "print" not in entry:
            result = await self._print(wish, entry)
            entry |= {"print": result.outcome.value, "trouble": result.trouble.value}
            await self._note(wish, print=entry["print"], trouble=entry["trouble"])
        state = PrintState(entry["print"])
        self._told.printed(wish, state, entry["trouble"])
        await self._report(entry, state)
        await self._note(wish, closed=True)

    def _command(self, wish: str, entry: Entry) -> Command:
        if entry["ticket"]:
            return ReprintTicket(hall=self._hall, id=wish, ticket=entry["ticket"])
        if entry.get("check_in"):
            return CheckIn(hall=self._hall, id=wish, code=entry["check_in"])
        return TakeTicket(
            hall=self._hall, id=wish, item=entry["item"], priority=entry["priority"] or None
        )

    async def _print(self, wish: str, entry: Entry) -> PrintResult:
        job = ticket(
            entry["reply"],
            self._link.state.get("hall", {}),
            replace(self._style, lang=entry["lang"], large=entry["large"]),
            title=entry["title"],
        )
        return await asyncio.to_thread(self._printer.print, wish, job)

    async def _hand_out(self, handout: Handout) -> None:
        """Print what the hall need not know of: lost with a kiosk that falls over, and asked for
        again by whoever still stands there."""
        job = printout.notice(
            handout.item,
            self._link.state.get("hall", {}),
            replace(self._style, lang=handout.lang, large=handout.large),
            version=handout.version,
            today=datetime.now(CHINA).date(),
        )
        result = await asyncio.to_thread(self._printer.print, handout.id, job)
        self._told.printed(handout.id, PrintState(result.outcome.value), result.trouble.value)

    async def _report(self, entry: Entry, state: PrintState) -> None:
        report = ReportPrint.model_validate(
            {
                "hall": self._hall,
                "id": entry["report"],
                "ticket": entry["reply"]["ticket"],
                "state": state,
            }
        )
        try:
            await self._ask(report, asked=True)
        except Refused as refused:
            log.warning("print report refused: %s", refused)

    async def _ask(self, command: Command, *, asked: bool) -> dict[str, Any]:
        """Ask under one id until the hall has answered for good."""
        pause = FIRST_PAUSE
        while True:
            await self._link.joined()
            try:
                return await self._link.ask(command)
            except LinkLost:
                asked = True
            except Refused as refused:
                if refused.code is not Refusal.TOO_BUSY and not (asked and refused.code in PASSING):
                    raise
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _note(self, wish: str, **facts: Any) -> None:
        """Write a step down. A disk that fails now must not keep a number from its holder: after
        a restart the same id brings the same number, and the printer knows its job."""
        try:
            async with self._disk:
                await asyncio.to_thread(self._journal.append, wish, **facts)
        except OSError as full:
            log.error("wish %s: journal: %s", wish, full)


def _today() -> str:
    return datetime.now(CHINA).date().isoformat()
