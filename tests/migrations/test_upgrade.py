"""An empty database becomes a hall's, on either engine, with every table and wall."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from hall_server import migrations
from hall_server.store.database import open_engine
from hall_server.store.tables import metadata
from tests import postgresql as private
from tests.builders import sqlite_url
from tests.conftest import BOTH


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    server: private.Server = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


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
