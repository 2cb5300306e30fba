"""Whoever reads while others write sees the hall at one moment."""

import asyncio

import pytest

from hall_server.store import heads, journal
from hall_server.store.database import Cursor
from hall_server.store.journal import Broken
from tests.builders import open_hall, take

pytestmark = pytest.mark.fault


async def test_a_chain_that_grows_while_it_is_verified_is_sound(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        loop = asyncio.get_running_loop()

        def verify(cursor: Cursor) -> tuple[int, Broken | int]:
            (head,) = heads.every_head(cursor)
            asyncio.run_coroutine_threadsafe(take(hall), loop).result(10)
            return head.seq, journal.verify(cursor, head)

        seq, found = await hall.store.look(verify)
        assert found == seq


async def test_a_hall_that_starts_while_another_server_writes_begins_at_one_moment(
    database_url: str,
) -> None:
    async with open_hall(database_url) as hall:
        loop = asyncio.get_running_loop()

        def start(cursor: Cursor) -> tuple[int, int]:
            (head,) = heads.every_head(cursor)
            asyncio.run_coroutine_threadsafe(take(hall), loop).result(10)
            return head.seq, hall.state_of(cursor, head)["queue/social"]["taken"]

        await take(hall)
        seq, taken = await hall.store.look(start)
        assert (seq, taken) == (hall.hubs["hall"].seq - 1, 1)
