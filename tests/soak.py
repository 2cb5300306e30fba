"""The fault tests at full numbers: `python -m tests.soak` prints a table of figures.

Every run has its control, one protection taken away, which must break something. The end is 1
when a run falls short or a control does not bite.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from hall_server.store.store import Store
from tests import postgresql
from tests.actions import booked_days
from tests.builders import sqlite_url
from tests.faults import (
    bad_input,
    frame_floods,
    kiosk_days,
    kiosk_life,
    link_cuts,
    offline_days,
    power_cuts,
    print_cuts,
    print_kills,
    repeats,
    server_kills,
    slow_paper,
    windows_race,
    writer_kills,
)
from tests.faults.figures import Figure

HEAD = ("what", "count", "acked", "lost", "dup", "gaps", "median", "p99", "max", "seconds", "")
WIDTHS = (58, 8, 8, 7, 7, 7, 8, 8, 8, 8, 6)
LONGEST = 3 * 3600  # seconds for one run


@dataclass(frozen=True)
class Run:
    """One line of the table. `engine` says which fresh database it is given, if any."""

    name: str
    full: int
    deed: Callable[[int, int, str], Figure]  # count, seed, database URL
    engine: str = ""
    least: int = 1  # below this a control may miss its chance
    median: float | None = None  # seconds that the median may be
    p99: float | None = None


def _spoiled(_count: int, _seed: int, url: str) -> Figure:
    return asyncio.run(bad_input.every_command(url))


def _storm(count: int, seed: int, url: str) -> Figure:
    return asyncio.run(bad_input.storm(count, seed, url))


def _race_of_two(count: int, seed: int, url: str) -> Figure:
    return windows_race.run(count, seed, url, servers=2)


def _fresh_ids(count: int, seed: int, url: str) -> Figure:
    return repeats.run(count, seed, url, control=True)


def _forgetting(count: int, seed: int, url: str) -> Figure:
    return kiosk_days.run(count, seed, url, control=kiosk_life.FORGETS)


def _asked_anew(count: int, seed: int, url: str) -> Figure:
    return kiosk_days.run(count, seed, url, control=kiosk_life.FRESH_IDS)


def _unlettered(count: int, seed: int, url: str) -> Figure:
    return offline_days.run(count, seed, url, control=True)


def _monkey(count: int, seed: int, control: bool = False) -> Figure:
    from tests.faults import monkeys  # opens a window: for nobody who runs something else

    return monkeys.soak(count, seed, control)


def _contrast(count: int, control: bool = False) -> Figure:
    from tests.kiosk import paleness  # opens a window

    return paleness.soak(count, control)


def _flows(count: int, control: bool = False) -> Figure:
    from tests.kiosk import flows  # opens a window

    return flows.soak(count, control)


RUNS = (
    Run("power", 5_000, lambda n, seed, _: power_cuts.run(n, seed)),
    Run("power", 500, lambda n, seed, _: power_cuts.run(n, seed, control=True), least=100),
    Run("writer", 10_000, lambda n, seed, _: writer_kills.run(n, seed)),
    Run("writer", 200, lambda n, seed, _: writer_kills.run(n, seed, control=True), least=40),
    Run("server", 200, lambda n, seed, _: server_kills.run(n, seed), median=2.0),
    Run("server", 20, lambda n, seed, _: server_kills.run(n, seed, control=True), least=4),
    Run("race", 100_000, windows_race.run, "sqlite"),
    Run("race", 4_000, windows_race.run_naive, "sqlite", least=400),
    Run("race", 100_000, windows_race.run, "postgresql"),
    Run("race", 100_000, _race_of_two, "postgresql"),
    Run("race", 4_000, windows_race.run_naive, "postgresql", least=400),
    Run("repeats", 200_000, repeats.run, "sqlite"),
    Run("repeats", 200_000, repeats.run, "postgresql"),
    Run("repeats", 2_000, _fresh_ids, "sqlite", least=200),
    Run("bookings", 100_000, booked_days.run, "sqlite"),
    Run("bookings", 100_000, booked_days.run, "postgresql"),
    Run("offline", 2_000, offline_days.run, "sqlite"),
    Run("offline", 2_000, offline_days.run, "postgresql"),
    Run("offline", 20, _unlettered, "sqlite", least=2),
    Run("kiosk", 2_000, kiosk_days.run, "sqlite"),
    Run("kiosk", 20, _forgetting, "sqlite", least=10),
    Run("kiosk", 20, _asked_anew, "sqlite", least=10),
    Run("links", 100, lambda n, seed, _: link_cuts.run(n, seed), p99=3.0),
    Run("links", 3, lambda n, seed, _: link_cuts.run(n, seed, control=True)),
    Run("print", 3_000, lambda n, seed, _: print_cuts.run(n, seed)),
    Run("print", 100, lambda n, seed, _: print_cuts.run(n, seed, control=True), least=12),
    Run("print", 1_000, lambda n, seed, _: print_kills.run(n, seed)),
    Run("print", 100, lambda n, seed, _: print_kills.run(n, seed, control=True), least=6),
    Run("paper", 9_000, lambda n, seed, _: slow_paper.run(n, seed), least=9_000),
    Run("paper", 9_000, lambda n, seed, _: slow_paper.run(n, seed, control=True), least=9_000),
    Run("monkey", 20_000, lambda n, seed, _: _monkey(n, seed)),
    Run("monkey", 20, lambda n, seed, _: _monkey(n, seed, control=True)),
    Run("flows", 288, lambda n, _, __: _flows(n)),
    Run("flows", 12, lambda n, _, __: _flows(n, control=True), least=12),
    Run("contrast", 2_200, lambda n, _, __: _contrast(n)),
    Run("contrast", 40, lambda n, _, __: _contrast(n, control=True), least=20),
    Run("frames", 1_000_000, lambda n, seed, _: frame_floods.run(n, seed)),
    Run("frames", 100_000, lambda n, seed, _: frame_floods.run(n, seed, True), least=60_000),
    Run("input", 1, _spoiled, "sqlite"),
    Run("input", 1, _spoiled, "postgresql"),
    Run("input", 100_000, _storm, "sqlite"),
    Run("input", 100_000, _storm, "postgresql"),
    Run("input", 1_000, lambda n, seed, _: asyncio.run(bad_input.naive_storm(n, seed)), least=300),
)


def main(argv: list[str] | None = None) -> int:
    """Run what was asked for, one after another; 1 when something fell short."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    names = sorted({run.name for run in RUNS})
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--share", type=float, default=1.0, help="part of the full numbers")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    if unknown := set(asked.names) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(names)}")
    runs = [run for run in RUNS if not asked.names or run.name in asked.names]
    print(_line(HEAD), flush=True)
    with tempfile.TemporaryDirectory(prefix="hall-soak-") as folder, _databases(runs) as fresh:
        places = (Path(folder) / str(n) for n in count())
        good = [_do(run, asked.share, asked.seed, fresh, next(places)) for run in runs]
    print(f"{sum(good)} of {len(good)} hold")
    return 0 if all(good) else 1


def _do(run: Run, share: float, seed: int, fresh: Callable[[], str], folder: Path) -> bool:
    folder.mkdir()
    url = fresh() if run.engine == "postgresql" else sqlite_url(folder)
    try:
        with _at_most(LONGEST):
            figure = run.deed(max(run.least, round(run.full * share)), seed, url)
    except Exception as broken:
        print(f"{run.name} {run.engine}, seed {seed}: FAIL, {broken!r}", flush=True)
        return False
    if run.median is not None and figure.median > run.median:
        figure.tell(f"median {figure.median:.2f} s, at most {run.median} s is allowed")
    if run.p99 is not None and figure.p99 > run.p99:
        figure.tell(f"p99 {figure.p99:.2f} s, at most {run.p99} s is allowed")
    _show(figure)
    return figure.holds


def _show(figure: Figure) -> None:
    told = [figure.median, figure.p99, max(figure.times)] if figure.times else []
    times = [f"{seconds:.3f}" for seconds in told] or ["", "", ""]
    verdict = ("PASS", "FAIL") if not figure.control else ("BITES", "FAIL")
    cells = (
        figure.what + (" (control)" if figure.control else ""),
        *(figure.count, figure.acknowledged, figure.lost, figure.duplicates, figure.gaps),
        *times,
        f"{figure.seconds:.1f}",
        verdict[0] if figure.holds else verdict[1],
    )
    print(_line(cells))
    if not figure.control:
        for said in (*figure.notes, *figure.wrong):
            print(f"    seed {figure.seed}: {said}")
    sys.stdout.flush()


def _line(cells: tuple[object, ...]) -> str:
    first, *others = (str(cell) for cell in cells)
    return first.ljust(WIDTHS[0]) + "".join(
        cell.rjust(width) for cell, width in zip(others, WIDTHS[1:], strict=True)
    )


@contextmanager
def _databases(runs: list[Run]) -> Iterator[Callable[[], str]]:
    """Fresh PostgreSQL databases, which sync like a real one; none is started without need."""
    if not any(run.engine == "postgresql" for run in runs):
        yield str
        return
    binaries = postgresql.binaries()
    if binaries is None:
        raise SystemExit("soak: no PostgreSQL 15 or later on this machine")
    with postgresql.server(binaries) as server:

        def fresh() -> str:
            url = server.url(server.create())
            store = Store(url)
            store.make_tables()
            store.close()
            return url

        yield fresh


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """A run that hangs is broken off."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"no end within {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    sys.exit(main())
