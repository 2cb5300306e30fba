"""The tapes of an agent's lines as files beside its spool: `hall-agent tape` reads them there."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drivers.health import Health
from drivers.port import Port

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_FOLDER, _WANTED = "tapes", "wanted"
_MOST_NAME = 60


async def keep(ports: Iterable[Port], spool: Path) -> None:
    """Write the tape of each line when somebody wants it, and of one whose state has changed; until
    cancelled. Not all the time: a printer is asked every few seconds, and a small disk wears out.
    A disk that fails is said once and stops nothing."""
    folder = spool / _FOLDER
    files = {folder / _name(n, port): port for n, port in enumerate(ports, 1)}
    known: dict[Path, Health] = {}
    told = False
    while True:
        try:
            wanted = await asyncio.to_thread(_begun if not known else _wanted, folder)
            for file, port in files.items():
                health = port.health
                if wanted or known.get(file) != health:
                    await asyncio.to_thread(_write, file, _text(port))
                    known[file] = health
            if wanted:
                await asyncio.to_thread((folder / _WANTED).unlink, missing_ok=True)
            told = False
        except OSError as full:
            if not told:
                log.warning("tapes not written: %s", full)
            told = True
        await asyncio.sleep(LOOK_SECONDS)


def kept(spool: Path, patience: float = 5.0) -> tuple[list[dict[str, Any]], bool]:
    """The lines of the agent with this spool: name, baud, state, trouble, since, rows; and whether
    it is there to say them now, within so many seconds, or wrote them before it ended."""
    folder = spool / _FOLDER
    if not folder.is_dir():
        return [], False
    wish = folder / _WANTED
    wish.touch()
    until = time.monotonic() + patience
    while (waits := wish.exists()) and time.monotonic() < until:
        time.sleep(0.1)
    wish.unlink(missing_ok=True)
    return [
        json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))
    ], not waits


def _begun(folder: Path) -> bool:
    """Clear away what an earlier run left; all are wanted now."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    return True


def _wanted(folder: Path) -> bool:
    return (folder / _WANTED).exists()


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


def _write(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)  # when somebody rated is in it, and how
    fresh.write_text(text, "utf-8")
    fresh.replace(file)
