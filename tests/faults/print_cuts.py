"""A cable pulled or a power cut at every byte of a print job: the outcome says what is on paper."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from drivers.escpos import Cut, Job, Qr, Text
from drivers.health import State
from drivers.port import Port
from drivers.preview import preview
from drivers.printed import Outcome, PrintResult
from drivers.printer import Printer
from drivers.profile import Mode, Profile
from drivers.simulator.printer import VirtualPrinter
from tests.drivers.bench import FONT, QUICK, ink, until
from tests.faults.figures import Figure

TICKET: Job = [Text("市民中心"), Text("A012", 2), Qr("A012", 10), Text("当日有效"), Cut()]
NEXT: Job = [Text("B7"), Cut()]
FAST = replace(QUICK, baud=921_600, pace=4000)
MODES = tuple(replace(FAST, mode=mode) for mode in Mode)
CABLE, POWER = "cable", "power"
_FAR = 10**6


@dataclass(frozen=True)
class Point:
    """So many bytes to (>) or from (<) the printer, then the cable or the power is gone."""

    profile: Profile
    way: str
    bytes: int
    what: str

    def __str__(self) -> str:
        return f"{self.profile.mode} {self.what} {self.way}{self.bytes}"


class Trusting(Printer):
    """The control: what was written is called printed."""

    def _confirm(self, line: Port) -> PrintResult:
        super()._confirm(line)
        return PrintResult(Outcome.PRINTED)


class Roll:
    """A simulated printer, and what came out of it held against what was said."""

    def __init__(self, profile: Profile, figure: Figure) -> None:
        self.profile, self._figure = profile, figure
        self.device = VirtualPrinter(baud=profile.baud, speed=9600, font=FONT, paper=10**9)
        self.line = self.device.line
        self.line.plug_in()
        self._looks = {
            name: ink(preview(job, profile).slip.picture()).tobytes()
            for name, job in (("ticket", TICKET), ("next", NEXT))
        }

    def measure(self, job: Callable[[], object]) -> dict[str, int]:
        """Bytes to (>) and from (<) the printer in one job that goes well."""
        for way in "><":  # counted by a trip that is too far away to happen
            self.line.trip(way, _FAR, lambda: None)
        job()
        passed = {way: _FAR - self.line.until_trip(way, _FAR) for way in "><"}
        self.line.trips.clear()
        self.device.slips.clear()
        return passed

    def judge(self, where: object, said: list[Outcome], after: Outcome) -> None:
        """`said` of one ticket, first and asked again, and of the ticket `after` it."""
        figure = self._figure
        papers, nexts = self._out("ticket"), self._out("next")
        wrong = []
        figure.count += 1
        figure.acknowledged += Outcome.PRINTED in said
        if papers > 1:
            figure.duplicates += 1
            wrong.append(f"{papers} papers of one job")
        if Outcome.PRINTED in said and not papers:
            figure.lost += 1
            wrong.append("printed, but no paper")
        if papers and said[-1] is Outcome.FAILED:
            wrong.append("failed, but a whole paper")
        # Only what was never begun may be begun again.
        if said[0] is not Outcome.FAILED and said[0] is not said[-1]:
            wrong.append("another answer the second time")
        if after is not Outcome.PRINTED or not nexts:
            wrong.append(f"{nexts} next tickets, said to be {after}")
        for breach in wrong:
            figure.tell(f"{where}: {breach} ({', '.join(said)})")
        self.device.slips.clear()

    def _out(self, name: str) -> int:
        return sum(ink(one.picture()).tobytes() == self._looks[name] for one in self.device.slips)


class Bench:
    """A driver whose printer is broken off and mended again and again."""

    def __init__(self, profile: Profile, figure: Figure) -> None:
        self.roll = Roll(profile, figure)
        self.port = Port(self.roll.line.path, name="cut", baud=profile.baud, retry=(0.01, 0.02))
        make = Trusting if figure.control else Printer
        self.printer = make(self.port, profile, font=FONT)
        self._figure, self._ids = figure, count()
        self.port.start()
        self._ready()

    def points(self) -> list[Point]:
        """Every byte of one job: its questions, itself, its proof, the answers."""
        passed = self.roll.measure(lambda: self.printer.print("measured", TICKET))
        return [
            Point(self.roll.profile, way, n, what)
            for way, most in passed.items()
            for n in range(1, most + 1)
            for what in (CABLE, POWER)
        ]

    def break_once(self, point: Point) -> None:
        """One ticket broken off and asked for again, then the next ticket; and what is on paper."""
        job, line = f"ticket-{next(self._ids)}", self.roll.line
        deed = line.unplug if point.what == CABLE else self.roll.device.power_cycle
        began = time.monotonic()
        line.trip(point.way, point.bytes, deed)
        said = [self.printer.print(job, TICKET).outcome]
        line.trips.clear()
        self._figure.times.append(time.monotonic() - began)
        if not line.plugged:
            self.port.url = line.plug_in()
        self._ready()
        said.append(self.printer.print(job, TICKET).outcome)
        self.roll.judge(point, said, self._next(f"{job}-next"))

    def _next(self, job: str) -> Outcome:
        """Another citizen's ticket; a machine too busy to hear an answer in time may try thrice."""
        outcome = Outcome.FAILED
        for n in range(3):
            if outcome is not Outcome.PRINTED:
                outcome = self.printer.print(f"{job}-{n}", NEXT).outcome
        return outcome

    def close(self) -> None:
        self.port.close()
        self.roll.line.unplug()

    def _ready(self) -> None:
        until(lambda: self.printer.health.state in (State.READY, State.DEGRADED))


def run(many: int, seed: int, control: bool = False) -> Figure:
    """Break `many` jobs, each at another byte as long as there are any.

    The control is a driver that calls a job printed when its bytes are written.
    """
    figure = Figure("print job cut off (times: one job)", seed, control=control)
    chance, began = random.Random(seed), time.monotonic()
    benches = {profile: Bench(profile, figure) for profile in MODES}
    try:
        every = [point for bench in benches.values() for point in bench.points()]
        chosen = every * (many // len(every)) + chance.sample(every, many % len(every))
        for point in chosen:
            benches[point.profile].break_once(point)
    finally:
        for bench in benches.values():
            bench.close()
    figure.seconds = time.monotonic() - began
    figure.notes.append(f"of {len(every)} points")
    return figure
