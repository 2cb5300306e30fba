"""How much a kiosk's memory grows over page changes and visitors: python -m …growth 5000 2000."""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import ceil
from pathlib import Path

from hall_server.words import PrintState
from kiosk.__main__ import settle
from kiosk.flow import Flow, Intent
from tests.kiosk import halls
from tests.kiosk.visit import Visit
from tests.robot import Robot, driving  # before the gallery, which needs its window

from kiosk.screens.frame import SCREENS  # isort: skip
from tests.kiosk.gallery import Gallery, stages  # isort: skip

SIZE = (270, 480)  # what is drawn is freed with the frame; what is kept is not larger on a screen
MODES = (("zh", False), ("en", False), ("zh", True), ("en", True))
WARM = 150  # visitors until every cache is full
MB = 1_000_000


def resident() -> float:
    """Memory of this process as the system counts it, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


@asynccontextmanager
async def settled_kiosk() -> AsyncIterator[Robot]:
    """The pages of a kiosk, all made and settled as `hall-kiosk` does it."""
    async with driving(Gallery(), SIZE) as robot:
        await robot.frames(len(SCREENS))
        settle()
        yield robot


async def show(robot: Robot, flow: Flow) -> None:
    robot.app.put(flow)
    await robot.frames(1)


async def pages(changes: int) -> float:
    """MB more after at least so many page changes than after each page was shown in each mode
    twice; on the same page, as a page's own pictures are no growth."""
    catalogue = halls.sample()[1]
    async with settled_kiosk() as robot:
        all_ = [flow for mode in MODES for _, flow in stages(catalogue, *mode)]
        for flow in (*all_, *all_):
            await show(robot, flow)
        before = resident()
        for flow in all_ * ceil(changes / len(all_)):
            await show(robot, flow)
        return resident() - before


async def visitors(people: int) -> float:
    """MB more after so many people who each took a number, after the first few."""
    chance = random.Random(1)
    visit = Visit()
    items = [one.code for one in visit.flow.hall.catalogue.items if one.queue]
    async with settled_kiosk() as robot:
        before = 0.0
        for n in range(WARM + people):
            if n == WARM:
                before = resident()
            lang, large = chance.choice(MODES)
            for intent in [Intent.LANGUAGE] * (lang == "en") + [Intent.LARGE] * large:
                visit.do(intent)
            item = chance.choice(items)
            question = visit.pick(item)
            await show(robot, visit.flow)
            visit.flow.answered(question.id, halls.guidance(item))
            await show(robot, visit.flow)
            wish = visit.do(Intent.PICK_CLASS, "")
            await show(robot, visit.flow)
            number, url = f"F{n % 999 + 1:03}", f"http://hall.example/t/{n:022}"
            visit.flow.taken(wish.id, halls.reply(number=number, item=item, url=url))
            visit.flow.printed(wish.id, PrintState.PRINTED)
            await show(robot, visit.flow)
            visit.do(Intent.DONE)
            await show(robot, visit.flow)
        return resident() - before


def main(argv: Sequence[str]) -> None:
    """Page changes and visitors; one JSON object."""
    told = {}
    if changes := int(argv[0]):
        told["kiosk_growth_pages_mb"] = asyncio.run(pages(changes))
    if people := int(argv[1]):
        told["kiosk_growth_visitors_mb"] = asyncio.run(visitors(people))
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
