"""A process of its own for what would hold the hall up: questions to the twin, one at a time."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import datetime
from typing import Any

from hall_server.actions import twin_process
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds; a forecast takes 0.3, the best three moves up to 10
LARGEST_ANSWER = 16 * 1024 * 1024


class WorkerDied(Exception):
    """The process has gone, or has not answered in time; the next question starts another."""


class Worker:
    """The one process of a server, shared by its halls. It begins with the first question, and
    ends with the server: it reads its questions from a pipe that ends with us."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._over = False

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    async def ask(self, question: str, hall: str, at: datetime, **more: Any) -> dict[str, Any]:
        """Put one of `twin_process.QUESTIONS` about a hall as it is now; `more` is plain JSON.

        Raises Refused as the answer says (day_closed where there is nothing to look forward to),
        WorkerDied, or TimeoutError where others have held it for too long.
        """
        asked = {"ask": question, "hall": hall, "at": at.isoformat(), "more": more}
        async with asyncio.timeout(PATIENCE), self._turn:
            answer = await self._answer(asked)
        if "refused" in answer:
            raise Refused(Refusal(answer["refused"]), **answer["facts"])
        return answer

    async def stop(self) -> None:
        """End the process at once; whoever waits for its answer is told that it died."""
        self._over = True
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
        async with self._turn:
            await self._end()

    async def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            process = self._process or await self._begin()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(_line(asked))
            await process.stdin.drain()
            told = await process.stdout.readline()
            if not told.endswith(b"\n"):
                raise WorkerDied(f"ended with status {await process.wait()}")
            answer: dict[str, Any] = json.loads(told)
        except BaseException as broken:
            # What it may still say would be taken for the answer to the next question.
            await asyncio.shield(self._end())
            if isinstance(broken, OSError):
                raise WorkerDied(str(broken)) from broken
            raise
        return answer

    async def _begin(self) -> Process:
        if self._over:
            raise WorkerDied("the server stops")
        process = self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", twin_process.__name__),
            stdin=PIPE,
            stdout=PIPE,
            limit=LARGEST_ANSWER,
        )
        assert process.stdin is not None
        # Not as an argument: everybody on the machine sees those, and there may be a password.
        process.stdin.write(_line({"url": self._url}))
        return process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with suppress(ProcessLookupError):
            process.kill()  # it only reads: there is nothing to finish
        await process.wait()


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
