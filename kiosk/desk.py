"""The worker behind the screen: carries each wish to the hall and its ticket to the printer."""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from drivers.journal import Entry, Journal
from drivers.printed import Outcome, PrintResult
from hall_server.wire.appointments import BookAppointment, CheckIn, MoveAppointment
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import Command, ReportPrint, ReprintTicket, TakeTicket
from hall_server.wire.link import PASSING, LinkLost
from hall_server.wire.offline import ReportUnmerged
from hall_server.words import PrintState, Refusal, Refused
from kiosk.flow import Paper, Wish
from kiosk.offline import MOST_PAPERS, Line, Now, Offline
from kiosk.papers import Papers

log = logging.getLogger(__name__)

Steps = Callable[[], Coroutine[Any, Any, None]]  # not begun before its errand is


@dataclass(frozen=True)
class Patience:
    """How long the desk waits, in seconds: for the answer to a number, and for a line that may
    only have blinked, before it gives an offline one; and between two askings."""

    answer: float = 2.5  # the page says at 3 that the hall is silent
    line: float = 1.0
    first_pause: float = 0.3
    longest_pause: float = 5.0


class Told(Protocol):
    """Who hears what became of a wish; called in the event loop."""

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None: ...

    def refuse(self, wish: str, refused: Refused) -> None: ...

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None: ...

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None: ...


class Lapsed(Exception):
    """A wish that nobody answered on its date: who had it went home, and the first number of
    another day would be called to nobody."""


class Desk:
    """Never two, never none.

    A wish is on disk before it is asked, and asked under one id until the hall has answered; its
    paper goes to the printer under the same id; what became of the paper is reported. Each step is
    on disk before the next, so that a kiosk that fell over goes on where it was. A number that the
    hall keeps waiting for is given offline (离线号), and comes in when the hall is back.
    """

    def __init__(
        self,
        hall: str,
        line: Line,
        journal: Journal,
        papers: Papers,
        told: Told,
        offline: Offline,
        now: Now,
        patience: Patience = Patience(),
    ) -> None:
        self._hall, self._line, self._journal = hall, line, journal
        self._papers, self._told, self.offline = papers, told, offline
        self._now, self._patience = now, patience
        self._own: dict[str, Entry] = {}  # the offline numbers that have not come in yet
        self._mailbox: asyncio.Queue[Wish | Paper] = asyncio.Queue()
        self._disk = asyncio.Lock()

    def give(self, wish: Wish | Paper) -> None:
        """Take a wish or a paper in; what becomes of it is told."""
        self._mailbox.put_nowait(wish)

    async def run(self) -> None:
        """Finish what a restart left unfinished, then carry wishes until cancelled."""
        async with asyncio.TaskGroup() as errands:
            for wish, entry in self._journal.unfinished.items():
                errands.create_task(
                    self._errand(wish, partial(self._carry, wish, entry, asked=True))
                )
            while True:
                wanted = await self._mailbox.get()
                if isinstance(wanted, Paper):
                    steps = partial(self._hand_out, wanted)
                elif wanted.offline:
                    steps = partial(self._print_again, wanted)
                else:
                    steps = partial(self._begin, wanted)
                errands.create_task(self._errand(wanted.id, steps))

    async def _errand(self, wish: str, steps: Steps) -> None:
        """A bug in one wish is told to its citizen and must not end the kiosk for the next one:
        the wish stays unfinished and is tried again after a restart."""
        try:
            await steps()
        except Exception:
            log.exception("wish %s", wish)
            self._told.refuse(wish, Refused(Refusal.INTERNAL))

    async def _begin(self, wish: Wish) -> None:
        entry: Entry = {
            "item": wish.item,
            "queue": wish.queue,
            "title": wish.title,
            "priority": wish.priority,
            "ticket": wish.ticket,
            "check_in": wish.check_in,
            "book": wish.book,
            "moves": wish.moves,
            "lang": wish.lang,
            "large": wish.large,
            "date": self._today(),
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
                entry |= await self._answer(wish, entry, asked=asked)
            except Refused as refused:
                await self._note(wish, closed=True)
                self._told.refuse(wish, refused)
                return
            except Lapsed:
                log.warning("wish %s of %s lapsed", wish, entry["date"])
                await self._note(wish, closed=True)
                return
        if "print" not in entry or "offline" not in entry:
            await self._hand_over(wish, entry)
        if "offline" in entry and not await self._came_in(wish, entry):
            return
        if "ticket" in entry["reply"]:  # what the hall knows of a paper is a ticket's
            await self._report(entry, PrintState(entry["print"]))
        if "offline" in entry:  # its papers are counted: from now on the hall prints it
            self._told.merged(wish, entry["reply"])
        await self._note(wish, closed=True)

    async def _answer(self, wish: str, entry: Entry, *, asked: bool) -> Entry:
        """What becomes of the wish, on disk: the hall's answer, or for a number that the hall
        keeps waiting for, one of the kiosk's own."""
        command = self._command(wish, entry)
        date = entry["date"]
        asking = asyncio.ensure_future(self._ask(command, asked=asked, date=date))
        try:
            if isinstance(command, TakeTicket):
                patience = self._patience
                blinks = patience.answer if self._line.online else patience.line
                await asyncio.wait({asking}, timeout=blinks)
                there = date == self._today() and entry.get("queue") in self.offline.ready()
                if not asking.done() and there:
                    asking.cancel()
                    given = await self._give(wish, entry)
                    if given:
                        return given
                    asking = asyncio.ensure_future(self._ask(command, asked=True, date=date))
            reply = await asking
        finally:
            asking.cancel()
        await self._note(wish, reply=reply)
        return {"reply": reply}

    async def _give(self, wish: str, entry: Entry) -> Entry:
        """An offline number; nothing where it could not be written down: who cannot remember a
        number must not give it."""
        try:
            given = await self.offline.give(entry)
            async with self._disk:
                await asyncio.to_thread(self._journal.append, wish, **given)
        except (Refused, OSError) as no:
            log.error("wish %s: no offline number: %s", wish, no)
            return {}
        return given

    async def _hand_over(self, wish: str, entry: Entry) -> None:
        """Show the number, and put its paper into its holder's hand."""
        self._told.taken(wish, entry["reply"])
        if "print" not in entry:
            result = await self._print(wish, entry)
            entry |= {"print": result.outcome.value, "trouble": result.trouble.value}
            await self._note(wish, print=entry["print"], trouble=entry["trouble"])
        self._told.printed(wish, PrintState(entry["print"]), entry["trouble"])

    async def _came_in(self, wish: str, entry: Entry) -> bool:
        """Bring an offline number in, however long that takes; False where it is over without."""

        async def ask(command: Command) -> dict[str, Any]:
            return await self._ask(command, asked=True)

        self._own[wish] = entry
        first = self._command(wish, entry)
        merged = await self.offline.merge(wish, entry, first, ask, self._note)
        del self._own[wish]
        if isinstance(merged, Refused):
            await self._lost(entry, merged)
            await self._note(wish, closed=True)
            return False
        entry["reply"] |= merged
        return True

    async def _lost(self, entry: Entry, no: Refused) -> None:
        """Tell the manager of a number that nobody will call, though somebody holds it."""
        log.error("offline number %s not merged: %s", entry["reply"]["number"], no)
        if no.code is Refusal.OFFLINE_NUMBER_USED:
            return  # it came in before, and the answer was lost
        reply = entry["reply"]
        facts = {name: reply[name] for name in ("number", "queue", "date", "taken_at")}
        report = {"hall": self._hall, "id": entry["report"], "refusal": no.code, **facts}
        try:
            await self._ask(ReportUnmerged.model_validate(report), asked=True)
        except Refused as refused:
            log.error("unmerged number not told: %s", refused)

    def _command(self, wish: str, entry: Entry) -> Command:
        if entry["ticket"]:
            return ReprintTicket(hall=self._hall, id=wish, ticket=entry["ticket"])
        if entry.get("check_in"):
            proof = entry["check_in"]
            by = {"code" if proof.isdigit() else "appointment": proof}
            return CheckIn.model_validate({"hall": self._hall, "id": wish, **by})
        if entry.get("book"):
            return self._booking(wish, entry)
        return TakeTicket(
            hall=self._hall, id=wish, item=entry["item"], priority=entry["priority"] or None
        )

    def _booking(self, wish: str, entry: Entry) -> Command:
        date, time = entry["book"].split()
        if entry["moves"]:
            return MoveAppointment(
                hall=self._hall, id=wish, code=entry["moves"], date=date, time=time
            )
        return BookAppointment(hall=self._hall, id=wish, item=entry["item"], date=date, time=time)

    async def _print(self, wish: str, entry: Entry) -> PrintResult:
        """The number's paper. One that a restart finds on a later date is left: who had wished
        for it went home."""
        if entry["date"] != self._today():
            return PrintResult(Outcome.UNKNOWN)
        words = {"title": entry["title"], "lang": entry["lang"], "large": entry["large"]}
        if "ticket" not in entry["reply"]:
            return await self._papers.appointment(wish, entry["reply"], **words)
        return await self._papers.number(wish, entry["reply"], **words)

    async def _print_again(self, again: Wish) -> None:
        """The paper of an offline number once more (补打); the hall does it as soon as it has the
        number."""
        entry = self._own.get(again.offline)
        if entry is None or entry["reply"]["prints"] >= MOST_PAPERS:
            came_in = entry is None  # in this moment: the next touch knows its ticket
            code = Refusal.TOO_BUSY if came_in else Refusal.REPRINT_LIMIT
            self._told.refuse(again.id, Refused(code))
            return
        reply = entry["reply"] | {"prints": entry["reply"]["prints"] + 1}
        entry["reply"] = reply
        await self._note(again.offline, reply=reply)
        result = await self._papers.number(
            again.id, reply, title=again.title, lang=again.lang, large=again.large
        )
        entry |= {"print": result.outcome.value, "trouble": result.trouble.value}
        if again.offline in self._own:
            await self._note(again.offline, print=entry["print"], trouble=entry["trouble"])
        self._told.printed(again.id, PrintState(entry["print"]), entry["trouble"])

    async def _hand_out(self, paper: Paper) -> None:
        """Print what the hall need not know of: lost with a kiosk that falls over, and asked for
        again by whoever still stands there."""
        result = await self._papers.plain(paper)
        self._told.printed(paper.id, PrintState(result.outcome.value), result.trouble.value)

    async def _report(self, entry: Entry, state: PrintState) -> None:
        report = ReportPrint.model_validate(
            {
                "hall": self._hall,
                "id": entry["report"],
                "ticket": entry["reply"]["ticket"],
                "state": state,
                "prints": entry["reply"]["prints"] if "offline" in entry else None,
            }
        )
        try:
            await self._ask(report, asked=True)
        except Refused as refused:
            log.warning("print report refused: %s", refused)

    async def _ask(self, command: Command, *, asked: bool, date: str = "") -> dict[str, Any]:
        """Ask under one id until the hall has answered for good; Lapsed when that is not on the
        date which matters, if one does."""
        pause = self._patience.first_pause
        while True:
            await self._line.joined()
            if date and date != self._today():
                raise Lapsed
            try:
                return await self._line.ask(command)
            except LinkLost:
                asked = True
            except Refused as refused:
                if refused.code is not Refusal.TOO_BUSY and not (asked and refused.code in PASSING):
                    raise
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(pause * 2, self._patience.longest_pause)

    async def _note(self, wish: str, **facts: Any) -> None:
        """Write a step down. A disk that fails now must not keep a number from its holder: after
        a restart the same id brings the same number, and the printer knows its job."""
        try:
            async with self._disk:
                await asyncio.to_thread(self._journal.append, wish, **facts)
        except OSError as full:
            log.error("wish %s: journal: %s", wish, full)

    def _today(self) -> str:
        return self._now().date().isoformat()
