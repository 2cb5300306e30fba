"""Every request sent one to five times and out of order: takes, calls, ratings."""

import asyncio
import random
import time
from typing import Any

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    Command,
    Finish,
    Rate,
    StartService,
    TakeTicket,
)
from hall_server.words import Refusal, Refused, Role
from tests.builders import CLERK, HALL, KIOSK, open_hall, open_window, who
from tests.faults.figures import Figure
from tests.faults.history import History

DESKS = 40
MOST_COPIES = 5
ON_THE_WAY = 400  # late copies that the network holds, and lets go in any order
RATED_AGAIN = 0.2  # part of the ratings that somebody tries to give once more, as a new wish


class Network:
    """Between clients and hall: doubles, delays and reorders what it carries."""

    def __init__(self, hall: Hall, chance: random.Random, figure: Figure, fresh: bool) -> None:
        self._hall, self._chance, self._figure, self._fresh = hall, chance, figure, fresh
        self._late: list[tuple[Command, Who, dict[str, Any]]] = []

    async def send(self, command: Command, person: Who) -> dict[str, Any]:
        """The answer to a wish; some copies go together with it, some arrive later."""
        copies = self._chance.randint(1, MOST_COPIES)
        now = self._chance.randint(1, copies)
        first, *others = await asyncio.gather(
            *(self._give(command, person, n) for n in range(now)), return_exceptions=True
        )
        if isinstance(first, BaseException):
            raise first
        for reply in others:
            self._compare(command, first, reply)
        self._late += [(command, person, first)] * (copies - now)
        self._figure.count += 1
        while len(self._late) > ON_THE_WAY:
            await self._deliver_one()
        return first

    async def deliver_all(self) -> None:
        while self._late:
            await asyncio.gather(*(self._deliver_one() for _ in range(min(50, len(self._late)))))

    async def _deliver_one(self) -> None:
        command, person, first = self._late.pop(self._chance.randrange(len(self._late)))
        try:
            self._compare(command, first, await self._give(command, person, 1))
        except Refused as refused:
            self._compare(command, first, refused)

    async def _give(self, command: Command, person: Who, copy: int) -> dict[str, Any]:
        if self._fresh and copy:
            command = command.model_copy(update={"id": new_id()})
        return await self._hall.handle(command, person)

    def _compare(self, command: Command, first: dict[str, Any], reply: Any) -> None:
        if reply != first:
            self._figure.tell(f"{command.kind} answered {first}, its repeat {reply!r}")


def run(wishes: int, seed: int, url: str, control: bool = False) -> Figure:
    """Give `wishes` wishes through a network that repeats and reorders.

    The control gives each copy an id of its own: there are more tickets than wishes.
    """
    what = f"requests sent 1-5 times, {url.partition(':')[0]}"
    figure = Figure(what, seed, control=control)
    began = time.monotonic()
    asyncio.run(_all(wishes, random.Random(seed), url, figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _all(wishes: int, chance: random.Random, url: str, figure: Figure) -> None:
    history = History()
    async with open_hall(url, windows=DESKS) as hall:
        network = Network(hall, chance, figure, figure.control)

        async def desk(window: str) -> None:
            at = {
                "hall": HALL,
                "window": window,
                "generation": await open_window(hall, window),
            }
            try:
                while figure.count < wishes:
                    await one_visit(at)
            except Refused as refused:  # somebody else's copy did this desk's work: it is stuck
                figure.tell(f"window {window}: {refused}")

        async def one_visit(at: dict[str, Any]) -> None:
            queue = chance.choice(("social", "tax"))
            took = await network.send(TakeTicket(hall=HALL, queue=queue), KIOSK)
            history.took(took)
            try:
                called = await network.send(CallNext(**at), CLERK)
            except Refused as refused:
                if refused.code is not Refusal.NO_ONE_WAITING:
                    raise
                return
            history.called[called["service"]] = called["ticket"]
            await network.send(StartService(**at), CLERK)
            await network.send(Finish(**at), CLERK)
            await _rate(network, called, chance, figure)
            history.rated.add(called["service"])

        desks = (str(n) for n in range(3, DESKS + 1))  # these serve both queues
        await asyncio.gather(*(desk(window) for window in desks))
        await network.deliver_all()
    history.calls = len(history.called)
    history.judge(url, figure)


async def _rate(
    network: Network, called: dict[str, Any], chance: random.Random, figure: Figure
) -> None:
    holder = who(Role.CITIZEN, called["ticket"], ticket=called["ticket"])
    rating = Rate(hall=HALL, service=called["service"], level=chance.randint(1, 5))
    await network.send(rating, holder)
    if chance.random() < RATED_AGAIN:
        again = rating.model_copy(update={"id": new_id()})
        try:
            await network.send(again, holder)
        except Refused as refused:
            if refused.code is Refusal.ALREADY_RATED:
                return
        figure.tell(f"{called['service']} was rated twice")
