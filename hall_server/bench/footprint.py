"""P7: memory and idle processor time, with displays and after a day's work."""

import asyncio
from pathlib import Path
from typing import Any

from hall_server.bench.audience import Audience
from hall_server.bench.child import Child, serving
from hall_server.bench.lines import AskingLine
from hall_server.bench.load import Deed, closed_loop
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge
from hall_server.bench.town import CLERK, KIOSK, Client, build, client, halls_of, secret_of

HALL = halls_of(1)[0]
WINDOWS = 16
LARGEST_DISPLAY_KIB = 25.0
LARGEST_GROWTH = 1.0  # MiB for each 1,000 visits once the hall's memory of events is full
PATIENCE = 110.0


async def of_the_server(size: Size, folder: Path) -> dict[str, Target]:
    """Rest without displays, rest with them, then visitors from taking to finishing, twice."""
    url = f"sqlite:///{folder / 'footprint.db'}"
    await build(url, [HALL], WINDOWS)
    displays = size.halls * size.boards
    async with serving("hall", url) as server:
        kiosk = await client(server.port, HALL, KIOSK)
        await closed_loop([kiosk.take], seconds=PATIENCE, most=50)
        seer = AskingLine()
        await seer.join(server.port, HALL, secret_of(KIOSK, HALL))
        await seer.see("catalogue")  # as every kiosk does
        seer.close()
        alone, alone_idle = server.memory(), await _idle(server, size.seconds * 2)
        audience = Audience(server.port, HALL)
        await audience.grow(displays)
        clerk = await client(server.port, HALL, CLERK)
        for n in range(1, WINDOWS + 1):
            await clerk.at("call_next", n)()
            await audience.told(n - 1)
            await clerk.at("pass_over", n)()
        full, full_idle = server.memory(), await _idle(server, size.seconds * 2)
        audience.close()
        grown = await _visits(server, size.visits)
        clerk.close()
        kiosk.close()
    each = (full - alone) * 1024 / displays
    figures: dict[str, Any] = {
        "displays": displays,
        "alone_mib": round(alone, 1),
        "with_displays_mib": round(full, 1),
        "kib_per_display": round(each, 1),
        "kib_per_display_limit": LARGEST_DISPLAY_KIB,
        "idle_cpu_percent": round(alone_idle, 2),
        "idle_cpu_percent_with_displays": round(full_idle, 2),
        "visits": size.visits,
        "mib_per_1000_visits": round(grown, 2),
        "mib_per_1000_visits_limit": LARGEST_GROWTH,
    }
    kept = each <= LARGEST_DISPLAY_KIB
    if size.name == "full":  # a short run sees the memory of the last 5,000 events still fill
        kept = kept and grown <= LARGEST_GROWTH
    return {"P7": judge("P7", full, figures, also=kept)}


async def _idle(server: Child, seconds: float) -> float:
    """Per cent of one core while nobody does anything."""
    before = server.cpu()
    await asyncio.sleep(seconds)
    return (server.cpu() - before) * 100 / seconds


async def _visits(server: Child, visits: int) -> float:
    """MiB that 1,000 more visits leave behind, after as many have filled the server."""
    kiosks = [await client(server.port, HALL, KIOSK) for _ in range(WINDOWS)]
    clerks = [await client(server.port, HALL, CLERK) for _ in range(WINDOWS)]
    deeds = [_visit(*pair, n) for n, pair in enumerate(zip(kiosks, clerks, strict=True), 1)]
    await closed_loop(deeds, seconds=PATIENCE, most=visits)
    before = server.memory()
    await closed_loop(deeds, seconds=PATIENCE, most=visits)
    after = server.memory()
    for one in (*kiosks, *clerks):
        one.close()
    return (after - before) * 1000 / visits


def _visit(kiosk: Client, clerk: Client, window: int) -> Deed:
    async def visit() -> bytes:
        # Four takes are one of each queue, so that a window of two queues always has somebody.
        await kiosk.take()
        for kind in ("call_next", "start_service"):
            await clerk.at(kind, window)()
        return await clerk.at("finish", window)()

    return visit
