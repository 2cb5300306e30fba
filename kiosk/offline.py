"""Numbers that a kiosk gives by itself while the hall is away (离线号), and how they come in."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from drivers.journal import Entry
from hall_server.wire.bounds import new_id
from hall_server.wire.command import Command
from hall_server.wire.offline import Lease, LeaseNumbers, MergeTicket, offline_number
from hall_server.wire.views import State
from hall_server.words import Refusal, Refused
from kiosk.leases import Leases

log = logging.getLogger(__name__)

MOST_PAPERS = 4  # of one number: the first, and 补打 as often as the hall allows
LOOK_AGAIN = 60.0  # seconds until a hall that leased less than was wanted is asked again
CODE_LETTERS = "234567ABCDEFGHJKMNPQRSTUVWXYZ"  # of wire.bounds.TicketCode: none is misread
CODE_LENGTH = 4

Ask = Callable[[Command], Awaitable[dict[str, Any]]]
Now = Callable[[], datetime]


class Line(Protocol):
    """The kiosk's line to its hall, as far as it is needed here and at the desk."""

    state: State
    online: bool

    async def joined(self) -> None: ...

    async def ask(self, command: Command) -> dict[str, Any]: ...

    async def insist(self, command: Command) -> dict[str, Any]: ...


class Offline:
    """What a kiosk does without its hall: it gives numbers of blocks that were leased to it, and
    brings them in later. `now` is hall time."""

    def __init__(self, hall: str, line: Line, leases: Leases, now: Now) -> None:
        self._hall, self._line, self._leases, self._now = hall, line, leases, now
        self._disk = asyncio.Lock()
        self._look = asyncio.Event()

    def look(self) -> None:
        """The line came back, or the hall has another day or layout: see to the blocks."""
        self._look.set()

    async def keep(self) -> None:
        """Have numbers of every queue at hand, until cancelled: another block is leased when half
        of one is used, on a new business day and under a new layout."""
        while True:
            await self._look.wait()
            self._look.clear()
            await self._line.joined()
            try:
                wanting = await self._lease()
            except OSError as full:
                log.error("offline numbers not leased, disk: %s", full)
                wanting = True
            if wanting:
                asyncio.get_running_loop().call_later(LOOK_AGAIN, self._look.set)

    async def _lease(self) -> bool:
        """Lease what is wanted; whether something is wanted still."""
        day, hall = self._line.state.get("day"), self._line.state.get("hall")
        if hall is None:
            return False
        queues = hall["queues"]
        async with self._disk:
            await asyncio.to_thread(self._leases.settle, day, queues)
        wanted = self._leases.wanted(queues)
        if day is None or not wanted:
            return False
        try:
            command = LeaseNumbers(hall=self._hall, of_queues=wanted)
            told = await self._line.insist(command)
        except Refused as refused:
            log.warning("offline numbers not leased: %s", refused)
            return True
        leases = [Lease.model_validate(lease) for lease in told["leases"]]
        async with self._disk:
            await asyncio.to_thread(self._leases.keep, leases)
        return bool(self._leases.wanted(queues))

    def ready(self) -> frozenset[str]:
        """The queues of which a number can be given now, without the hall: their day is open as
        far as is known, and the hours are not over."""
        if not self.in_hours():
            return frozenset()
        return self._leases.ready(self._now().date().isoformat())

    def in_hours(self) -> bool:
        """Whether the last number of today (last_ticket) is not over, as far as is known."""
        now, hall = self._now(), self._line.state.get("hall")
        return hall is not None and f"{now:%H:%M}" < last_ticket(hall, now)

    async def give(self, entry: Entry) -> Entry:
        """A number for a wish, as `reply` to be shown and printed, and as `offline` to be merged.

        It is out of its block on disk; the wish's own entry is the caller's to write before
        anybody sees it. Raises offline_used_up; OSError: none was given.
        """
        queue = entry["queue"]
        if queue not in self.ready():
            raise Refused(Refusal.OFFLINE_USED_UP)
        now = self._now()
        async with self._disk:
            lease, sequence = await asyncio.to_thread(self._leases.take, queue, now)
        if 2 * (sequence - lease.first + 1) >= lease.last - lease.first + 1:
            self.look()
        given = {
            "lease": lease.model_dump(mode="json"),
            "sequence": sequence,
            "taken_at": int(now.timestamp() * 1000),
            "short_code": "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
            "token": secrets.token_urlsafe(16),
        }
        return {"offline": given, "reply": slip(entry, given, self._line.state.get("hall") or {})}

    async def merge(
        self,
        wish: str,
        entry: Entry,
        first: Command,
        ask: Ask,
        note: Callable[..., Awaitable[None]],
    ) -> dict[str, Any] | Refused:
        """Bring a wish's number in (离线号并入), once, however often this is asked; or why the hall
        will not have it.

        Its id is the wish's. If `first`, the wish itself, had arrived after all, then the number
        comes in instead of that one, under an id of its own, which is on disk before it is used.
        """
        while True:
            merge = MergeTicket.model_validate(
                {"hall": self._hall, "id": entry.get("merge", wish)}
                | {"item": entry["item"] or None, "priority": entry["priority"] or None}
                | {"instead": entry.get("instead")}
                | entry["offline"]
            )
            try:
                return await ask(merge)
            except Refused as refused:
                if refused.code is not Refusal.SAME_ID_OTHER_BODY or "merge" in entry:
                    return refused
            try:
                done = await ask(first)
            except Refused as refused:
                return refused
            entry |= {"merge": new_id(), "instead": done["ticket"]}
            await note(wish, merge=entry["merge"], instead=entry["instead"])


def slip(entry: Entry, given: Mapping[str, Any], hall: Mapping[str, Any]) -> dict[str, Any]:
    """What screen and paper say of an offline number: as the hall's answer to a number taken. How
    many are ahead nobody knows until it is merged."""
    lease, url = given["lease"], hall.get("public_url")
    return {
        "ticket": "",
        "offline": True,
        "number": offline_number(lease["prefix"], given["sequence"]),
        "code": given["short_code"],
        "queue": lease["queue"],
        "item": entry["item"] or None,
        "priority": entry["priority"] or None,
        "slot": None,
        "token": given["token"],
        "url": f"{url}/t/{given['token']}" if url else "",
        "date": lease["date"],
        "taken_at": given["taken_at"],
        "prints": 1,
        "ahead": None,
        "estimate": None,
    }


def last_ticket(hall: Mapping[str, Any], now: datetime) -> str:
    """Until when numbers are given on this date, as "16:30". A day that somebody opened without
    hours of its own lasts as long as the hall's business day."""
    hours, date = hall["hours"], now.date().isoformat()
    special = next((one for one in hours["special"] if one["date"] == date), None)
    weekly = [span for span in hours["weekly"] if now.isoweekday() in span["days"]]
    spans = weekly if special is None else special["spans"]
    return max((str(span["last_ticket"]) for span in spans), default=str(hall["day_end"]))
