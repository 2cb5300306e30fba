"""kill -9 of a printing program between any two bytes of a job, and its next start."""

import os
import random
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from drivers.printed import Outcome
from tests.faults.figures import Figure
from tests.faults.print_cuts import MODES, Roll
from tests.faults.writer_kills import SLOWEST, Victim

LAST = 15  # bytes: the proof and the questions after a job


class Lives:
    """One printer, and the lives of the program that prints on it."""

    def __init__(self, victim: Victim, mode: int, figure: Figure) -> None:
        self.roll = Roll(MODES[mode], figure)
        self._victim, self._mode = victim, mode
        self._child, self._born = 0, threading.Event()

    def live(self, job: str, ledger: str, *, following: bool) -> tuple[list[Outcome], int]:
        """One life to its end: the outcomes it told, and how it ended."""
        self._born.clear()
        self._victim.order(
            line=self.roll.line.path, mode=self._mode, job=job, ledger=ledger, next=following
        )
        said: list[Outcome] = []
        until = time.monotonic() + SLOWEST
        while (heard := self._victim.hear(until)) is not None:
            for told, what in heard:
                if told == "born":
                    self._child = what
                    self._born.set()
                elif told == "said":
                    said.append(Outcome(what))
                else:
                    return said, what
        raise TimeoutError("the victim hangs")

    def kill(self) -> None:
        """On the printer's thread, with the byte just read."""
        self._born.wait(SLOWEST)
        os.kill(self._child, signal.SIGKILL)


def run(many: int, seed: int, control: bool = False) -> Figure:
    """Kill `many` programs, each at another byte of a job; the next life is asked for the same.

    The control keeps no ledger: it prints a job again that it had printed already.
    """
    figure = Figure("printing killed (times: both lives)", seed, control=control)
    chance, began = random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Victim(life="print_life") as victim:
        victim.wait_until_warm()
        places = [Lives(victim, mode, figure) for mode in range(len(MODES))]
        try:
            most = [_measured(place, folder) for place in places]
            for n in range(many):
                mode = n % len(MODES)
                ledger = "" if control else str(Path(folder) / f"printed-{mode}.txt")
                # The control is killed when all its ink is sent, where it can be seen to bite.
                first = most[mode] - LAST if control else 1
                at = chance.randrange(first, most[mode] + 1)
                _kill_once(places[mode], f"ticket-{n}", ledger, at, figure)
        finally:
            for place in places:
                place.roll.line.unplug()
    figure.seconds = time.monotonic() - began
    return figure


def _measured(place: Lives, folder: str) -> int:
    """Bytes to the printer from the first question of a start to the end of its job."""
    ledger = str(Path(folder) / "measured.txt")
    passed = place.roll.measure(
        lambda: place.live(f"measured-{id(place)}", ledger, following=False)
    )
    return passed[">"]


def _kill_once(place: Lives, job: str, ledger: str, at: int, figure: Figure) -> None:
    began = time.monotonic()
    line: Any = place.roll.line
    line.trip(">", at, place.kill)
    said, ended = place.live(job, ledger, following=False)
    line.trips.clear()
    if ended not in (-signal.SIGKILL, 0):
        figure.tell(f"a life ended by itself: {ended}")
    again, ended = place.live(job, ledger, following=True)
    if ended:
        figure.tell(f"the next life ended by itself: {ended}")
    *first, after = again
    place.roll.judge(f"{place.roll.profile.mode} killed at {at}", [*said, *first], after)
    figure.times.append(time.monotonic() - began)
