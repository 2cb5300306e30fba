"""PostgreSQL breaks its connections off under load: at any moment, also inside a commit."""

import asyncio
import random
import time

from hall_server.hall import Hall
from hall_server.wire.commands import CallNext, Command, PassOver, TakeTicket
from hall_server.words import Refusal, Refused
from tests.builders import CLERK, HALL, KIOSK, open_hall, open_window
from tests.faults.figures import Figure
from tests.faults.history import History
from tests.postgresql import TEMPLATE, Server

CLIENTS = 12
BREAK = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = '{}' AND pid <> pg_backend_pid()"
)


def run(cuts: int, seed: int, server: Server) -> Figure:
    """Break every connection of the hall off `cuts` times, while clients repeat what was not
    answered. (Its control is that of the killed server: repeats under fresh ids.)"""
    figure = Figure("database connections broken", seed)
    began = time.monotonic()
    asyncio.run(_all(cuts, random.Random(seed), server, figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _all(cuts: int, chance: random.Random, server: Server, figure: Figure) -> None:
    name = server.create(TEMPLATE)
    history = History()
    async with open_hall(server.url(name)) as hall:
        generation = await open_window(hall)
        over = asyncio.Event()
        kiosks = [_kiosk(hall, over, history, figure) for _ in range(CLIENTS)]
        desk = _desk(hall, over, generation, history, figure)
        clients = asyncio.gather(desk, *kiosks)
        for _ in range(cuts):
            await asyncio.sleep(chance.uniform(0.02, 0.3))
            await asyncio.to_thread(server.run, BREAK.format(name))
            figure.count += 1
        over.set()
        await clients
        await hall.catch_up(HALL)
        history.judge(server.url(name), figure)
        fresh = hall.store.read(hall._every_hub)[HALL]
        if (fresh.seq, fresh.state) != (hall.hubs[HALL].seq, hall.hubs[HALL].state):
            figure.tell("what the hall tells is not what the database holds")


async def _kiosk(hall: Hall, over: asyncio.Event, history: History, figure: Figure) -> None:
    while not over.is_set():
        command: Command = TakeTicket(hall=HALL, queue="social")
        while True:
            try:
                history.took(await hall.handle(command, KIOSK))
                break
            except Refused as refused:
                if refused.code is not Refusal.STORE_UNAVAILABLE:
                    figure.tell(str(refused))
                    return


async def _desk(
    hall: Hall, over: asyncio.Event, generation: int, history: History, figure: Figure
) -> None:
    deeds = 0
    while not over.is_set():
        deed = (CallNext, PassOver)[deeds % 2]
        deeds += 1
        command = deed(hall=HALL, window="1", generation=generation)
        while True:
            try:
                reply = await hall.handle(command, CLERK)
            except Refused as refused:
                if refused.code is Refusal.STORE_UNAVAILABLE:
                    continue
                break
            if deed is CallNext:
                history.called[reply["service"]] = reply["ticket"]
            break
