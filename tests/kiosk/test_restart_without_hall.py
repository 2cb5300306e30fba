"""A kiosk that is switched on while its hall is away: it works by what it knew."""

from pathlib import Path

import pytest

from config.hall_files import EXAMPLE, texts_in
from drivers.journal import Journal
from hall_server.wire.files import read_hall
from hall_server.wire.offline import Lease
from kiosk.leases import Leases
from kiosk.memory import Memory
from tests.kiosk import halls
from tests.kiosk.alone import alone
from tests.kiosk.visit import NOW

pytestmark = pytest.mark.screen


def remembered(folder: Path) -> None:
    """What a kiosk of the sample hall has on disk in the middle of a morning."""
    state, memory = halls.state(), Memory(folder)
    memory.keep("hall", {"hall": state["hall"], "day": state["day"], "most_used": []})
    items = read_hall(texts_in(EXAMPLE)).catalogue.items
    memory.keep("catalogue", halls.view("7", [item.model_dump(mode="json") for item in items]))
    journal = Journal(folder / "leases")
    Leases(journal).keep(
        Lease(
            day=1,
            date=state["day"]["date"],
            queue=queue["id"],
            prefix=queue["prefix"],
            first=51,
            last=100,
            leased_at=state["day"]["opened_at"],
            signature=f"{n:064x}",
        )
        for n, queue in enumerate(state["hall"]["queues"])
    )
    journal.close()


async def test_it_gives_the_next_number_of_its_block(tmp_path: Path) -> None:
    remembered(tmp_path)
    async with alone(tmp_path, now=lambda: NOW) as citizen:
        await citizen.sees("网络暂时不通，仍可取号")
        await citizen.press("取号")
        await citizen.press("按拼音找")
        for letter in "SFZ":
            await citizen.press(letter)
        await citizen.press("居民身份证换领")
        await citizen.press("普通取号")
        await citizen.until(lambda: [one for one in citizen.texts() if one.endswith("051X")])


async def test_without_a_block_it_sends_to_the_guide_desk(tmp_path: Path) -> None:
    remembered(tmp_path)
    (tmp_path / "leases").unlink()
    async with alone(tmp_path, now=lambda: NOW) as citizen:
        await citizen.sees("到导办台取号")
