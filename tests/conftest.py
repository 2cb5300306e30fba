"""Databases for tests: each test that asks gets a fresh one, on SQLite and on PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hall_server.store.store import Store
from tests import postgresql as private
from tests.builders import sqlite_url

NONE_HERE = "no PostgreSQL 15 or later on this machine; `./run test` installs it"
# These tests prove the hall, not the disk: tests/faults does that. In memory fsync costs nothing.
MEMORY = next((folder for folder in [Path("/dev/shm")] if os.access(folder, os.W_OK)), None)
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[private.Server]:
    """One private server for the whole session. Where there is none the tests are skipped and
    counted; with HALL_TEST_STRICT=1 they fail."""
    binaries = private.binaries()
    if binaries is None:
        if os.environ.get("HALL_TEST_STRICT") == "1":
            pytest.fail(NONE_HERE)
        pytest.skip(NONE_HERE)
    with private.server(binaries, "fsync=off", "full_page_writes=off", inside=MEMORY) as server:
        server.run(f"CREATE DATABASE {private.TEMPLATE}")
        with closing(Store(server.url(private.TEMPLATE))) as store:
            store.make_tables()
        yield server


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder for a store that need not survive a power cut."""
    with tempfile.TemporaryDirectory(prefix="hall-sqlite-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database, once for each kind of database."""
    if request.param == "sqlite":
        yield sqlite_url(request.getfixturevalue("in_memory"))
        return
    server: private.Server = request.getfixturevalue("postgresql")
    name = server.create(private.TEMPLATE)
    yield server.url(name)
    server.drop(name)
