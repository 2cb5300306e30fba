"""P6: what a take and a call cost the server's processor as the day grows."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hall_server.bench.child import Child, serving
from hall_server.bench.lines import Failed
from hall_server.bench.load import closed_loop
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge, not_measured, typical
from hall_server.bench.town import CLERK, KIOSK, Client, build, client, halls_of

HALL = halls_of(1)[0]
CLIENTS = 8
FILLING = 64
FILLING_SECONDS = 600
PATIENCE = 110.0
SHORT, LONG = 1_000, 100_000  # the days that the target compares


class Day:
    """A server whose day has grown to so many tickets, and its clients."""

    def __init__(self, server: Child, tickets: int, kiosks: list[Client], clerks: list[Client]):
        self.server, self.tickets, self._kiosks, self._clerks = server, tickets, kiosks, clerks
        self.takes: list[float] = []
        self.calls: list[float] = []

    async def measure(self, takes: int, calls: int) -> None:
        """Add the processor's ms of one take and of one call, each by eight clients at once."""
        before = self.server.cpu()
        await closed_loop([one.take for one in self._kiosks], seconds=PATIENCE, most=takes)
        between = self.server.cpu()
        await self._at_windows("call_next", calls)
        after = self.server.cpu()
        await self._at_windows("pass_over", calls)
        self.takes.append((between - before) * 1000 / takes)
        self.calls.append((after - between) * 1000 / calls)

    async def _at_windows(self, kind: str, windows: int) -> None:
        numbers = iter(range(1, windows + 1))

        async def at_next(clerk: Client) -> bytes:
            return await clerk.at(kind, next(numbers))()

        deeds = [lambda clerk=clerk: at_next(clerk) for clerk in self._clerks]
        await closed_loop(deeds, seconds=PATIENCE, most=windows)


async def by_length(size: Size, folder: Path) -> tuple[dict[str, Target], list[dict[str, Any]]]:
    """A server for each length of the day, measured in turn, round by round.

    All tickets of the day wait: no real day is as hard.
    """
    async with AsyncExitStack() as stack:
        days = [await _day(stack, tickets, size, folder) for tickets in size.days]
        for _ in range(size.rounds):
            for day in days:
                await day.measure(size.takes, size.calls)
    rows = [
        {
            "tickets": day.tickets,
            "take_cpu_ms": typical(day.takes, 3),
            "call_cpu_ms": typical(day.calls, 3),
        }
        for day in days
    ]
    figures = {"by_length": rows, "takes_a_round": size.takes, "calls_a_round": size.calls}
    cost = {row["tickets"]: (row["take_cpu_ms"], row["call_cpu_ms"]) for row in rows}
    if SHORT not in cost or LONG not in cost:
        longest = max(size.days)
        return {"P6": not_measured("P6", f"the day grew to {longest} tickets only", figures)}, rows
    ratios = [long / short for long, short in zip(cost[LONG], cost[SHORT], strict=True)]
    figures |= {"take_ratio": round(ratios[0], 3), "call_ratio": round(ratios[1], 3)}
    return {"P6": judge("P6", max(ratios), figures)}, rows


async def _day(stack: AsyncExitStack, tickets: int, size: Size, folder: Path) -> Day:
    url = f"sqlite:///{folder / f'day-{tickets}.db'}"
    await build(url, [HALL], max(4, size.calls))
    server = await stack.enter_async_context(serving("hall", url))
    filling = [await client(server.port, HALL, KIOSK) for _ in range(FILLING)]
    taken = await closed_loop([one.take for one in filling], seconds=FILLING_SECONDS, most=tickets)
    if len(taken.answers) < tickets:
        raise Failed(f"{tickets} tickets were not taken within {FILLING_SECONDS} s")
    for one in filling:
        one.close()
    kiosks = [await client(server.port, HALL, KIOSK) for _ in range(CLIENTS)]
    clerks = [await client(server.port, HALL, CLERK) for _ in range(CLIENTS)]
    return Day(server, tickets, kiosks, clerks)
