"""`hall bench`: reads its arguments, measures what was asked for, tells it."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

from hall_server.bench import (
    day_growth,
    fan_out,
    footprint,
    forecast,
    table,
    takes,
    two_servers,
    whole_hall,
)
from hall_server.bench.lines import Failed
from hall_server.bench.size import FULL, QUICK, Size
from hall_server.bench.targets import LEFT_OUT, LIMITS, Target

Rows = dict[str, list[dict[str, Any]]]


def run(argv: Sequence[str]) -> int:
    """Measure; 0 when every target that was measured holds, 1 when one does not, 2 when the
    run counts for nothing."""
    asked = _arguments().parse_args(argv)
    known = frozenset((*LIMITS, forecast.NAME))
    only = frozenset(asked.only.upper().split(",")) if asked.only else known
    unknown = only - known
    if unknown:
        print(f"hall bench: no target {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    size = QUICK if asked.quick else FULL
    try:
        told = uvloop.run(measure(size, only, asked.postgresql))
    except* (Failed, TimeoutError) as failed:
        print(f"hall bench: the run counts for nothing: {_first(failed)}", file=sys.stderr)
        told = None
    if told is None:
        return 2
    targets, rows, seconds = told
    if asked.json:
        print(json.dumps(as_object(size, targets, rows, seconds), ensure_ascii=False, indent=1))
    else:
        table.show(targets, rows)
    return 1 if any(target.holds is False for target in targets.values()) else 0


async def measure(
    size: Size, only: frozenset[str], postgresql: str | None
) -> tuple[dict[str, Target], Rows, float]:
    """The targets that were asked for, and the tables beside them; how long it took."""
    begun = time.monotonic()
    found: dict[str, Target] = {}
    rows: Rows = {}
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as name:
        folder = Path(name)
        if only & {"P1", "P2"}:
            found |= await takes.beside_the_floor(size, folder)
            rows["takes and calls by clients"] = await takes.by_clients(size, folder)
        if only & {"P3", "P5"}:
            found |= await whole_hall.beside_the_reference(size, folder)
        if "P4" in only:
            targets, rows["call → last display"] = await fan_out.to_the_last(size, folder)
            found |= targets
        if "P6" in only:
            targets, rows["as the day grows"] = await day_growth.by_length(size, folder)
            found |= targets
        if "P7" in only:
            found |= await footprint.of_the_server(size, folder)
        if forecast.NAME in only:
            rows["with and without the forecast"] = await forecast.beside_none(size, folder)
        if "P8" in only:
            found |= await two_servers.on_one_database(size, postgresql)
    wanted = {name: found[name] for name in sorted(found) if name in only}
    return wanted, rows, round(time.monotonic() - begun, 1)


def as_object(size: Size, targets: dict[str, Target], rows: Rows, seconds: float) -> dict[str, Any]:
    """The whole run as one JSON object."""
    return {
        "run": size.name,
        "seconds": seconds,
        "machine": {
            "processors": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "load": os.getloadavg(),
        },
        "targets": {name: target.told() for name, target in targets.items()},
        "left_out": LEFT_OUT,
        "tables": rows,
    }


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hall bench", description="Measure the hall server.")
    parser.add_argument("--quick", action="store_true", help="a look that ends within a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--only", help="some targets, such as P1,P4 or forecast")
    parser.add_argument("--postgresql", metavar="URL", help="a PostgreSQL database to spend")
    return parser


def _first(failed: BaseException) -> str:
    """The first failure of a group, in words."""
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    return str(failed) or type(failed).__name__
