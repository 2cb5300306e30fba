"""With and without the forecast: what a take and a call wait for, side by side."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hall_server.bench.child import serving
from hall_server.bench.load import Sample, Wave, closed_loop, open_loop
from hall_server.bench.size import Size
from hall_server.bench.targets import ratio, typical
from hall_server.bench.town import CLERK, KIOSK, Client, build, client, halls_of

NAME, LIMIT = "FORECAST", 1.2
HALL = halls_of(1)[0]
RATE = 20.0  # takes and calls a second: a busy hall has as many in a minute
KIOSKS, WINDOWS = 16, 200
STOCK = 200  # so many wait all the time, as on a bad morning of 30 windows
LONGER = 5  # pieces are as long as the least time between a few forecasts
# Whatever the machine does besides weighs on both, if they take turns quickly.
SERVERS = {"without": "alone", "with": "hall"}


async def beside_none(size: Size, folder: Path) -> list[dict[str, Any]]:
    """Takes and calls at a steady rate against a hall that foresees and one that does not, in
    turn: the 99th of a hundred of each piece, and how many times as long it is with it. Of
    pieces side by side, the median: one stall of the machine decides nothing."""
    seconds = size.seconds * LONGER
    waits: dict[str, dict[str, list[float]]] = {
        deed: {name: [] for name in SERVERS} for deed in ("take", "call")
    }
    async with AsyncExitStack() as stack:
        stages: dict[str, tuple[list[Client], list[Client]]] = {}
        for name, what in SERVERS.items():
            url = f"sqlite:///{folder / f'{name}-forecast.db'}"
            await build(url, [HALL], WINDOWS)
            server = await stack.enter_async_context(serving(what, url))
            kiosks = [await client(server.port, HALL, KIOSK) for _ in range(KIOSKS)]
            clerks = [await client(server.port, HALL, CLERK) for _ in range(WINDOWS)]
            stages[name] = kiosks, clerks
            for one in (*kiosks, *clerks):
                stack.callback(one.close)
            await closed_loop([one.take for one in kiosks], seconds=60, most=STOCK)
        for n in range(2 * size.rounds):
            names = list(SERVERS)
            for name in names[:: 1 if n % 2 else -1]:
                taken, called = await _piece(*stages[name], seconds)
                waits["take"][name].append(taken.ms(0.99))
                waits["call"][name].append(called.ms(0.99))
    return [_row(deed, found) for deed, found in waits.items()]


async def _piece(
    kiosks: list[Client], clerks: list[Client], seconds: float
) -> tuple[Sample, Sample]:
    takes = Wave([one.take for one in kiosks], RATE)
    calling = [clerk.at("call_next", n) for n, clerk in enumerate(clerks, 1)]
    calls = Wave(calling, min(RATE, len(calling) / seconds))
    await open_loop([takes, calls], seconds)
    for n in range(len(calls.planned)):
        await clerks[n].at("pass_over", n + 1)()
    return takes.sample, calls.sample


def _row(deed: str, found: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "deed": deed,
        "pieces": len(found["with"]),
        "p99_ms_without": typical(found["without"]),
        "p99_ms_with": typical(found["with"]),
        "ratio": round(ratio(found["with"], found["without"]), 3),
        "limit": LIMIT,
    }
