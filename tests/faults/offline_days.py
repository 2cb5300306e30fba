"""Days of kiosks cut off by chance: every wish ends as one number, and each paper comes in once."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, select

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.store import heads, proof
from hall_server.store.database import Cursor, Statement
from hall_server.store.store import Store
from hall_server.store.tickets import ticket
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay, OpenDay, TakeTicket
from hall_server.wire.offline import Lease, LeaseNumbers, MergeTicket, offline_number
from hall_server.words import Refusal, Refused, Role
from tests.builders import HALL, NINE, SUPERVISOR, Watch, open_hall, who
from tests.faults.figures import Figure

OF_DAY = Statement(
    select(ticket)
    .where(ticket.c.hall == bindparam("hall"), ticket.c.day == bindparam("day"))
    .order_by(ticket.c.taken_seq, ticket.c.id)
)
QUEUES = ("social", "tax")
STEPS = 24  # of one day


@dataclass
class Wish:
    """One touch on a kiosk: the paper that came out, and how it comes in."""

    paper: str
    merge: MergeTicket
    twice: MergeTicket | None = None  # under a new id, where the first wish had arrived after all


@dataclass
class Kiosk:
    """A kiosk that keeps what it must on disk: blocks, how far they are used, and its wishes."""

    who: Who
    away: bool = False
    blocks: dict[str, list[Lease]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    open: list[Wish] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)


@dataclass
class Days:
    """The hall, its kiosks, and the chance that moves them."""

    hall: Hall
    url: str
    watch: Watch
    chance: Random
    figure: Figure
    kiosks: list[Kiosk]
    unlettered: bool
    date: str = "2026-11-23"
    late: list[tuple[TakeTicket, Who]] = field(default_factory=list)


def run(days: int, seed: int, url: str, *, control: bool = False) -> Figure:
    """So many days. The control prints offline numbers without their letter."""
    figure = Figure("offline days", seed, control=control)
    began = time.monotonic()
    asyncio.run(_run(days, seed, url, figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _run(days: int, seed: int, url: str, figure: Figure) -> None:
    watch = Watch()
    async with open_hall(url, watch):
        pass  # laid out; from here on this run starts and stops the hall itself
    chance = Random(seed)
    kiosks = [Kiosk(who(Role.KIOSK, f"kiosk-{n}")) for n in range(3)]
    hall = await _begun(url, watch)
    run = Days(hall, url, watch, chance, figure, kiosks, figure.control)
    try:
        for n in range(days):
            await _day(run)
            await _next_day(run, n + 1)
    finally:
        await run.hall.stop()
    figure.count = days


async def _begun(url: str, watch: Watch) -> Hall:
    hall = Hall(Store(url), watch, "http://hall.test")
    await hall.start()
    return hall


async def _day(run: Days) -> None:
    for kiosk in run.kiosks:
        kiosk.away, kiosk.papers = False, []
        kiosk.blocks.clear()
        kiosk.used.clear()
        await _lease(run, kiosk)
    for _ in range(STEPS):
        run.watch.forward(seconds=run.chance.choice([1, 20, 90]))
        deed, kiosk = run.chance.random(), run.chance.choice(run.kiosks)
        if deed < 0.62:
            await _touch(run, kiosk)
        elif deed < 0.80:
            kiosk.away = not kiosk.away
        elif deed < 0.95:
            await _come_back(run, kiosk)
        elif run.late:  # a request that lay in the net for long
            await _try(run, *run.late.pop(run.chance.randrange(len(run.late))))
        else:
            await run.hall.stop()
            run.hall = await _begun(run.url, run.watch)
    if run.chance.random() < 0.8:  # else what is left comes in on the next day
        for kiosk in run.kiosks:
            await _come_back(run, kiosk)


async def _lease(run: Days, kiosk: Kiosk) -> None:
    told = await run.hall.handle(LeaseNumbers(hall=HALL, of_queues=QUEUES), kiosk.who)
    for one in told["leases"]:
        block = Lease.model_validate(one)
        kiosk.blocks.setdefault(block.queue, []).append(block)


async def _touch(run: Days, kiosk: Kiosk) -> None:
    """One wish: by the line if there is one and the answer comes, else out of the block."""
    queue = run.chance.choice(QUEUES)
    wish = TakeTicket(hall=HALL, queue=queue)
    lost = run.chance.random()
    if not kiosk.away and lost < 0.7:
        _printed(run, kiosk, (await run.hall.handle(wish, kiosk.who))["number"])
        return
    if not kiosk.away and lost < 0.85:
        await run.hall.handle(wish, kiosk.who)  # done, and the answer is lost
    elif lost < 0.5:
        run.late.append((wish, kiosk.who))
    block = kiosk.blocks[queue][-1]
    sequence = block.next(kiosk.used[queue], run.date)
    kiosk.used[queue] += 1
    merge = MergeTicket(
        hall=HALL,
        id=wish.id,
        lease=block,
        sequence=sequence,
        taken_at=int(run.watch().timestamp() * 1000),
        short_code="K7QM",
        token=new_id().replace("-", ""),
    )
    number = offline_number(block.prefix, sequence)
    kiosk.open.append(Wish(number, merge))
    _printed(run, kiosk, number.rstrip("X") if run.unlettered else number)


def _printed(run: Days, kiosk: Kiosk, number: str) -> None:
    run.figure.acknowledged += 1
    if any(number in one.papers for one in run.kiosks):
        run.figure.duplicates += 1
    kiosk.papers.append(number)


async def _come_back(run: Days, kiosk: Kiosk) -> None:
    """The line is there: everything on disk is sent, in any order, some of it again."""
    kiosk.away = False
    run.chance.shuffle(kiosk.open)
    for wish in list(kiosk.open):
        for _ in range(run.chance.choice([1, 1, 2, 3])):
            await _merge(run, kiosk, wish)
        if run.chance.random() < 0.9:  # else it is killed before it notes the answer
            kiosk.open.remove(wish)


async def _merge(run: Days, kiosk: Kiosk, wish: Wish) -> None:
    try:
        await run.hall.handle(wish.twice or wish.merge, kiosk.who)
    except Refused as no:
        if no.code is not Refusal.SAME_ID_OTHER_BODY or wish.twice is not None:
            run.figure.tell(f"{wish.paper}: {no}")
            return
        first = TakeTicket(hall=HALL, id=wish.merge.id, queue=wish.merge.lease.queue)
        done = await run.hall.handle(first, kiosk.who)
        more = {"id": new_id(), "instead": done["ticket"]}
        wish.twice = wish.merge.model_copy(update=more)
        await run.hall.handle(wish.twice, kiosk.who)


async def _try(run: Days, wish: TakeTicket, kiosk: Who) -> None:
    """A wish arrives late: its number is nobody's, until its paper comes in."""
    try:
        await run.hall.handle(wish, kiosk)
    except Refused as no:
        if no.code is not Refusal.SAME_ID_OTHER_BODY:
            run.figure.tell(f"late: {no}")


async def _next_day(run: Days, n: int) -> None:
    _held_against_the_papers(run)
    await run.hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    run.late.clear()
    run.watch.now = NINE + timedelta(days=n)
    run.date = f"{run.watch.now:%Y-%m-%d}"
    await run.hall.handle(OpenDay(hall=HALL, date=run.date), SUPERVISOR)


def _held_against_the_papers(run: Days) -> None:
    """Of the open day: who waits is who holds a paper that came in, in the order of taking."""

    def read(cursor: Cursor) -> tuple[list[Any], list[str]]:
        day = heads.every_head(cursor)[0].day
        return cursor.all(OF_DAY, hall=HALL, day=day), proof.faults(cursor, HALL, day)

    rows, wrong = run.hall.store.read(read)
    for fault in wrong:
        run.figure.tell(fault)
    numbers = Counter(row.number for row in rows)
    run.figure.duplicates += sum(n - 1 for n in numbers.values())
    pending = {wish.paper for kiosk in run.kiosks for wish in kiosk.open}
    held = {paper for kiosk in run.kiosks for paper in kiosk.papers}
    waiting = [row for row in rows if row.state == "waiting"]
    if not run.unlettered:
        here = {row.number for row in waiting}
        run.figure.lost += len(held - pending - here)
        # A number that nobody holds may wait only until the paper of the same wish comes in.
        run.figure.duplicates += max(0, len(here - held) - len(pending))
    times = [row.taken_at for row in waiting]
    if times != sorted(times):
        run.figure.tell("not in the order of taking")
