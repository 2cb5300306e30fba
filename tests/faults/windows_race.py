"""All windows press next together, while tickets are few; and the naive way, which fails."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    NullPool,
    Table,
    create_engine,
    insert,
    select,
    update,
)

from hall_server.hall import Hall
from hall_server.store.database import sqlite_module
from hall_server.store.store import Store
from hall_server.wire.commands import CallNext, PassOver
from hall_server.words import Refusal, Refused
from tests.builders import Watch, at_window, open_hall, open_window, take
from tests.faults.figures import Figure
from tests.faults.history import History

WINDOWS = 40
FEWEST, MOST = 10, 30  # tickets of one round: never enough for every window


def run(presses: int, seed: int, url: str, servers: int = 1) -> Figure:
    """Press next at 40 windows at once, each twice, `presses` times in all, through
    one hall server or several on the same database."""
    what = f"40 windows press next, {url.partition(':')[0]}, {servers} server(s)"
    figure = Figure(what, seed)
    began = time.monotonic()
    asyncio.run(_race(presses, random.Random(seed), url, servers, figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _race(
    presses: int, chance: random.Random, url: str, servers: int, figure: Figure
) -> None:
    history = History()
    calls: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    async with _halls(url, servers) as halls:
        at = {str(n): halls[n % servers] for n in range(1, WINDOWS + 1)}
        held = {window: await open_window(hall, window) for window, hall in at.items()}
        while figure.count < presses:
            for reply in await asyncio.gather(
                *(
                    take(chance.choice(halls), chance.choice(("social", "tax")))
                    for _ in range(chance.randint(FEWEST, MOST))
                )
            ):
                history.took(reply)
            pressing = [*at, *at]
            chance.shuffle(pressing)
            replies: list[Any] = await asyncio.gather(
                *(at_window(at[window], CallNext, held[window], window) for window in pressing),
                return_exceptions=True,
            )
            figure.count += len(pressing)
            served: Counter[str] = Counter()
            for window, reply in zip(pressing, replies, strict=True):
                if isinstance(reply, dict):
                    served[window] += 1
                    calls[reply["ticket"]] += 1
                    history.called[reply["service"]] = reply["ticket"]
                elif isinstance(reply, Refused):
                    refused[reply.code] += 1
                else:
                    raise reply
            for window, n in served.items():
                if n > 1:
                    figure.duplicates += 1
                    figure.tell(f"window {window} got {n} tickets")
            await asyncio.gather(
                *(at_window(at[window], PassOver, held[window], window) for window in served)
            )
    twice = sum(n > 1 for n in calls.values())
    figure.duplicates += twice
    if twice:
        figure.tell(f"{twice} tickets were called to more than one window")
    unexpected = set(refused) - {Refusal.NO_ONE_WAITING, Refusal.ALREADY_SERVING}
    if unexpected:
        figure.tell(f"unexpected: {unexpected}")
    figure.notes.append(f"{calls.total()} served, refused {dict(refused)}")
    history.judge(url, figure)


@asynccontextmanager
async def _halls(url: str, servers: int) -> AsyncIterator[list[Hall]]:
    async with AsyncExitStack() as stack:
        halls = [await stack.enter_async_context(open_hall(url, windows=WINDOWS))]
        for _ in range(servers - 1):
            hall = Hall(Store(url), Watch())
            await hall.start()
            stack.push_async_callback(hall.stop)
            halls.append(hall)
        yield halls


def run_naive(presses: int, seed: int, url: str) -> Figure:
    """The control: each window looks who waits and then writes, with no wall in the table."""
    figure = Figure(f"40 windows press next, {url.partition(':')[0]}", seed, control=True)
    began = time.monotonic()
    options: dict[str, Any] = {"module": sqlite_module()} if url.startswith("sqlite") else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    tickets = Table(
        "naive_ticket",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("at", Integer),  # the window it was called to
    )
    tickets.metadata.create_all(engine)
    rounds = max(1, presses // WINDOWS)
    with engine.begin() as connection:
        connection.execute(insert(tickets), [{"at": None}] * (rounds * WINDOWS))
    calls: list[tuple[Any, int]] = []
    together = threading.Barrier(WINDOWS)

    def press(window: int) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for _ in range(rounds):
                together.wait(30)
                waiting = select(tickets.c.id).where(tickets.c.at.is_(None))
                found = connection.scalar(waiting.order_by(tickets.c.id).limit(1))
                connection.execute(update(tickets).where(tickets.c.id == found).values(at=window))
                calls.append((found, window))

    threads = [threading.Thread(target=press, args=(n,)) for n in range(WINDOWS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    figure.count = len(calls)
    figure.duplicates = sum(n > 1 for n in Counter(ticket for ticket, _ in calls).values())
    figure.seconds = time.monotonic() - began
    return figure
