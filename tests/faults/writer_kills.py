"""kill -9 of the writer's process at random moments, while clients take numbers and call."""

import asyncio
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.builders import open_hall, sqlite_url
from tests.faults.figures import Figure
from tests.faults.history import History

LIVES_A_DAY = 60  # a new business day keeps the line, and so each start, short
SLOWEST = 30.0  # seconds without a word from the victim: it hangs


class Victim:
    """The process that forks the lives, and what it tells."""

    def __init__(self, *given: str, life: str = "writer_life") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.faults.{life}", *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self._rest = b""

    def __enter__(self) -> "Victim":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(SLOWEST)
        self.process.stdout.close()

    def order(self, **order: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def wait_until_warm(self) -> None:
        if self.hear(time.monotonic() + SLOWEST) != [["warm"]]:
            raise TimeoutError("the victim does not start")

    def hear(self, until: float) -> list[list[Any]] | None:
        """Whole lines, as soon as there are any; None when it is `until`."""
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        ready, _, _ = select.select([out], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        read = os.read(out, 1 << 16)
        if not read:
            raise EOFError("the victim has gone")
        *lines, self._rest = (self._rest + read).split(b"\n")
        return [json.loads(line) for line in lines]


class Clients:
    """What the clients remember over every kill: they are other machines."""

    def __init__(self) -> None:
        self.history = History()
        self.doubts: dict[int, list[Any]] = {}
        self.retried = 0

    def hear(self, said: list[Any]) -> None:
        told, client, *rest = said
        if told == "ask":
            self.doubts[client] = rest
        elif told == "no":
            self.doubts.pop(client)
        elif told == "done":
            self.doubts.pop(client)
            _, kind, reply = rest
            if kind == "take_ticket":
                self.history.took(reply)
            elif kind == "call_next":
                self.history.called[reply["service"]] = reply["ticket"]


def run(kills: int, seed: int, control: bool = False) -> Figure:
    """Kill, start again and let the clients repeat what is in doubt, `kills` times.

    The control repeats under a fresh id, as a client without one would: it gets more tickets
    than were wished for.
    """
    figure = Figure("writer killed (times: one life)", seed, control=control)
    chance = random.Random(seed)
    clients = Clients()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder))
        asyncio.run(_make(url))
        with Victim(url) as victim:
            victim.wait_until_warm()
            new_day = True
            for n in range(kills):
                new_day = new_day or n % LIVES_A_DAY == 0
                started = time.monotonic()
                if _one_life(victim, clients, figure, chance, control, new_day=new_day):
                    new_day = False
                figure.times.append(time.monotonic() - started)
                figure.count += 1
            _last_life(victim, clients, figure, control)
        clients.history.judge(url, figure)
    figure.seconds = time.monotonic() - began
    figure.notes.append(f"{clients.retried} in-doubt requests repeated")
    return figure


async def _make(url: str) -> None:
    async with open_hall(url):
        pass


def _one_life(
    victim: Victim,
    clients: Clients,
    figure: Figure,
    chance: random.Random,
    control: bool,
    *,
    new_day: bool,
) -> bool:
    """One start, one kill; whether the life came to serve."""
    clients.retried += len(clients.doubts)
    victim.order(
        doubts=[[n, *doubt] for n, doubt in clients.doubts.items()],
        new_day=new_day,
        fresh_ids=control,
        drain=False,
    )
    # One in ten dies while it starts, for the recovery is a moment like any other.
    early = chance.random() < 0.1 and not new_day
    child, ready = 0, False
    until = time.monotonic() + (chance.uniform(0, 0.015) if early else SLOWEST)
    killed = False
    while True:
        heard = victim.hear(until)
        if heard is None:
            if killed or not child:
                if time.monotonic() < until + SLOWEST:
                    until = time.monotonic() + 0.001
                    continue
                raise TimeoutError("the victim hangs")
            os.kill(child, signal.SIGKILL)
            killed, until = True, time.monotonic() + SLOWEST
            continue
        for said in heard:
            if said[0] == "born":
                child = said[1]
            elif said[0] == "ready":
                ready = True
                if not early and not killed:
                    until = time.monotonic() + chance.uniform(0.0005, 0.02)
            elif said[0] == "dead":
                if said[1] != -signal.SIGKILL:
                    figure.tell(f"a life ended by itself: {said[1]}")
                return ready
            elif said[0] == "broken":
                figure.tell(f"a life broke: {said[1]}")
            else:
                clients.hear(said)


def _last_life(victim: Victim, clients: Clients, figure: Figure, control: bool) -> None:
    """Nobody is killed any more: what is in doubt is repeated until it is answered."""
    victim.order(
        doubts=[[n, *doubt] for n, doubt in clients.doubts.items()],
        new_day=False,
        fresh_ids=control,
        drain=True,
    )
    while True:
        heard = victim.hear(time.monotonic() + SLOWEST)
        if heard is None:
            raise TimeoutError("the victim hangs")
        for said in heard:
            if said[0] == "dead":
                if said[1] != 0:
                    figure.tell(f"the last life ended with {said[1]}")
                return
            if said[0] == "broken":
                figure.tell(f"a life broke: {said[1]}")
            elif said[0] not in ("born", "ready"):
                clients.hear(said)
