"""Reading after what went wrong: nobody's look is spoiled by an earlier one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hall_server.store.database import Cursor
from hall_server.store.store import Store
from hall_server.words import Refusal, Refused
from tests.builders import sqlite_url
from tests.store.hands import database

NUMBERS = "SELECT column1 FROM (VALUES (1), (2), (3))"


@contextmanager
def reading(tmp_path: Path) -> Iterator[Store]:
    store = Store(sqlite_url(tmp_path))
    with database(store.url):
        pass  # the file is there
    try:
        yield store
    finally:
        store.close()


def test_a_refused_look_that_is_forgotten_late_spoils_no_other(tmp_path: Path) -> None:
    """Its traceback keeps its cursor. When that was collected in the middle of another read, the
    first row came twice, or a row without columns."""
    kept: list[Any] = []

    def refused(cursor: Cursor) -> None:
        cursor.steer(NUMBERS)
        raise Refused(Refusal.TICKET_UNKNOWN)

    def numbers(cursor: Cursor) -> list[Any]:
        cursor.steer(NUMBERS)
        kept.clear()
        gc.collect()
        return [number for (number,) in cursor._cursor.fetchall()]

    with reading(tmp_path) as store:
        with pytest.raises(Refused) as no:
            store.read(refused)
        kept.append(no.value)
        del no
        assert store.read(numbers) == [1, 2, 3]
