"""A page of somebody else's talks to the hall neither over HTTP nor over the link."""

from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.builders import sqlite_url
from tests.faults.bad_input import Asker
from tests.faults.served import Served, serve

FOREIGN = ["http://evil.test", "null", "http://[", "//]", "https://127.0.0.1"]


async def status(served: Served, origin: str) -> int:
    head = f"GET /api/halls HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {origin}\r\n\r\n"
    asker = Asker(served.port)
    found, _ = await asker.ask(head.encode())
    await asker.aclose()
    return found


async def test_a_foreign_page_is_turned_away_whatever_it_calls_itself(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {}) as served:
        link = f"ws://127.0.0.1:{served.port}/link"
        for origin in FOREIGN:
            assert await status(served, origin) == 403, origin
            with pytest.raises(InvalidStatus) as turned_away:
                async with connect(link, proxy=None, additional_headers={"Origin": origin}):
                    pass
            assert turned_away.value.response.status_code == 403, origin


async def test_a_page_of_our_own_and_a_program_are_let_in(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {}) as served:
        own = f"http://127.0.0.1:{served.port}"
        assert await status(served, own) == 200
        link = f"ws://127.0.0.1:{served.port}/link"
        for headers in ({"Origin": own}, {}):
            async with connect(link, proxy=None, additional_headers=headers):
                pass
