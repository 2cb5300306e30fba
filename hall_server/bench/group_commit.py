"""The floor's own writer: one thread, one insert for each number, one durable commit a batch."""

import asyncio
import queue
import threading
from pathlib import Path

from hall_server.store.database import sqlite_module

LARGEST_BATCH = 256


class GroupCommit:
    """Hands out numbers and answers after their commit: the least that loses none."""

    def __init__(self, file: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._wishes: queue.SimpleQueue[tuple[str, asyncio.Future[int]] | None]
        self._wishes = queue.SimpleQueue()
        self._file = file
        self._thread = threading.Thread(target=self._run, name="floor", daemon=True)
        self._thread.start()

    async def take(self, body: str) -> int:
        """The next number, once it is durable."""
        answer: asyncio.Future[int] = self._loop.create_future()
        self._wishes.put((body, answer))
        return await answer

    def stop(self) -> None:
        self._wishes.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection = sqlite_module().connect(self._file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("CREATE TABLE ticket (n INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        last = 0
        while (first := self._wishes.get()) is not None:
            batch = [first]
            while len(batch) < LARGEST_BATCH and not self._wishes.empty():
                wish = self._wishes.get()
                if wish is None:
                    self._wishes.put(None)
                    break
                batch.append(wish)
            rows = [(last + n, body) for n, (body, _) in enumerate(batch, 1)]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO ticket (n, body) VALUES (?, ?)", rows)
            connection.execute("COMMIT")
            last = rows[-1][0]
            answers = [(answer, n) for (_, answer), (n, _) in zip(batch, rows, strict=True)]
            self._loop.call_soon_threadsafe(_deliver, answers)
        connection.close()


def _deliver(answers: list[tuple["asyncio.Future[int]", int]]) -> None:
    for answer, n in answers:
        if not answer.done():
            answer.set_result(n)
