"""A private PostgreSQL for tests: found on this machine, in a temporary folder, on a free port."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests import ports

OLDEST = 15
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
TEMPLATE = "with_tables"
# The server ends when this shell's input does: a killed pytest leaves nothing behind.
UNTIL_INPUT_ENDS = '"$@" >"$0" 2>&1 & p=$!; cat >/dev/null; kill -INT $p; wait $p'


@dataclass(frozen=True)
class Server:
    """A running server; each test takes a database of its own from it."""

    port: int
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement beside the tests, outside any transaction."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template1") -> str:
        """The name of a fresh database."""
        name = f"test_{next(self._names)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine, 15 at least; None: there is none."""
    found = [folder for place in PLACES for folder in Path("/").glob(place[1:])]
    on_path = shutil.which("postgres")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    versions = [(_version(folder), folder) for folder in found if (folder / "initdb").exists()]
    best = max(versions, default=None)
    return best[1] if best is not None and best[0] >= OLDEST else None


@contextmanager
def server(folder_of_binaries: Path, *options: str, inside: Path | None = None) -> Iterator[Server]:
    """Start PostgreSQL with these options ("fsync=off"), and end it with everything it wrote.

    It refuses to run as root, so root lends it to the user postgres.
    """
    folder = Path(tempfile.mkdtemp(prefix="hall-postgresql-", dir=inside))
    as_user: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, log, place = folder / "data", folder / "log", ports.kept()
    port = ports.number(place)
    try:
        subprocess.run(
            [*as_user, str(folder_of_binaries / "initdb"), "-D", str(data), "-U", "postgres",
             "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *options)
        postgres = [str(folder_of_binaries / "postgres"), "-D", str(data), "-p", str(port)]
        postgres += [word for setting in settings for word in ("-c", setting)]
        running = subprocess.Popen(
            [*as_user, "sh", "-c", UNTIL_INPUT_ENDS, str(log), *postgres],
            stdin=subprocess.PIPE,
            cwd=folder,
        )
        try:
            _wait(port, log, running)
            yield Server(port)
        finally:
            running.communicate()
    finally:
        place.close()
        shutil.rmtree(folder)


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    number = re.search(r" (\d+)", told.stdout)
    return int(number[1]) if number is not None else 0


def _wait(port: int, log: Path, running: "subprocess.Popen[bytes]") -> None:
    """Until the server lets us in; it tells nobody when it is ready, so it is asked."""
    for _ in range(600):
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres").close()
            return
        except psycopg.OperationalError:
            if running.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(log.read_text() if log.exists() else "PostgreSQL did not start")
