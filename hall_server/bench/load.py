"""Load and its figures: closed loops for throughput, an open loop for the truth about waits."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Deed = Callable[[], Awaitable[bytes]]
PATIENCE = 120.0  # seconds for the last answers; a load that takes longer hangs


def quantile(values: Sequence[float], q: float) -> float:
    """The value that a share q of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


@dataclass
class Sample:
    """What one load measured: each latency in seconds, the answers, and how long it took."""

    latencies: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def ms(self, q: float) -> float:
        return quantile(self.latencies, q) * 1000


async def closed_loop(
    deeds: Sequence[Deed],
    *,
    seconds: float,
    most: int,
    after: Sequence[Deed] | None = None,
) -> Sample:
    """Each client does its deed again and again, until the time is up or `most` were done.

    `after` is what each client does between two deeds: it takes its time, but is not counted
    in a latency. Raises Failed when any answer is no success.
    """
    sample = Sample()
    begun = time.perf_counter()
    until = begun + seconds
    left = most

    async def client(n: int) -> None:
        nonlocal left
        while left > 0 and time.perf_counter() < until:
            left -= 1
            asked = time.perf_counter()
            answer = await deeds[n]()
            sample.latencies.append(time.perf_counter() - asked)
            sample.answers.append(answer)
            if after is not None:
                await after[n]()

    async with asyncio.timeout(seconds + PATIENCE), asyncio.TaskGroup() as clients:
        for n in range(len(deeds)):
            clients.create_task(client(n))
    sample.seconds = time.perf_counter() - begun
    return sample


@dataclass
class Wave:
    """A deed at a steady rate: `deeds` in turn, `rate` a second."""

    deeds: Sequence[Deed]
    rate: float
    sample: Sample = field(default_factory=Sample)
    planned: list[float] = field(default_factory=list)


async def open_loop(waves: Sequence[Wave], seconds: float) -> None:
    """Give each deed at its own instant, however slow the answers are.

    A latency counts from the planned instant, so a hall that stalls is not spared the wishes
    that came meanwhile. A deed whose client still waits for its last answer waits for it.
    """
    begun = time.perf_counter() + 0.05

    async def give(deed: Deed, turn: asyncio.Lock, wave: Wave, planned: float) -> None:
        async with turn:
            answer = await deed()
        wave.sample.latencies.append(time.perf_counter() - planned)
        wave.sample.answers.append(answer)

    async def run(wave: Wave, given: asyncio.TaskGroup) -> None:
        turns = [asyncio.Lock() for _ in wave.deeds]
        for n in range(int(wave.rate * seconds)):
            planned = begun + n / wave.rate
            await asyncio.sleep(max(0.0, planned - time.perf_counter()))
            wave.planned.append(planned)
            at = n % len(wave.deeds)
            given.create_task(give(wave.deeds[at], turns[at], wave, planned))
        wave.sample.seconds = seconds

    async with asyncio.timeout(seconds + PATIENCE), asyncio.TaskGroup() as given:
        for wave in waves:
            given.create_task(run(wave, given))
