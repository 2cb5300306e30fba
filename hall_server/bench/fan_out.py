"""P4: from a call to the last of 10, 100, 1,000 displays, beside a raw broadcast."""

import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hall_server.bench.audience import Audience
from hall_server.bench.child import serving
from hall_server.bench.lines import socket_line
from hall_server.bench.load import closed_loop, quantile
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge, ratio, typical
from hall_server.bench.town import BOARD, CLERK, KIOSK, build, client, halls_of

HALL = halls_of(1)[0]


async def to_the_last(size: Size, folder: Path) -> tuple[dict[str, Target], list[dict[str, Any]]]:
    """Calls one at a time, and between them a broadcast to as many raw sockets.

    The time runs from the sending of the wish to the receipt by the last display; the hall's
    holds the durable commit, the floor's does not.
    """
    url = f"sqlite:///{folder / 'fan_out.db'}"
    each = size.fan_outs + 1  # the first of each is not counted: displays have just come
    calls = each * len(size.displays)
    await build(url, [HALL], max(4, calls))
    rows: list[dict[str, Any]] = []
    async with AsyncExitStack() as stack:
        hall = await stack.enter_async_context(serving("hall", url))
        floor = await stack.enter_async_context(serving("sockets", f"sqlite:///{folder}/floor.db"))
        kiosk = await client(hall.port, HALL, KIOSK)
        await closed_loop([kiosk.take], seconds=60, most=4 * max(4, calls))
        clerk = await client(hall.port, HALL, CLERK)
        teller = await socket_line(floor.ports[1], HALL, BOARD, lambda _: None, lambda: None)
        displays, sockets = Audience(hall.port, HALL), Audience(floor.ports[1], HALL)
        for n in range(calls):
            if n % each == 0:
                rows.append({"displays": size.displays[n // each], "hall": [], "floor": []})
                await displays.grow(rows[-1]["displays"])
                await sockets.grow(rows[-1]["displays"])
            begun = time.perf_counter()
            await clerk.at("call_next", n + 1)()
            rows[-1]["hall"].append((await displays.told(n) - begun) * 1000)
            begun = time.perf_counter()
            teller.send('{"tell":1}')
            rows[-1]["floor"].append((await sockets.told(n) - begun) * 1000)
        for line in (kiosk, clerk, teller, displays, sockets):
            line.close()
    table = [_row(row["displays"], row["hall"][1:], row["floor"][1:]) for row in rows]
    return {"P4": judge("P4", table[-1]["ratio"], {"to_the_last": table})}, table


def _row(displays: int, hall: list[float], floor: list[float]) -> dict[str, Any]:
    ours, its = typical(hall), typical(floor)
    return {
        "displays": displays,
        "hall_p50_ms": ours,
        "hall_p95_ms": round(quantile(hall, 0.95), 2),
        "broadcast_p50_ms": its,
        "broadcast_p95_ms": round(quantile(floor, 0.95), 2),
        "ratio": round(ratio(hall, floor), 3),
    }
