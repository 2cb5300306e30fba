"""What the hall asks its store takes no longer with the years: an index leads to it."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from hall_server import store as store_package
from hall_server.store.database import Statement, open_engine
from hall_server.store.store import Store
from hall_server.store.tickets import ticket
from tests.builders import sqlite_url

GROW = "ticket|service|rating|rating_reasons|estimate|appointment|entry|helper_call|journal"
# A step that walks a whole table, or all that one hall has ever had in it.
WALKS = re.compile(rf"(?:SCAN|SEARCH) (?:{GROW})\b(?!.*(?:=\? AND|\((?!hall)\w+=\?)).*")
# Such an index holds the few rows alone that are still open.
OPEN = re.compile("INDEX (?:service_one_per_window|helper_call_one_a_place)")
# For a person who asks, or for a start: verify, explain, a snapshot.
MAY = ("proof.", "appointments.UNSOUND", "ratings.LEVELS", "entries.LIVE", "journal.OF_TICKET")


def questions() -> Iterator[tuple[str, Statement]]:
    """Every statement of the store, by module and name."""
    for module in pkgutil.iter_modules(store_package.__path__):
        found = vars(importlib.import_module(f"{store_package.__name__}.{module.name}"))
        for name, value in found.items():
            several: Any = value.values() if isinstance(value, dict) else value
            for one in several if isinstance(several, list | type({}.values())) else [value]:
                if isinstance(one, Statement):
                    yield f"{module.name}.{name}", one


def walked(folder: Path, asked: list[tuple[str, Statement]]) -> list[str]:
    """The questions that read more and more as the hall grows older, and by which step."""
    url = sqlite_url(folder)
    with closing(Store(url)) as store:
        store.make_tables()
    engine, found = open_engine(url), []
    with closing(engine.raw_connection()) as connection:
        for name, question in asked:
            on = question.on(engine.dialect)
            nothing = [None] * on.text.count("?")
            cursor = connection.cursor().execute("EXPLAIN QUERY PLAN " + on.text, nothing)
            steps = [row[3] for row in cursor.fetchall()]
            found += [
                f"{name}: {step}"
                for step in steps
                if WALKS.fullmatch(step) and not OPEN.search(step)
            ]
    engine.dispose()
    return found


def test_nothing_that_a_day_asks_reads_more_with_each_day(in_memory: Path) -> None:
    asked = [(name, one) for name, one in questions() if not name.startswith(MAY)]
    assert len(asked) > 90
    assert walked(in_memory, asked) == []


def test_a_question_with_no_index_is_found_out(in_memory: Path) -> None:
    """The control."""
    numbers = Statement(select(func.max(ticket.c.sequence)).where(ticket.c.hall == "hall"))
    waits = Statement(select(ticket.c.id).where(ticket.c.number == "A001"))
    assert len(walked(in_memory, [("numbers", numbers), ("waits", waits)])) == 2
