"""Simulated window staff (窗口人员): they call, serve, wait for who does not come."""

import asyncio
import contextlib
import random
from typing import Any

from hall_server.wire.commands import (
    CallNext,
    Command,
    Finish,
    Hold,
    OpenWindow,
    PassOver,
    Recall,
    Resume,
    StartService,
    Transfer,
)
from hall_server.wire.link import Link
from hall_server.words import Refusal, Refused

ABSENT = 0.08  # share of the called who do not come (queue-policy §0)
MOVED = 0.04  # share of services that go on at another queue
HELD = 0.03
WALK_SECONDS = 25.0  # from the call to the window
RECALL_SECONDS = 30.0
SPREAD = 0.6  # of the log-normal service time


class Clerk:
    """One person at one window, as fast as `speed` says; a real person who takes the window
    over sends this one home."""

    def __init__(self, link: Link, hall: str, window: str, speed: float, seed: int) -> None:
        self._link, self._hall, self._window = link, hall, window
        self._speed = speed
        self._chance = random.Random(seed)
        self._generation = 0

    async def run(self) -> None:
        """Work until cancelled or taken over."""
        await self._link.joined()
        with contextlib.suppress(Refused):
            reply = await self._link.insist(OpenWindow(hall=self._hall, window=self._window))
            self._generation = reply["generation"]
            while True:
                await self._one()

    async def _one(self) -> None:
        try:
            called = await self._do(CallNext)
        except Refused as refused:
            if refused.code not in (Refusal.NO_ONE_WAITING, Refusal.DAY_CLOSED):
                raise
            await self._pass_time(20)
            return
        if not await self._has_come():
            await self._do(PassOver)
            return
        await self._do(StartService)
        minutes = self._minutes(called["queue"])
        await self._pass_time(60 * minutes * self._chance.lognormvariate(-0.18, SPREAD))
        if self._chance.random() < MOVED and (queue := self._other(called["queue"])):
            await self._do(Transfer, queue=queue)
        elif self._chance.random() < HELD:
            await self._do(Hold)
            await self._pass_time(60)
            await self._do(Resume, ticket=called["ticket"])
            await self._do(Finish)
        else:
            await self._do(Finish)
        await self._pass_time(15)

    async def _has_come(self) -> bool:
        if self._chance.random() >= ABSENT:
            await self._pass_time(WALK_SECONDS)
            return True
        for _ in range(2):
            await self._pass_time(RECALL_SECONDS)
            await self._do(Recall)
        await self._pass_time(RECALL_SECONDS)
        return False

    async def _do(self, command: type[Command], **more: Any) -> dict[str, Any]:
        given = command.model_validate(
            {
                "hall": self._hall,
                "window": self._window,
                "generation": self._generation,
                **more,
            }
        )
        return await self._link.insist(given)

    def _minutes(self, queue: str) -> float:
        plan = next(plan for plan in self._link.state["hall"]["queues"] if plan["id"] == queue)
        return float(plan["minutes"])

    def _other(self, queue: str) -> str | None:
        """A queue of the same zone to go on at."""
        queues = self._link.state["hall"]["queues"]
        zone = next(plan["zone"] for plan in queues if plan["id"] == queue)
        others = [plan["id"] for plan in queues if plan["zone"] == zone and plan["id"] != queue]
        return self._chance.choice(others) if others else None

    async def _pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._chance.uniform(0.7, 1.3) / self._speed)
