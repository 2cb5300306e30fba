"""Databases for tests: each test that asks gets a fresh one, on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hall_server.store.store import Store
from tests import postgresql as private
from tests.builders import sqlite_url

NONE_HERE = "no PostgreSQL 15 or later on this machine; `./run test` installs it"
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
    with private.server(binaries, "fsync=off", "full_page_writes=off") as server:
        server.run(f"CREATE DATABASE {private.TEMPLATE}")
        with closing(Store(server.url(private.TEMPLATE))) as store:
            store.make_tables()
        yield server


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database, once for each kind of database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    server: private.Server = request.getfixturevalue("postgresql")
    name = server.create(private.TEMPLATE)
    yield server.url(name)
    server.drop(name)
