"""P8: two server processes on one PostgreSQL give no number twice and call nobody twice."""

import json
from collections import Counter
from contextlib import AsyncExitStack

from hall_server.bench.child import serving
from hall_server.bench.load import Deed, closed_loop
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge, not_measured
from hall_server.bench.town import CLERK, KIOSK, Client, build, client
from hall_server.wire.bounds import new_id

WINDOWS = 64
KIOSKS = 32
PATIENCE = 110.0


async def on_one_database(size: Size, url: str | None) -> dict[str, Target]:
    """Kiosks and windows on both servers at once, in a hall of this run's own."""
    if url is None:
        return {"P8": not_measured("P8", "needs --postgresql URL, a database to spend")}
    hall = f"bench-{new_id()[:8]}"
    await build(url, [hall], WINDOWS)
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(serving("hall", url)) for _ in range(2)]
        ports = [server.port for server in servers]
        kiosks = [await client(ports[n % 2], hall, KIOSK) for n in range(KIOSKS)]
        clerks = [await client(ports[n % 2], hall, CLERK) for n in range(WINDOWS)]
        # A window serves two of four queues: a few must wait in each beyond what is called.
        takes = [one.take for one in kiosks]
        stock = await closed_loop(takes, seconds=PATIENCE, most=size.presses + 8 * WINDOWS)
        called = await closed_loop(
            [_call(clerk, n) for n, clerk in enumerate(clerks, 1)],
            seconds=PATIENCE,
            most=size.presses // 2,
        )
        for one in (*kiosks, *clerks):
            one.close()
    numbers = Counter(json.loads(answer)["number"] for answer in stock.answers)
    tickets = Counter(json.loads(answer)["ticket"] for answer in called.answers)
    twice = sum(n - 1 for n in numbers.values()), sum(n - 1 for n in tickets.values())
    figures = {
        "servers": 2,
        "takes": len(stock.answers),
        "calls": len(called.answers),
        "numbers_given_twice": twice[0],
        "tickets_called_twice": twice[1],
        "takes_per_second": round(stock.rate),
        "calls_per_second": round(called.rate),
    }
    return {"P8": judge("P8", float(sum(twice)), figures)}


def _call(clerk: Client, window: int) -> Deed:
    """Call and serve to the end, so that a ticket called twice cannot be called rightly."""

    async def call() -> bytes:
        answer = await clerk.at("call_next", window)()
        for kind in ("start_service", "finish"):
            await clerk.at(kind, window)()
        return answer

    return call
