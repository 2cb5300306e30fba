"""Every errand that brings people to a kiosk, from the first touch to what the hall then has."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from config.hall_files import EXAMPLE, texts_in
from config.settings import KIOSK_SCREENS
from hall_server.store import ratings
from hall_server.wire.appointments import BookAppointment
from hall_server.wire.commands import (
    CallNext,
    Finish,
    PassOver,
    Recall,
    StartService,
    TakeTicket,
    WindowCommand,
)
from hall_server.wire.files import read_hall
from hall_server.wire.helping import AcceptCall, ArriveAtCall
from hall_server.words import PrintState
from kiosk.flow import EntryKind, Intent, Narrow, Page, Purpose, Task
from tests.builders import (
    DATE,
    HALL,
    KIOSK,
    SUPERVISOR,
    at_window,
    open_window,
    serve_one,
)
from tests.drivers.bench import PrinterBench
from tests.faults.figures import Figure
from tests.faults.proxy import Proxy
from tests.faults.served import Served
from tests.kiosk.visit import CODE
from tests.kiosk.walker import Walker  # before all of Kivy: it chooses the window

from tests.kiosk.test_app import kiosk  # isort: skip

LANGS, MODES = ("zh", "en"), ("normal", "large", "contrast")
QUEUE, WINDOW = "general", "1"
CALLS = 3  # until a number may be passed over
TOMORROW = "2026-11-24"


@dataclass
class Visit:
    """One kiosk at the sample hall, and what stands round it."""

    walker: Walker
    served: Served
    line: Proxy
    bench: PrinterBench
    item: str  # with the longest name of the queue
    generation: int  # of the window that serves the queue

    async def take(self) -> dict[str, Any]:
        """A number, taken elsewhere."""
        return await self.served.hall.handle(TakeTicket(hall=HALL, item=self.item), KIOSK)

    async def holds(self, purpose: Purpose, typed: str) -> None:
        """Type what stands on a paper."""
        await self.walker.touch_on(Intent.SHOW, purpose)
        await self.walker.type_in(typed)
        await self.walker.on(Page.PROOF)
        await self.walker.touch_on(Intent.CHECK)

    async def find(self, *letters: str) -> None:
        """The item, by letters and among all of them."""
        await self.walker.type_in("".join(letters))
        await self.walker.on(Page.ITEMS)
        await self.walker.touch_on(Intent.PICK_ITEM)
        await self.walker.until(lambda: self.walker.flow.guiding.guidance)
        await self.walker.on(Page.ITEM)

    async def number(self) -> None:
        """The number is on the screen and on paper."""
        flow = self.walker.flow
        await self.walker.until(lambda: flow.taking.print is PrintState.PRINTED)
        await self.walker.on(Page.TICKET)
        assert flow.taking.slip["number"] in "\n".join(self.bench.device.slips[-1].lines)
        await self.walker.touch_on(Intent.DONE)

    async def at_window(self, command: type[WindowCommand]) -> dict[str, Any]:
        """One command of the window that serves the queue."""
        return await at_window(self.served.hall, command, self.generation, WINDOW)

    def state(self, address: str) -> Any:
        return self.served.hall.hubs[HALL].state[address]


async def by_theme(visit: Visit) -> None:
    """取号，按主题，优先号。"""
    walker = visit.walker
    await walker.touch_on(Intent.NARROW, Narrow.THEME)
    await walker.on(Page.ITEMS)
    await walker.touch_on(Intent.PICK_GROUP)
    await walker.on(Page.ITEMS)
    await walker.touch_on(Intent.PICK_ITEM)
    await walker.until(lambda: walker.flow.guiding.guidance)
    await walker.on(Page.ITEM)
    await walker.touch_on(Intent.PRIORITY)
    await walker.on(Page.CLASSES)
    elder = walker.flow.hall.classes[0]["id"]
    await walker.touch_on(Intent.PICK_CLASS, elder)
    await visit.number()


async def by_search(visit: Visit) -> None:
    """取号，按拼音，一次性告知单。"""
    walker, slips = visit.walker, visit.bench.device.slips
    await walker.touch_on(Intent.NARROW, Narrow.LETTERS)
    await visit.find(*"SFZ")
    before = visit.bench.device.printed
    await walker.touch_on(Intent.PRINT_NOTICE)
    await walker.until(lambda: visit.bench.device.printed > before)
    assert "A001" not in "\n".join(slips[-1].lines)
    await walker.touch_on(Intent.PICK_CLASS)
    await visit.number()


async def booking(visit: Visit) -> None:
    """预约，单子上有二维码。"""
    walker = visit.walker
    await walker.touch_on(Intent.BOOK)
    await walker.touch_on(Intent.NARROW, Narrow.LETTERS)
    await visit.find(*"SFZ")
    await walker.touch_on(Intent.SLOTS)
    await walker.until(lambda: walker.flow.booking.slots is not None)
    await walker.on(Page.SLOTS)
    await walker.touch_on(Intent.PICK_DAY, TOMORROW)
    await walker.on(Page.SLOTS)
    await walker.touch_on(Intent.PICK_SLOT)
    await walker.on(Page.CONFIRM)
    await walker.touch_on(Intent.CONFIRM)
    await walker.until(lambda: walker.flow.booked.print is PrintState.PRINTED)
    await walker.on(Page.BOOKED)
    code = walker.flow.booked.appointment["code"]
    assert code[:4] in "\n".join(visit.bench.device.slips[-1].lines)
    await walker.touch_on(Intent.DONE)


async def checking_in(visit: Visit) -> None:
    """预约签到，凭预约码。"""
    slot = BookAppointment(hall=HALL, queue=QUEUE, date=DATE, time="09:30")
    booked = await visit.served.hall.handle(slot, KIOSK)
    await visit.holds(Purpose.CHECK_IN, booked["code"])
    await visit.number()


async def printing_again(visit: Visit) -> None:
    """我的号：排到哪里，补打小票。"""
    walker, ticket = visit.walker, await visit.take()
    await visit.holds(Purpose.MINE, ticket["number"] + ticket["code"])
    await walker.on(Page.MINE)
    await walker.touch_on(Intent.REPRINT)
    await visit.number()
    assert visit.state(f"ticket/{ticket['ticket']}")["state"] == "waiting"


async def giving_up(visit: Visit) -> None:
    """我的号：取消号码。"""
    walker, ticket = visit.walker, await visit.take()
    await visit.holds(Purpose.MINE, ticket["number"] + ticket["code"])
    await walker.touch_on(Intent.CANCEL)
    await walker.on(Page.MINE)
    await walker.touch_on(Intent.CANCEL_SURE)
    await walker.on(Page.NOTICE)
    assert f"ticket/{ticket['ticket']}" not in visit.served.hall.hubs[HALL].state
    await walker.touch_on(Intent.DONE)


async def coming_back(visit: Visit) -> None:
    """我的号：过号重排。"""
    walker, ticket = visit.walker, await visit.take()
    while (await visit.at_window(CallNext))["ticket"] != ticket["ticket"]:
        await visit.at_window(StartService)
        await visit.at_window(Finish)
    for _ in range(CALLS - 1):
        await visit.at_window(Recall)
    await visit.at_window(PassOver)
    await visit.holds(Purpose.MINE, ticket["number"] + ticket["code"])
    await walker.on(Page.MINE)
    await walker.touch_on(Intent.RETURN)
    await walker.on(Page.NOTICE)
    assert visit.state(f"ticket/{ticket['ticket']}")["state"] == "waiting"
    await walker.touch_on(Intent.DONE)


async def rating(visit: Visit) -> None:
    """好差评，带评价指标。"""
    walker, hall = visit.walker, visit.served.hall
    ticket = await visit.take()
    done: dict[str, Any] = {}
    while done.get("ticket") != ticket["ticket"]:
        done = await serve_one(hall, visit.generation, WINDOW)
    await visit.holds(Purpose.RATE, ticket["number"] + ticket["code"])
    await walker.on(Page.RATE)
    await walker.touch_on(Intent.PICK_LEVEL, "2")
    await walker.on(Page.REASONS)
    await walker.touch_on(Intent.PICK_TAG)
    await walker.touch_on(Intent.EXPLAIN)
    await walker.on(Page.NOTICE)
    row = hall.store.read(lambda cursor: ratings.of(cursor, done["service"]))
    assert (row.level, row.channel) == (2, "kiosk")
    await walker.touch_on(Intent.DONE)


async def helping(visit: Visit) -> None:
    """求助，帮办到场。"""
    walker, hall = visit.walker, visit.served.hall
    await walker.touch_on(Intent.HELP)
    await walker.on(Page.HELP)
    await walker.touch_on(Intent.CALL_HELPER)
    await walker.until(lambda: walker.flow.hall.call)
    await walker.on(Page.HELP)
    (call, _) = walker.flow.hall.call
    for step, state in ((AcceptCall, "accepted"), (ArriveAtCall, "arrived")):
        await hall.handle(step(hall=HALL, call=call), SUPERVISOR)
        await walker.until(lambda state=state: walker.flow.hall.call[1]["state"] == state)
        await walker.on(Page.HELP)
    await walker.touch_on(Intent.END_HELP)
    await walker.until(lambda: not walker.flow.hall.call)
    await walker.touch_on(Intent.BACK)
    await walker.on(Page.HOME)


async def complaining(visit: Visit) -> None:
    """办不成事，留电话。"""
    walker = visit.walker
    await walker.touch_on(Intent.LEAVE, EntryKind.UNSOLVED)
    await walker.on(Page.ENTRY)
    await walker.touch_on(Intent.PICK_TROUBLE)
    await walker.type_in("13800000000")
    await walker.on(Page.CONTACT)
    await walker.touch_on(Intent.SEND)
    await walker.until(lambda: walker.flow.leaving.print is PrintState.PRINTED)
    await walker.on(Page.NOTICE)
    record = walker.flow.leaving.left["record"]
    assert record in "\n".join(visit.bench.device.slips[-1].lines)
    await walker.touch_on(Intent.DONE)


async def without_hall(visit: Visit) -> None:
    """断网，离线号，网络恢复后并入。"""
    walker = visit.walker
    await walker.until(lambda: QUEUE in walker.app.offline.ready())
    visit.line.cut("reset")
    await walker.until(lambda: not walker.flow.hall.online)
    await walker.on(Page.HOME)
    await walker.touch_on(Intent.NARROW, Narrow.LETTERS)
    await walker.on(Page.ITEMS)
    await walker.touch_on(Intent.PICK_ITEM)
    await walker.on(Page.ITEM)
    await walker.touch_on(Intent.PICK_CLASS)
    flow = walker.flow
    await walker.until(lambda: flow.taking.print is PrintState.PRINTED)
    await walker.on(Page.TICKET)
    assert flow.taking.slip["offline"]
    visit.line.mend()
    await walker.until(lambda: flow.taking.slip["ticket"])
    await visit.number()


async def looking_after(visit: Visit) -> None:
    """设备维护，试打一张。"""
    walker, device = visit.walker, visit.bench.device
    walker.flow.lock.code = CODE
    await walker.knock()
    await walker.type_in(CODE)
    await walker.on(Page.DUTY_CODE)
    await walker.touch_on(Intent.CHECK)
    await walker.on(Page.DUTY)
    before = device.printed
    await walker.touch_on(Intent.CHORE, Task.PRINT)
    await walker.until(lambda: device.printed > before)
    await walker.touch_on(Intent.CHORE, Task.RESTART)
    await walker.on(Page.DUTY)
    await walker.touch_on(Intent.BACK)
    await walker.touch_on(Intent.HOME)


FLOWS: tuple[Callable[[Visit], Awaitable[None]], ...] = (
    *(by_theme, by_search, booking, checking_in, printing_again, giving_up, coming_back),
    *(rating, helping, complaining, without_hall, looking_after),
)
SEEN = set(Page) - {Page.TAKING}  # which the hall's answer ends before anybody can look


@asynccontextmanager
async def at_sample_hall(folder: Path, screen: str, times: float = 1) -> AsyncIterator[Visit]:
    """A kiosk with this screen, which it takes for one so many times as large, at the sample hall
    with its real names."""
    wide, high, inches = KIOSK_SCREENS[screen]
    files = read_hall(texts_in(EXAMPLE))
    info = files.layout.hall.model_copy(update={"id": HALL})
    files = files._replace(layout=files.layout.model_copy(update={"hall": info}))
    screened: dict[str, Any] = {"size": (wide, high), "inches": inches * times}
    async with kiosk(folder, paper=10_000_000, files=files, **screened) as at:
        citizen, served, line, bench = at
        walker = Walker(citizen.app, inches)
        ours = [one for one in files.catalogue.items if one.queue == QUEUE]
        item = max(ours, key=lambda one: len(one.name)).code
        await walker.until(lambda: walker.flow.hall.catalogue.item(item))
        yield Visit(walker, served, line, bench, item, await open_window(served.hall, WINDOW))


async def walk(
    folder: Path, screen: str, ways: Sequence[tuple[str, str]], times: float = 1
) -> Walker:
    """Every flow on this screen, each in the language and mode whose turn it is."""
    async with at_sample_hall(folder, screen, times) as visit:
        walker = visit.walker
        for n, flow in enumerate(FLOWS):
            lang, mode = ways[n % len(ways)]
            walker.way = f"{flow.__name__}, {screen}, {lang}, {mode}"
            await walker.set_to(lang, mode)
            await flow(visit)
        return walker


async def run(count: int, *, control: bool = False) -> Figure:
    """So many flows: in each language and mode on each screen. The control's kiosk takes its tablet
    for a screen twice as large."""
    figure = Figure("every flow in every language, mode and screen", 0, control=control)
    begun = time.perf_counter()
    every = [*product(("tablet",) if control else KIOSK_SCREENS, LANGS, MODES)]
    step = max(1, round(len(every) * len(FLOWS) / count))
    for screen, lang, mode in every[::step]:
        with tempfile.TemporaryDirectory(prefix="hall-flows-") as folder:
            walker = await walk(Path(folder), screen, [(lang, mode)], 2 if control else 1)
        figure.count += len(FLOWS)
        for fault in walker.faults:
            figure.tell(fault)
    figure.seconds = time.perf_counter() - begun
    return figure


def soak(count: int, control: bool = False) -> Figure:
    """As `run`, for who has no loop yet."""
    return asyncio.run(run(count, control=control))
