"""P1, P2 and the table of throughput: takes and calls, by clients and by way in."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hall_server.bench.child import serving
from hall_server.bench.load import Sample, closed_loop
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge, ratio, typical
from hall_server.bench.town import CLERK, KIOSK, Client, build, client, halls_of

HALL = halls_of(1)[0]
FEWEST_WINDOWS = 4  # one for each queue at least
AT_32 = 32
MOST = 100_000  # takes of one piece of load
CALLS_A_SECOND = 1_000  # at most as many are asked for as numbers were taken before
FLOORS = ("route", "bare", "session")


async def beside_the_floor(size: Size, folder: Path) -> dict[str, Target]:
    """Takes at 32 clients, and the same load on each floor, in turn, round by round."""
    url = f"sqlite:///{folder / 'takes.db'}"
    await build(url, [HALL], FEWEST_WINDOWS)
    rates: dict[str, list[float]] = {name: [] for name in ("hall", *FLOORS)}
    waits: dict[str, list[float]] = {name: [] for name in rates}
    async with AsyncExitStack() as stack:
        clients: dict[str, list[Client]] = {}
        for name in rates:
            database = url if name == "hall" else f"sqlite:///{folder / name}.db"
            server = await stack.enter_async_context(serving(name, database))
            clients[name] = [await client(server.port, HALL, KIOSK) for _ in range(AT_32)]
        for name in rates:
            await _takes(clients[name], size.seconds / 4)  # the first answers warm everything up
        for n in range(size.rounds):
            names = list(rates)
            for name in names[n % len(names) :] + names[: n % len(names)]:
                sample = await _takes(clients[name], size.seconds)
                rates[name].append(sample.rate)
                waits[name].append(sample.ms(0.99))
        for each in clients.values():
            for one in each:
                one.close()
    figures: dict[str, Any] = {
        "clients": AT_32,
        "rounds": size.rounds,
        "per_second": {name: typical(rates[name], 0) for name in rates},
        "p99_ms": {name: typical(waits[name]) for name in rates},
        "of_bare": round(ratio(rates["hall"], rates["bare"]), 3),
        "times_session": round(ratio(rates["hall"], rates["session"]), 2),
        "times_session_limit": 8,
    }
    many_times = figures["times_session"] >= figures["times_session_limit"]
    return {
        "P1": judge("P1", ratio(rates["hall"], rates["route"]), figures, also=many_times),
        "P2": judge("P2", ratio(waits["hall"], waits["route"]), {"p99_ms": figures["p99_ms"]}),
    }


async def _takes(clients: list[Client], seconds: float) -> Sample:
    return await closed_loop([one.take for one in clients], seconds=seconds, most=MOST)


async def by_clients(size: Size, folder: Path) -> list[dict[str, Any]]:
    """Rows of the table: take and call_next, over HTTP and over the link, by clients.

    Between two calls a window passes its number over; that is not in a call's latency, but it
    is in the time, so a second has at most half as many calls as commands.
    """
    url = f"sqlite:///{folder / 'clients.db'}"
    await build(url, [HALL], max(FEWEST_WINDOWS, *size.clients))
    rows: list[dict[str, Any]] = []
    async with serving("hall", url) as server:
        first = await client(server.port, HALL, KIOSK)
        await closed_loop([first.take], seconds=1, most=20)  # the first answers warm up
        first.close()
        for over in ("http", "link"):
            for clients in size.clients:
                kiosks = [await client(server.port, HALL, KIOSK, over) for _ in range(clients)]
                rows.append(_row("take", over, clients, await _takes(kiosks, size.seconds)))
                for one in kiosks:
                    one.close()
                rows.append(
                    _row("call", over, clients, await _calls(server.port, over, clients, size))
                )
    return rows


async def _calls(port: int, over: str, clients: int, size: Size) -> Sample:
    most = max(clients, int(CALLS_A_SECOND * size.seconds))
    kiosks = [await client(port, HALL, KIOSK) for _ in range(8)]
    # A window serves two of the four queues: twice as many wait as can be called.
    await closed_loop([one.take for one in kiosks], seconds=60, most=2 * most)
    clerks = [await client(port, HALL, CLERK, over) for _ in range(clients)]
    sample = await closed_loop(
        [clerk.at("call_next", n) for n, clerk in enumerate(clerks, 1)],
        seconds=size.seconds,
        most=most,
        after=[clerk.at("pass_over", n) for n, clerk in enumerate(clerks, 1)],
    )
    for one in (*kiosks, *clerks):
        one.close()
    return sample


def _row(deed: str, over: str, clients: int, sample: Sample) -> dict[str, Any]:
    return {
        "deed": deed,
        "over": over,
        "clients": clients,
        "per_second": round(sample.rate),
        "p50_ms": round(sample.ms(0.50), 2),
        "p95_ms": round(sample.ms(0.95), 2),
        "p99_ms": round(sample.ms(0.99), 2),
    }
