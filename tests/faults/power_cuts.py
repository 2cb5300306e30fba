"""Power cuts: the real store on a disk that loses and tears what was not synced."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hall_server.hall import Hall
from hall_server.store import database, writer
from hall_server.store.store import Store, StoreDamaged
from hall_server.wire.commands import CallNext, PassOver
from hall_server.words import Refused
from tests.builders import Watch, at_window, open_hall, open_window, sqlite_url, take
from tests.faults.disk import Platter, Tape, module, open_disk
from tests.faults.figures import Figure
from tests.faults.history import History

CUTS_A_RECORDING = 250
COMMANDS = 160
CHECKPOINT_AFTER = 9  # commits; 500 in a hall, but a checkpoint must fall into each recording
MEMORY = Path("/dev/shm")  # where the cut files are looked at; nothing there needs a real disk


def run(cuts: int, seed: int, control: bool = False) -> Figure:
    """Record the store at work, cut the power at `cuts` points, start again, judge.

    The control runs with synchronous=NORMAL: it loses what it acknowledged.
    """
    figure = Figure("power cut (times: one recovery)", seed, control=control)
    chance = random.Random(seed)
    began = time.monotonic()
    losing = 0
    while figure.count < cuts:
        with tempfile.TemporaryDirectory() as folder:
            base, tape = asyncio.run(_record(Path(folder), chance, control))
        now = min(CUTS_A_RECORDING, cuts - figure.count)
        losing += _cut_and_judge(base, tape, chance, figure, now)
    figure.notes.append(f"{losing} cuts lost something acknowledged")
    figure.seconds = time.monotonic() - began
    return figure


async def _record(folder: Path, chance: random.Random, normal: bool) -> tuple[bytes, Tape]:
    url = sqlite_url(folder)
    async with open_hall(url) as hall:
        generation = await open_window(hall)
        await take(hall)
    base = (folder / "hall.db").read_bytes()
    tape = Tape()
    name = f"disk-{chance.getrandbits(64):x}"
    disk = open_disk(name, tape)
    with _on_disk(name, normal):
        hall = Hall(Store(url), Watch())
        await hall.start()
        left = COMMANDS
        while left > 0:
            together = min(left, chance.choice((1, 1, 2, 5, 12)))
            left -= together
            await asyncio.gather(
                *(_command(hall, generation, tape, chance) for _ in range(together))
            )
        tape.running = False
        await hall.stop()
    del disk  # SQLite may forget it only now
    return base, tape


@contextmanager
def _on_disk(name: str, normal: bool) -> Iterator[None]:
    """The store's driver and pragmas as this recording needs them."""
    before = database.sqlite_module, database.PRAGMAS, writer.CHECKPOINT_AFTER
    try:
        database.sqlite_module = lambda: module(name)
        writer.CHECKPOINT_AFTER = CHECKPOINT_AFTER
        if normal:
            pragmas: Any = [pragma.replace("=FULL", "=NORMAL") for pragma in before[1]]
            database.PRAGMAS = pragmas
        yield
    finally:
        database.sqlite_module, database.PRAGMAS, writer.CHECKPOINT_AFTER = before


async def _command(hall: Hall, generation: int, tape: Tape, chance: random.Random) -> None:
    """Mostly a number, sometimes a call or a pass; marked when it was asked and when answered."""
    kind = chance.random()
    try:
        if kind < 0.7:
            tape.put("mark", "ask", {})
            tape.put("mark", "took", await take(hall, chance.choice(("social", "tax"))))
        else:
            deed = CallNext if kind < 0.85 else PassOver
            reply = await at_window(hall, deed, generation)
            tape.put("mark", "called", reply)
    except Refused:  # nobody was called yet, or somebody was already
        return


def _cut_and_judge(
    base: bytes, tape: Tape, chance: random.Random, figure: Figure, cuts: int
) -> int:
    platter, history = Platter({"hall.db": base}), History()
    history.wishes = 1  # the ticket of the base
    points = sorted(chance.randrange(len(tape.deeds)) for _ in range(cuts))
    n = losing = 0
    for point in points:
        while n <= point:
            platter.turn(tape.deeds[n])
            if tape.deeds[n][0] == "mark":
                _remember(history, tape.deeds[n][1], tape.deeds[n][2])
            n += 1
        figure.count += 1
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            for name, held in platter.cut(chance):
                if held and not name.endswith("-shm"):
                    (Path(folder) / name).write_bytes(held)
            started = time.monotonic()
            lost = figure.lost
            _judge(Path(folder), history, figure, point, go_on=chance.random() < 0.05)
            losing += figure.lost > lost
            figure.times.append(time.monotonic() - started)
    return losing


def _remember(history: History, told: str, reply: dict[str, Any]) -> None:
    if told == "ask":
        history.wishes += 1
    elif told == "took":
        history.taken[reply["ticket"]] = reply["number"]
    else:
        history.called[reply["service"]] = reply["ticket"]


def _judge(folder: Path, history: History, figure: Figure, point: int, *, go_on: bool) -> None:
    url = sqlite_url(folder)
    try:
        history.judge(url, figure)
    except StoreDamaged as damaged:
        figure.tell(f"damaged at deed {point}: {damaged}")
        return
    if go_on:
        asyncio.run(_go_on(url, history, figure, point))


async def _go_on(url: str, history: History, figure: Figure, point: int) -> None:
    """After the power is back the next number is a new one."""
    hall = Hall(Store(url), Watch())
    await hall.start()
    try:
        number = (await take(hall))["number"]
    finally:
        await hall.stop()
    if number in history.taken.values():
        figure.tell(f"{number} given again after the cut at deed {point}")
