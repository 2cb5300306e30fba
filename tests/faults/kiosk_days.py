"""Days of real kiosks that are cut off and killed at any step: no number twice, each wish once."""

import asyncio
import logging
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import bindparam, select

from drivers.ticket_paper import CHINA
from hall_server.hall import Hall
from hall_server.store import heads, proof
from hall_server.store.database import Cursor, Statement
from hall_server.store.store import Store
from hall_server.store.tickets import ticket
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CloseDay, OpenDay
from hall_server.words import Refusal, Refused, Role
from kiosk.flow import Wish
from tests.builders import HALL, NINE, SUPERVISOR, Watch, open_hall, who
from tests.faults.figures import Figure
from tests.faults.kiosk_life import Kiosk, World

KIOSKS = 3
TOUCHES = 16  # of one day, at all kiosks
KILLED = 0.35  # of touches and of returns of the line
LONGEST_LIFE = 16  # steps; a wish with an offline number and its merge has more
QUEUES = {"social": "A-1", "tax": "B-1"}
TICKETS = Statement(select(ticket).where(ticket.c.hall == bindparam("hall")))


def run(days: int, seed: int, url: str, control: str = "") -> Figure:
    """So many days. A control gives numbers that are not on disk, or asks again under fresh ids."""
    figure = Figure("kiosk days", seed, control=bool(control))
    began = time.monotonic()
    log = logging.getLogger("kiosk")
    level = log.level
    log.setLevel(logging.CRITICAL)  # refused offline numbers of used up blocks are no news here
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_run(days, seed, url, Path(folder), figure, control))
    finally:
        log.setLevel(level)
    figure.seconds = time.monotonic() - began
    return figure


async def _run(days: int, seed: int, url: str, folder: Path, figure: Figure, control: str) -> None:
    # One thread: what a dead kiosk began is over when its files are closed.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    watch = Watch()
    async with open_hall(url, watch):
        pass  # laid out; from here on this run starts and stops the hall itself
    world = World(await _begun(url, watch), watch, Random(seed), control)
    kiosks = [
        Kiosk(world, who(Role.KIOSK, f"kiosk-{n}"), folder / f"{n}", online=True)
        for n in range(KIOSKS)
    ]
    for kiosk in kiosks:
        kiosk.switch_on()
    try:
        for n in range(days):
            await _day(world, kiosks, url)
            await _next_day(world, kiosks, n + 1)
        for kiosk in kiosks:
            await _come_back(world, kiosk, kill=False)
        _held_against_the_hall(world, kiosks, figure)
    finally:
        for kiosk in kiosks:
            await kiosk.switch_off()
        await world.hall.stop()
    figure.count = days
    killed = ", ".join(f"{name} {n}" for name, n in sorted(world.kills.items()))
    figure.notes.append(f"{world.kills.total()} kills: {killed}")


async def _begun(url: str, watch: Watch) -> Hall:
    hall = Hall(Store(url), watch, "http://hall.test")
    await hall.start()
    return hall


def _kill(world: World) -> int:
    """After how many steps the life that begins is to end; 0: it lasts."""
    chance = world.chance
    return chance.randrange(1, LONGEST_LIFE) if chance.random() < KILLED else 0


async def _day(world: World, kiosks: list[Kiosk], url: str) -> None:
    chance = world.chance
    touches = 0
    while touches < TOUCHES:
        world.watch.forward(seconds=chance.choice([1, 20, 90]))
        deed, kiosk = chance.random(), chance.choice(kiosks)
        if deed < 0.70:
            touches += 1
            await _touch(world, kiosk)
        elif deed < 0.84:
            kiosk.turn(not kiosk.online)
        elif deed < 0.94:
            await _come_back(world, kiosk)
        elif deed < 0.97 and world.late:
            await _arrive_late(world)
        elif deed > 0.99:
            await _restart_hall(world, kiosks, url)
    for kiosk in kiosks:
        if chance.random() < 0.8:  # else what is left comes in on the next day
            await _come_back(world, kiosk)


async def _touch(world: World, kiosk: Kiosk) -> None:
    kiosk.life.left = _kill(world)
    queue = world.chance.choice(list(QUEUES))
    if not kiosk.online and queue not in kiosk.offline.ready():
        return  # its button is off
    await kiosk.touch(Wish(new_id(), QUEUES[queue], queue=queue))
    if kiosk.life.dead:
        await kiosk.again()
    kiosk.life.left = 0


async def _come_back(world: World, kiosk: Kiosk, *, kill: bool = True) -> None:
    """The line is there; what is on disk comes in, though the kiosk is killed meanwhile."""
    kiosk.life.left = _kill(world) if kill else 0
    kiosk.turn(True)
    await kiosk.settle()
    if kiosk.life.dead:
        await kiosk.again()
    kiosk.life.left = 0


async def _arrive_late(world: World) -> None:
    """A request that lay in the net for long reaches the hall."""
    command, kiosk = world.late.pop(world.chance.randrange(len(world.late)))
    try:
        await world.handle(command, kiosk)
    except Refused as no:
        if no.code not in (Refusal.SAME_ID_OTHER_BODY, Refusal.OFFLINE_NUMBER_USED):
            raise


async def _restart_hall(world: World, kiosks: list[Kiosk], url: str) -> None:
    were = [kiosk.online for kiosk in kiosks]
    for kiosk in kiosks:
        kiosk.turn(False)
    while world.reaching:
        await asyncio.sleep(0)
    await world.hall.stop()
    world.hall = await _begun(url, world.watch)
    for kiosk, online in zip(kiosks, were, strict=True):
        kiosk.turn(online)


async def _next_day(world: World, kiosks: list[Kiosk], n: int) -> None:
    were = [kiosk.online for kiosk in kiosks]
    for kiosk in kiosks:
        kiosk.turn(False)
    while world.reaching:
        await asyncio.sleep(0)  # what is on its way arrives before the night, which is hours long
    await world.hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    world.late.clear()
    world.watch.now = NINE + timedelta(days=n)
    await world.hall.handle(OpenDay(hall=HALL, date=world.date()), SUPERVISOR)
    for kiosk, online in zip(kiosks, were, strict=True):
        kiosk.turn(online)
        if world.chance.random() < 0.5:  # the nightly restart
            await kiosk.again()


def _date(taken_at: int) -> str:
    return datetime.fromtimestamp(taken_at / 1000, CHINA).date().isoformat()


def _over(world: World) -> set[str]:
    """Tickets that may have expired though nobody holds them: the answer was lost until the day
    was over, because the kiosk was away and gave an offline number, or the wish lapsed."""
    return world.instead | {world.given[wish] for wish in world.ended & world.given.keys()}


def _held_against_the_hall(world: World, kiosks: list[Kiosk], figure: Figure) -> None:
    """Everything has come in: what was shown is at the hall once, and nothing else is."""

    def read(cursor: Cursor) -> tuple[list[Any], list[str]]:
        day = heads.every_head(cursor)[0].day
        return cursor.all(TICKETS, hall=HALL), proof.faults(cursor, HALL, day)

    rows, wrong = world.hall.store.read(read)
    for fault in wrong:
        figure.tell(fault)
    over = _over(world)
    here = Counter(
        (_date(row.taken_at), row.number)
        for row in rows
        if row.state == "waiting" or (row.state == "expired" and row.id not in over)
    )
    shown: Counter[tuple[str, str]] = Counter()
    for wish, numbers in world.shown.items():
        figure.acknowledged += 1
        figure.duplicates += len(numbers) - 1  # a second number for one wish
        papers = world.papers.get(wish, [])
        figure.duplicates += max(0, len(papers) - 1)
        if set(papers) - numbers:
            figure.tell(f"a paper of a number that was not shown: {papers}, {numbers}")
        date = world.born.get(wish, world.date())
        shown.update((date, number) for number in numbers)
    figure.duplicates += sum(n - 1 for n in shown.values())  # one number for two wishes
    figure.duplicates += sum(n - 1 for n in here.values())
    figure.lost += len(shown.keys() - here.keys())
    figure.duplicates += len(here.keys() - shown.keys())  # a number that nobody holds
    offline = sum(number.endswith("X") for _, number in here)
    nobody = sum(row.state == "expired" and row.id in over for row in rows)
    figure.notes.append(f"{offline} offline numbers, {nobody} that nobody holds expired")
    for kiosk in kiosks:
        for no in kiosk.refused:
            figure.tell(f"refused: {no}")
