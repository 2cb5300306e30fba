"""An empty database becomes a hall's, on either engine, with every table and wall."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Inspector, inspect, text
from sqlalchemy.exc import DatabaseError

from hall_server import migrations
from hall_server.store.database import open_engine
from hall_server.store.store import Store
from hall_server.store.tables import metadata
from tests import postgresql as private
from tests.builders import sqlite_url
from tests.conftest import BOTH


@pytest.fixture(params=BOTH)
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Two empty databases."""
    if request.param == "sqlite":
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        yield [sqlite_url(folder) for folder in folders]
        return
    server: private.Server = request.getfixturevalue("postgresql")
    with ExitStack() as stack:
        names = [server.create() for _ in range(2)]
        for name in names:
            stack.callback(server.drop, name)
        yield [server.url(name) for name in names]


@pytest.fixture
def empty_url(empty_urls: list[str]) -> str:
    return empty_urls[0]


@contextmanager
def looked_at(url: str) -> Iterator[Inspector]:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            yield inspect(connection)
    finally:
        engine.dispose()


def table_of(database: Inspector, name: str) -> dict[str, Any]:
    """All that a database knows of a table, in a fixed order."""
    known = {
        "columns": database.get_columns(name),
        "key": [database.get_pk_constraint(name)],
        "references": database.get_foreign_keys(name),
        "once": database.get_unique_constraints(name),
        "indexes": database.get_indexes(name),
        "checks": database.get_check_constraints(name),
    }
    return {
        what: sorted(json.dumps(one, default=str, sort_keys=True) for one in found)
        for what, found in known.items()
    }


def test_the_steps_lead_to_the_tables_that_the_program_knows(empty_urls: list[str]) -> None:
    stepped, made = empty_urls
    migrations.upgrade(stepped)
    with closing(Store(made)) as store:
        store.make_tables()
    with looked_at(stepped) as one, looked_at(made) as other:
        assert set(one.get_table_names()) == {*other.get_table_names(), "alembic_version"}
        for name in metadata.tables:
            assert table_of(one, name) == table_of(other, name), name


def test_an_empty_database_gets_every_table_and_its_walls(empty_url: str) -> None:
    assert migrations.version_of(empty_url) is None
    migrations.upgrade(empty_url)
    migrations.upgrade(empty_url)
    assert migrations.version_of(empty_url) == migrations.HEAD
    engine = open_engine(empty_url)
    try:
        with engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) >= metadata.tables.keys()
            connection.execute(
                text("INSERT INTO document (hall, kind, version, body) VALUES ('h', 'k', 1, '{}')")
            )
            with pytest.raises(DatabaseError, match="document is for ever"):
                connection.execute(text("UPDATE document SET body = '[]'"))
    finally:
        engine.dispose()
