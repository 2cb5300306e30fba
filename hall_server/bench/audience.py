"""Displays of the load: they note when each call reached them, and do nothing else."""

import asyncio
import time
from collections.abc import Callable

from hall_server.bench.lines import Failed, SocketLine, socket_line
from hall_server.bench.town import BOARD, secret_of

CALL = b'"kind":"call_next"'
KIND_WITHIN = 128  # bytes of a frame that hold its kind
AT_ONCE = 50  # displays that join together
PATIENCE = 30.0


class Audience:
    """All displays of one hall. `told` waits for a call's receipt by the last of them."""

    def __init__(self, port: int, hall: str) -> None:
        self._port, self._hall = port, hall
        self._lines: list[SocketLine] = []
        self._heard: list[int] = []
        self._last: list[float] = []
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._lost = False

    @property
    def calls(self) -> int:
        """How many calls the first display has heard."""
        return len(self._heard)

    async def grow(self, size: int) -> None:
        """Let displays join until there are this many; all heard the same number of calls."""
        earlier = self.calls
        while len(self._lines) < size:
            joining = min(AT_ONCE, size - len(self._lines))
            secret = secret_of(BOARD, self._hall)
            self._lines += await asyncio.gather(
                *(
                    socket_line(self._port, self._hall, secret, self._ear(earlier), self._gone)
                    for _ in range(joining)
                )
            )

    async def told(self, n: int) -> float:
        """The instant at which the n-th call (from 0) had reached everybody."""
        if self.calls > n and self._heard[n] == len(self._lines):
            return self._last[n]
        if self._lost:
            raise Failed("a display was cut off")
        whole: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[n] = whole
        async with asyncio.timeout(PATIENCE):
            return await whole

    def close(self) -> None:
        for line in self._lines:
            line.close()

    def _ear(self, earlier: int) -> Callable[[bytes], None]:
        next_call = earlier

        def hear(frame: bytes) -> None:
            nonlocal next_call
            if CALL not in frame[:KIND_WITHIN]:
                return
            n, next_call = next_call, next_call + 1
            if n == len(self._heard):
                self._heard.append(0)
                self._last.append(0.0)
            self._heard[n] += 1
            if self._heard[n] == len(self._lines):
                self._last[n] = time.perf_counter()
                whole = self._waiting.pop(n, None)
                if whole is not None and not whole.done():
                    whole.set_result(self._last[n])

        return hear

    def _gone(self) -> None:
        self._lost = True
        for whole in self._waiting.values():
            if not whole.done():
                whole.set_exception(Failed("a display was cut off"))
