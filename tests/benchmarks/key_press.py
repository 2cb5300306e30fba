"""From the key of a call box to the call on the board: `python -m tests.benchmarks.key_press`."""

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from display.board import Board, Fit
from hall_server.actions.callers import secret_hash
from hall_server.wire.commands import AddAccount
from hall_server.wire.link import Link
from hall_server.wire.views import Facts
from tests.builders import ADMIN, HALL, sqlite_url, take
from tests.journeys.agent_desk import FINISH, NEXT, OK, Desk, desk, until

SECRET = "a-secret-of-the-board-in-this-bench"
WARM = 3  # presses that are not counted
APART = 1.2  # seconds: the same key sooner is the same press, said again


class Wall:
    """A board as a display program keeps it, on a link of its own."""

    def __init__(self, desk: Desk) -> None:
        self.board = Board(self.now())
        url = f"ws://127.0.0.1:{desk.served.port}/link"
        self.link = Link(url, HALL, SECRET, changed=self._changed)
        self.calls: dict[str, float] = {}

    @staticmethod
    def now() -> int:
        return time.time_ns() // 1_000_000

    def _changed(self, kind: str, facts: Facts) -> None:
        self.board.changed(kind, facts, self.now())
        view = self.board.view(self.now(), Fit(windows=8, calls=8, queues=8))
        for row in view.windows:
            if row.number is not None:
                self.calls.setdefault(row.number, time.monotonic())


async def measure(presses: int, folder: Path) -> list[float]:
    """Seconds from each press to the board's row, sorted; box, agent, server and board are real
    but in one process, the box on a pty at 9600 baud."""
    async with desk(sqlite_url(folder), folder) as at_desk:
        account = {"name": "board-1", "role": "display", "secret_hash": secret_hash(SECRET)}
        await at_desk.hall.handle(AddAccount.model_validate({"hall": HALL, **account}), ADMIN)
        wall = Wall(at_desk)
        listening = asyncio.create_task(wall.link.run())
        try:
            await until(lambda: wall.link.online)
            times = [await _press(at_desk, wall) for _ in range(WARM + presses)]
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
    return sorted(times[WARM:])


async def _press(at_desk: Desk, wall: Wall) -> float:
    """Call one number by the box's key, and serve it to its end."""
    number = (await take(at_desk.hall))["number"]
    pressed = time.monotonic()
    at_desk.box.key(NEXT)
    await until(lambda: number in wall.calls)
    for key, done in (
        (OK, lambda: at_desk.window()["serving"]),
        (FINISH, lambda: not at_desk.window()["serving"]),
    ):
        at_desk.box.key(key)
        await until(done)
    await at_desk.settled()
    await asyncio.sleep(APART)
    return wall.calls[number] - pressed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=50)
    presses = parser.parse_args().presses
    with tempfile.TemporaryDirectory() as folder:
        times = asyncio.run(measure(presses, Path(folder)))
    print(
        f"key press → call on the board, {len(times)} presses: "
        f"median {statistics.median(times) * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, max {times[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
