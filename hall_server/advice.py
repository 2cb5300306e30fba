"""Advice to a supervisor (如果…会怎样): asked of the twin's process, and held for who asks next."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from hall_server.wire.what_if import WhatIf
from hall_server.words import Refusal, Refused
from hall_server.worker import Worker, WorkerDied

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=30)  # the best moves: found once for all who look
MOST_ASKED = 4  # questions of people at one time; the forecasts stand in the same line


class Advice:
    """What people ask the twins of this server's halls. It happens in the event loop; the runs
    are made by the worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._asked = 0
        self._best: dict[str, tuple[datetime, asyncio.Task[dict[str, Any]]]] = {}

    async def what_if(self, hall: str, move: WhatIf, now: datetime) -> dict[str, Any]:
        """The effect of one move. Raises day_closed, what the move refuses, or too_busy."""
        more = move.model_dump(mode="json", exclude_none=True)
        return await self._ask("what_if", hall, now, more)

    async def best_moves(self, hall: str, now: datetime) -> dict[str, Any]:
        """The best three moves, not older than 30 s. Raises day_closed or too_busy."""
        made, task = self._best.get(hall, (now - KEPT, None))
        if task is None or not timedelta() <= now - made < KEPT:
            task = asyncio.ensure_future(self._ask("best_moves", hall, now, {}))
            task.add_done_callback(_heard)
            self._best[hall] = (now, task)
        try:
            # Who goes away does not take it from the others who look.
            return await asyncio.shield(task)
        except Refused:
            self._best.pop(hall, None)
            raise

    async def _ask(
        self, question: str, hall: str, now: datetime, more: dict[str, Any]
    ) -> dict[str, Any]:
        if self._asked >= MOST_ASKED:
            raise Refused(Refusal.TOO_BUSY)
        self._asked += 1
        try:
            return await self._worker.ask(question, hall, now, **more)
        except (WorkerDied, TimeoutError) as failed:
            log.error("no answer to %s for %s: %s", question, hall, str(failed) or "too late")
            raise Refused(Refusal.TOO_BUSY) from failed
        finally:
            self._asked -= 1


def _heard(task: asyncio.Task[dict[str, Any]]) -> None:
    """A refusal is no news where everybody who asked has gone."""
    if not task.cancelled():
        task.exception()
