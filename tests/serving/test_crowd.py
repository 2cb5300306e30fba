"""Many at once: what is dear is done once, and who cannot be served soon is told so."""

import asyncio
from pathlib import Path

import pytest

from hall_server.callers import MOST_WAITING
from hall_server.hall import Hall
from hall_server.words import Refusal, Refused
from tests.builders import HALL, KIOSK, open_hall, sqlite_url


async def test_kiosks_that_return_together_get_the_one_catalogue(tmp_path: Path) -> None:
    async with open_hall(sqlite_url(tmp_path)) as hall:
        views = await asyncio.gather(*(hall.see("catalogue", {}, KIOSK) for _ in range(20)))
        assert len(views[0]["items"]) == 3
        assert all(view is views[0] for view in views)


async def test_a_kiosk_that_hangs_up_does_not_take_the_catalogue_from_the_others(
    tmp_path: Path,
) -> None:
    async with open_hall(sqlite_url(tmp_path)) as hall:
        first = asyncio.create_task(hall.see("catalogue", {}, KIOSK))
        second = asyncio.create_task(hall.see("catalogue", {}, KIOSK))
        await asyncio.sleep(0)
        first.cancel()
        assert len((await second)["items"]) == 3


async def test_a_flood_of_passwords_is_turned_away_and_not_queued(tmp_path: Path) -> None:
    async with open_hall(sqlite_url(tmp_path)) as hall:
        tries = [
            asyncio.create_task(refused(hall, f"nobody-{n}")) for n in range(MOST_WAITING + 20)
        ]
        for turned_away in tries[MOST_WAITING:]:
            assert await turned_away is Refusal.TOO_BUSY
        assert not any(waiting.done() for waiting in tries[10:MOST_WAITING])
        for waiting in tries[2:]:
            waiting.cancel()
        assert await tries[0] is Refusal.SIGN_IN_FAILED
        await asyncio.gather(*tries, return_exceptions=True)
        assert await refused(hall, "somebody-else") is Refusal.SIGN_IN_FAILED


async def refused(hall: Hall, name: str) -> Refusal:
    with pytest.raises(Refused) as why:
        await hall.sign_in(HALL, name, "a guess")
    return why.value.code
