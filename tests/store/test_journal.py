"""The journal finds every hand in it, and says which record is the first that is not as written."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hall_server.store.journal import Broken
from hall_server.wire.commands import CloseDay
from tests.builders import HALL, SUPERVISOR, open_hall, open_window, serve_one, take
from tests.store.hands import database, drop_walls, verified

Hand = Callable[[Connection], None]
WORDS = ("epoch", "kind", "caller", "command", "command_hash", "body", "reply", "before", "hash")


async def day(url: str) -> int:
    """A short day in the hall; how many records it made."""
    async with open_hall(url) as hall:
        for _ in range(3):
            await take(hall)
        await serve_one(hall, await open_window(hall))
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        return hall.hubs[HALL].seq


def alter(url: str, *statements: str, walls: bool = False) -> None:
    with database(url) as connection:
        if not walls:
            drop_walls(connection)
        for statement in statements:
            connection.execute(text(statement))


async def test_a_day_that_nobody_touched_is_sound(database_url: str) -> None:
    assert verified_day(database_url, await day(database_url))


def verified_day(url: str, records: int) -> bool:
    return records == 11 and verified(url) == records


@pytest.mark.parametrize("field", WORDS)
async def test_a_changed_word_is_found(database_url: str, field: str) -> None:
    await day(database_url)
    # The last figure or letter of a word becomes another one.
    alter(
        database_url,
        f"UPDATE journal SET {field} = substr({field}, 1, length({field}) - 1) || "
        f"CASE substr({field}, length({field})) WHEN '7' THEN '8' ELSE '7' END WHERE seq = 6",
    )
    found = verified(database_url)
    assert isinstance(found, Broken)
    assert found.seq == 6


async def test_a_changed_time_is_found(database_url: str) -> None:
    await day(database_url)
    alter(database_url, "UPDATE journal SET at = at + 1 WHERE seq = 4")
    assert verified(database_url) == Broken(4, "changed")


@pytest.mark.parametrize("seq", [1, 5])
async def test_a_missing_record_is_found(database_url: str, seq: int) -> None:
    await day(database_url)
    alter(database_url, f"DELETE FROM journal WHERE seq = {seq}")
    assert verified(database_url) == Broken(seq, "missing")


async def test_a_missing_record_whose_gap_was_closed_is_found(database_url: str) -> None:
    await day(database_url)
    alter(
        database_url,
        "DELETE FROM journal WHERE seq = 5",
        *(f"UPDATE journal SET seq = {n - 1} WHERE seq = {n}" for n in range(6, 12)),
        f"UPDATE hall SET seq = 10 WHERE id = '{HALL}'",
    )
    found = verified(database_url)
    assert isinstance(found, Broken)
    assert found.seq == 5


@pytest.mark.parametrize("cut", [1, 4])
async def test_a_cut_tail_is_found(database_url: str, cut: int) -> None:
    await day(database_url)
    alter(database_url, f"DELETE FROM journal WHERE seq > {11 - cut}")
    assert verified(database_url) == Broken(12 - cut, "missing")


async def test_an_emptied_journal_is_found(database_url: str) -> None:
    await day(database_url)
    alter(database_url, "DELETE FROM journal")
    assert verified(database_url) == Broken(1, "missing")


async def test_two_records_that_changed_places_are_found(database_url: str) -> None:
    await day(database_url)
    alter(
        database_url,
        "UPDATE journal SET seq = 99 WHERE seq = 4",
        "UPDATE journal SET seq = 4 WHERE seq = 5",
        "UPDATE journal SET seq = 5 WHERE seq = 99",
    )
    found = verified(database_url)
    assert isinstance(found, Broken)
    assert found.seq == 4


async def test_a_record_added_at_the_end_is_found(database_url: str) -> None:
    await day(database_url)
    alter(
        database_url,
        "INSERT INTO journal SELECT hall, 12, epoch, at, kind, caller, 'x', command_hash, body, "
        "reply, hash, hash FROM journal WHERE seq = 11",
    )
    found = verified(database_url)
    assert isinstance(found, Broken)
    assert found.seq == 12


async def test_a_record_hashed_anew_breaks_the_one_after_it(database_url: str) -> None:
    await day(database_url)
    with database(database_url) as connection:
        drop_walls(connection)
        row = connection.execute(text("SELECT * FROM journal WHERE seq = 6")).one()
        body = row.body.replace("A00", "A99")
        assert body != row.body
        told = "\n".join(
            str(part)
            for part in (
                row.before, row.hall, row.epoch, row.seq, row.at, row.kind, row.caller,
                row.command, row.command_hash, hashlib.sha256(row.reply.encode()).hexdigest(),
                body,
            )
        )  # fmt: skip
        connection.execute(
            text("UPDATE journal SET body = :body, hash = :hash WHERE seq = 6"),
            {"body": body, "hash": hashlib.sha256(told.encode()).hexdigest()},
        )
    assert verified(database_url) == Broken(7, "not bound to the record before")


async def test_a_head_that_was_set_back_is_found(database_url: str) -> None:
    """Whoever cuts the tail and also sets back the head's seq does not know the hash."""
    await day(database_url)
    alter(
        database_url,
        "DELETE FROM journal WHERE seq > 8",
        f"UPDATE hall SET seq = 8 WHERE id = '{HALL}'",
    )
    assert verified(database_url) == Broken(9, "missing")


def test_many_records_are_walked_in_pieces(tmp_path: Path) -> None:
    """More records than one piece of the walk holds."""
    url = f"sqlite:///{tmp_path / 'hall.db'}"

    async def fill() -> int:
        async with open_hall(url) as hall:
            for _ in range(9):
                await asyncio.gather(*(take(hall) for _ in range(250)))
            return hall.hubs[HALL].seq

    records = asyncio.run(fill())
    assert records == 2_253
    assert verified(url) == records
    alter(url, "UPDATE journal SET caller = 'kiosk:kiosk-2' WHERE seq = 2200")
    assert verified(url) == Broken(2_200, "changed")
