"""A receipt printer that nobody here wrote (emupos), in a Python and a venv of its own."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.drivers.bench import until

PACKAGE = "emupos==0.4.*"
BAUD = 460_800
_PROFILE = """
type: printer
name: hall {width}
dpi: 203
width_dots: {width}
font_a: {{ width: 12, height: 24 }}
font_b: {{ width: 9, height: 17 }}
code_pages: {{ 0: PC437 }}
default_code_page: 0
drawer_sensor_open_level: high
serial: {{ baud: {baud}, data_bits: 8, parity: none, stop_bits: 1 }}
"""
_DEVICE = """
  - id: w{width}
    type: printer
    profile: {folder}/w{width}.yaml
    receipts_dir: {folder}/receipts
    connections:
      - serial: {{ pty: true, link: hall-{api}-{width} }}
"""


@dataclass(frozen=True)
class Oracle:
    """A running emupos with one printer of 384 and one of 576 dots."""

    api: str
    folder: Path

    def ask(self, path: str, method: str = "GET") -> bytes:
        """One request to its control API."""
        with urlopen(Request(f"{self.api}{path}", method=method), timeout=10) as reply:
            return bytes(reply.read())

    def device(self, width: int) -> dict[str, Any]:
        """What it says of a printer."""
        devices = json.loads(self.ask("/devices"))
        return next(one for one in devices if one["id"] == f"w{width}")

    def receipts(self, width: int) -> list[str]:
        """The ids of all receipts that came out of a printer, oldest first."""
        return [one["id"] for one in json.loads(self.ask(f"/devices/w{width}/receipts"))]

    def fault(self, width: int, name: str, active: bool) -> None:
        """Switch a fault."""
        self.ask(f"/devices/w{width}/faults/{name}", "PUT" if active else "DELETE")

    def says(self) -> str:
        """All that it wrote on its screen so far."""
        return (self.folder / "said.txt").read_text("utf-8", "replace")


def python() -> str | None:
    """A Python of 3.13 or later on this machine, if there is one."""
    kept = Path.home() / ".pyenv" / "versions"
    found = [sys.executable] if sys.version_info >= (3, 13) else []
    found += [known for name in ("python3.13", "python3.14") if (known := shutil.which(name))]
    found += [str(one) for one in sorted(kept.glob("3.1[34].*/bin/python"))]
    for one in found:
        asked = [one, "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return one
    return None


def installed(folder: Path) -> Path | None:
    """The program in a venv below this folder, installed if need be; None where it cannot be."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of the tests may share the folder
        return _install(folder)


def _install(folder: Path) -> Path | None:
    program = folder / "venv" / "bin" / "emupos"
    if program.exists():
        return program
    maker = python()
    if maker is None:
        return None
    shutil.rmtree(folder / "venv", ignore_errors=True)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "-q", PACKAGE]
    for step in ([maker, "-m", "venv", str(folder / "venv")], pip):
        try:
            done = subprocess.run(step, capture_output=True, timeout=240, check=False)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            return None
    return program if program.exists() else None


@contextmanager
def running(program: Path, folder: Path) -> Iterator[Oracle]:
    """Start it and wait until it answers; ended with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = f"schema: 1\napi: {{ host: 127.0.0.1, port: {port} }}\ndevices:"
    for width in (384, 576):
        (folder / f"w{width}.yaml").write_text(_PROFILE.format(width=width, baud=BAUD), "utf-8")
        config += _DEVICE.format(width=width, folder=folder, api=port)
    (folder / "config.yaml").write_text(config, "utf-8")
    oracle = Oracle(f"http://127.0.0.1:{port}/api/v1", folder)
    with (folder / "said.txt").open("wb") as said:
        work = subprocess.Popen(
            [program, "run", "--config", folder / "config.yaml"],
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        try:
            until(lambda: work.poll() is not None or _answers(oracle))
            assert work.poll() is None, oracle.says()
            yield oracle
        finally:
            work.terminate()
            work.wait(10)


def _answers(oracle: Oracle) -> bool:
    try:
        return bool(oracle.ask("/health"))
    except (HTTPError, URLError, ConnectionError):
        return False
