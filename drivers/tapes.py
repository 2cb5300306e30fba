"""The tapes of an agent's lines as files beside its spool: `hall-agent tape` reads them there."""

import asyncio
import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drivers.port import Port

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_FOLDER = "tapes"
_MOST_NAME = 60


async def keep(ports: Iterable[Port], spool: Path) -> None:
    """Keep a file true for each line, until cancelled; those of an earlier run are cleared away.
    A disk that fails is said once and stops nothing."""
    folder = spool / _FOLDER
    files = {folder / _name(n, port): port for n, port in enumerate(ports, 1)}
    written: dict[Path, str] = {}
    told = False
    while True:
        for file, port in files.items():
            text = _text(port)
            if written.get(file) == text:
                continue
            try:
                await asyncio.to_thread(_write, file, text, [] if written else list(files))
            except OSError as full:
                if not told:
                    log.warning("tapes not written: %s", full)
                told = True
            else:
                written[file], told = text, False
        await asyncio.sleep(LOOK_SECONDS)


def kept(spool: Path) -> list[dict[str, Any]]:
    """What the agent with this spool last wrote of each of its lines: name, baud, state, trouble,
    since, rows."""
    found = []
    for file in sorted((spool / _FOLDER).glob("*.json")):
        found.append(json.loads(file.read_text("utf-8")))
    return found


def _text(port: Port) -> str:
    health = port.health
    told = {
        "name": port.name,
        "baud": port.baud,
        "state": health.state.value,
        "trouble": health.trouble.value,
        "since": health.since.astimezone().strftime("%m-%d %H:%M:%S"),
        "rows": port.tape_rows(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _name(number: int, port: Port) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", port.name).strip("-")
    return f"{number:02}-{plain[-_MOST_NAME:]}.json"


def _write(file: Path, text: str, only: list[Path]) -> None:
    """Put the text in its file; with `only`, nothing else stays in the folder."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if only:
        for old in set(file.parent.glob("*.json")) - set(only):
            old.unlink()
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)  # when somebody rated is in it, and how
    fresh.write_text(text, "utf-8")
    fresh.replace(file)
