"""P3 and P5: an open loop of takes and calls with displays listening, in many halls or in one."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hall_server.bench.audience import Audience
from hall_server.bench.child import Child, serving
from hall_server.bench.load import Deed, Wave, closed_loop, open_loop, quantile
from hall_server.bench.size import Size
from hall_server.bench.targets import Target, judge, ratio, typical
from hall_server.bench.town import CLERK, KIOSK, Client, build, client, halls_of

TAKES, CALLS = 100.0, 20.0  # a second, in all halls together
# In one hall every take and call is told to every display: 500 displays and 120 events a second
# are 60,000 frames a second, more than this design sends. A big hall takes 1 to 5 a second.
CROWDED_TAKES, CROWDED_CALLS = 20.0, 4.0
KIOSKS = 40
LONGER = 3  # pieces of open load are longer than closed ones: their tail needs more wishes


class Scene:
    """A running server with its kiosks, windows and displays."""

    def __init__(self, server: Child, halls: list[str], windows: int) -> None:
        self.server, self.halls, self.windows = server, halls, windows
        self.audiences: dict[str, Audience] = {}
        self._kiosks: list[Client] = []
        self._calls: list[Deed] = []
        self._frees: list[Deed] = []

    async def fill(self, displays: int, sockets: int, *, reference: bool) -> None:
        """Let everybody join: kiosks and clerks at the server's port, displays at `sockets`."""
        self._kiosks = [
            await client(self.server.port, self.halls[n % len(self.halls)], KIOSK)
            for n in range(KIOSKS)
        ]
        clerks = [await client(self.server.port, hall, CLERK) for hall in self.halls]
        for window in range(1, self.windows + 1):
            for clerk in clerks:
                if reference:
                    # Of the reference hall a wish's queue is its event's kind.
                    self._calls.append(_call_of_reference(clerk))
                else:
                    self._calls.append(clerk.at("call_next", window))
                    self._frees.append(clerk.at("pass_over", window))
        if not reference:
            stock = 4 * len(self._calls) + 4 * KIOSKS
            await closed_loop([one.take for one in self._kiosks], seconds=60, most=stock)
        for hall in self.halls:
            audience = self.audiences[hall] = Audience(sockets, hall)
            await audience.grow(displays)

    async def play(self, takes: float, calls: float, seconds: float) -> tuple[float, float]:
        """One piece of load: p99 in ms of a take, and of call → last display."""
        heard = {hall: audience.calls for hall, audience in self.audiences.items()}
        taking = Wave([one.take for one in self._kiosks], takes)
        calling = Wave(self._calls, min(calls, len(self._calls) / seconds))
        await open_loop([taking, calling], seconds)
        told: list[float] = []
        for n, planned in enumerate(calling.planned):
            hall = self.halls[n % len(self.halls)]
            nth = heard[hall] + n // len(self.halls)
            told.append(await self.audiences[hall].told(nth) - planned)
        for free in self._frees[: len(calling.planned)]:
            await free()
        return taking.sample.ms(0.99), quantile(told, 0.99) * 1000

    def close(self) -> None:
        for audience in self.audiences.values():
            audience.close()


def _call_of_reference(clerk: Client) -> Deed:
    async def call() -> bytes:
        return await clerk.give("call_next", queue="call_next")

    return call


async def beside_the_reference(size: Size, folder: Path) -> dict[str, Target]:
    """P3 beside the reference hall, P5 beside the same displays in one hall."""
    seconds = size.seconds * LONGER
    halls = halls_of(size.halls)
    displays = size.halls * size.boards
    many_url, one_url = (f"sqlite:///{folder / name}.db" for name in ("many", "one"))
    per_hall = int(CALLS * seconds / size.halls) + 4
    in_one = min(200, int(CROWDED_CALLS * seconds) + 4)
    await build(many_url, halls, per_hall)
    await build(one_url, halls[:1], in_one)
    figures: dict[str, list[tuple[float, float]]] = {}
    async with AsyncExitStack() as stack:
        scenes: dict[str, Scene] = {}
        for name, what, url, which, windows in (
            ("many", "hall", many_url, halls, per_hall),
            ("one", "hall", one_url, halls[:1], in_one),
            ("reference", "reference", f"sqlite:///{folder}/reference.db", halls, per_hall),
        ):
            server = await stack.enter_async_context(serving(what, url))
            scene = scenes[name] = Scene(server, which, windows)
            stack.callback(scene.close)
            reference = what == "reference"
            sockets = server.ports[1] if reference else server.port
            await scene.fill(displays // len(which), sockets, reference=reference)
        for _ in range(size.rounds):
            for key, name, takes, calls in (
                ("hall", "many", TAKES, CALLS),
                ("reference", "reference", TAKES, CALLS),
                ("shared", "many", CROWDED_TAKES, CROWDED_CALLS),
                ("crowded", "one", CROWDED_TAKES, CROWDED_CALLS),
            ):
                figures.setdefault(key, []).append(await scenes[name].play(takes, calls, seconds))
    return _judged(figures, displays, size)


def _judged(
    measured: dict[str, list[tuple[float, float]]], displays: int, size: Size
) -> dict[str, Target]:
    takes = {key: [take for take, _ in pairs] for key, pairs in measured.items()}
    calls = {key: [call for _, call in pairs] for key, pairs in measured.items()}
    of_takes = ratio(takes["hall"], takes["reference"])
    of_calls = ratio(calls["hall"], calls["reference"])
    whole: dict[str, Any] = {
        "takes_a_second": TAKES,
        "calls_a_second": CALLS,
        "displays": displays,
        "halls": size.halls,
        "take_p99_ms": {key: typical(takes[key]) for key in ("hall", "reference")},
        "call_to_last_p99_ms": {key: typical(calls[key]) for key in ("hall", "reference")},
        "take_ratio": round(of_takes, 3),
        "call_ratio": round(of_calls, 3),
    }
    crowd = {
        "takes_a_second": CROWDED_TAKES,
        "calls_a_second": CROWDED_CALLS,
        "displays": displays,
        "take_p99_ms": {
            "one_hall": typical(takes["crowded"]),
            f"{size.halls}_halls": typical(takes["shared"]),
        },
        "call_to_last_p99_ms": {
            "one_hall": typical(calls["crowded"]),
            f"{size.halls}_halls": typical(calls["shared"]),
        },
    }
    return {
        "P3": judge("P3", max(of_takes, of_calls), whole),
        "P5": judge("P5", ratio(takes["crowded"], takes["shared"]), crowd),
    }
