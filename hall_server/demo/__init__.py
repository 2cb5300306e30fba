"""`hall demo`: a whole hall on one machine, with simulated devices, visitors and clerks."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from config.hall_files import EXAMPLE
from config.settings import HallSettings
from hall_server.demo.children import Children
from hall_server.demo.people import People
from hall_server.demo.programs import has_screen, start_all
from hall_server.hall import Hall
from hall_server.serve import app_of, prepare
from hall_server.setup import (
    SAMPLE_PASSWORD,
    SAMPLE_SUPERVISOR,
    add_sample_accounts,
    put_in_force,
    read_files,
    run_in,
)
from hall_server.upkeep import prove

START_SECONDS = 30


def run(argv: list[str]) -> int:
    """Run the demo until Ctrl-C or for --minutes; status 0 when every invariant held."""
    asked = _parser().parse_args(argv)
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="hall-demo-"))
    settings = HallSettings(
        data=folder / "data", files=asked.files, port=asked.port, profile="demo"
    )
    children = Children(folder / "logs")
    faults: list[str] = []
    people = People(settings, asked.speed, asked.seed)
    try:
        prepare(settings)
        layout = read_files(asked.files).layout
        run_in(app_of(settings).hall, lambda hall: _furnish(hall, settings))
        start_all(children, settings, layout, folder, asked.speed, headless=asked.headless)
        _wait_for(settings, children)
        _tell_addresses(console, settings, folder, headless=asked.headless)
        with suppress(KeyboardInterrupt):
            faults += asyncio.run(_watch(people, children, asked.minutes, console))
        console.print(_table(people.rows(), "小结 summary"))
    finally:
        children.stop()
        faults += prove(settings.database_url()) if (folder / "data" / "hall.db").exists() else []
        if faults:
            console.print(f"日志 logs: {folder / 'logs'}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if asked.minutes is not None:  # one that a person ended may have been too short for all
        faults += people.faults()
    for fault in faults:
        console.print(f"[bold red]✗[/] {fault}")
    console.print(
        "[bold red]FAILED[/]" if faults else "[bold green]每一条都对得上 all invariants held[/]"
    )
    return 1 if faults else 0


async def _furnish(hall: Hall, settings: HallSettings) -> None:
    files = read_files(settings.files)
    await put_in_force(hall, files)
    await add_sample_accounts(hall, files.layout)


async def _watch(
    people: People, children: Children, minutes: float | None, console: Console
) -> list[str]:
    """Let the simulated people work and show how it goes; what went wrong, in sentences."""
    stopped = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stopped.set)
    work = asyncio.create_task(people.run())
    until = None if minutes is None else time.monotonic() + 60 * minutes
    faults: list[str] = []
    try:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while not stopped.is_set() and (until is None or time.monotonic() < until):
                if console.is_terminal:
                    live.update(_table(people.rows(), "此刻 now"), refresh=True)
                if fallen := children.fallen():
                    faults += [f"a program has ended by itself: {name}" for name in fallen]
                    break
                if work.done():
                    faults.append(f"the simulated people stopped: {work.exception()}")
                    break
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), 1)
        await people.settle()
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await work
    return faults


def _wait_for(settings: HallSettings, children: Children) -> None:
    """Until the server answers; a server that does not start says why."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(START_SECONDS * 10):
        if fallen := children.fallen():
            raise RuntimeError(f"not started: {', '.join(fallen)}")
        with (
            suppress(OSError),
            opener.open(f"http://127.0.0.1:{settings.port}/api/halls", timeout=2),
        ):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s")


def _tell_addresses(
    console: Console, settings: HallSettings, folder: Path, *, headless: bool
) -> None:
    tell = partial(console.print, soft_wrap=True)
    base = f"http://127.0.0.1:{settings.port}"
    if not headless and not has_screen():
        console.print("没有屏幕，取号机和综合屏在后台运行。")
        console.print("No screen: kiosk and wall run off-screen.")
    tell(f"首页 pages     {base}/")
    tell(f"窗口 window    {base}/window    w01 / {SAMPLE_PASSWORD}  (1 号窗口留给您 is yours)")
    tell(f"管理 manager   {base}/manager   {SAMPLE_SUPERVISOR} / {SAMPLE_PASSWORD}")
    tell(f"纸票 paper     {folder / 'paper'}")
    tell(f"故障 fault     echo cover_open > {folder / 'printer'}  (rm 修好 mends it)")
    tell("Ctrl-C 结束 ends")


def _table(rows: list[tuple[str, str]], title: str) -> Table:
    table = Table(title=title, show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hall demo", description=__doc__)
    parser.add_argument("--speed", type=_speed, default=60.0, help="hall seconds in one of ours")
    parser.add_argument("--minutes", type=float, help="end by itself after so many real minutes")
    parser.add_argument(
        "--headless", action="store_true", help="no windows, whatever screen there is"
    )
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--files", type=Path, default=EXAMPLE, help="the hall to play")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _speed(word: str) -> float:
    speed = float(word)
    if not 1 <= speed <= 600:
        raise argparse.ArgumentTypeError("1 to 600")
    return speed


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
