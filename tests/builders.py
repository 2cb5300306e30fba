"""Small halls and people for tests, built through the public way in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.store.store import Store
from hall_server.wire.commands import (
    CallNext,
    Finish,
    ImportCatalogue,
    ImportLayout,
    OpenDay,
    OpenWindow,
    StartService,
    TakeTicket,
    WindowCommand,
)
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import (
    HallInfo,
    Hours,
    Layout,
    PriorityClass,
    QueuePlan,
    QueuePolicy,
    Span,
    WindowPlan,
)
from hall_server.words import Role

HALL = "hall"
DATE = "2026-11-23"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 in the hall


class Watch:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NINE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def who(role: Role, name: str = "", hall: str = HALL, **bound: str) -> Who:
    return Who(role, name or role.value, hall, **bound)


ADMIN, SUPERVISOR = who(Role.ADMIN), who(Role.SUPERVISOR)
KIOSK, CLERK = who(Role.KIOSK, "kiosk-1"), who(Role.STAFF, "wang")


def layout(hall: str = HALL, windows: int = 3, **queue: Any) -> Layout:
    """Queues social (A) and tax (B). Window 1 serves A and helps B, 2 serves B, others both. One
    call is enough to pass somebody over."""
    queue = {"policy": QueuePolicy(calls=1)} | queue
    span = Span(days=(1, 2, 3, 4, 5, 6, 7), start="09:00", end="17:00", last_ticket="16:30")
    plans = [
        WindowPlan(id="1", name="1 号窗口", queues=("social",), backup=("tax",)),
        WindowPlan(id="2", name="2 号窗口", queues=("tax",)),
    ]
    plans += [
        WindowPlan(id=str(n), name=f"{n} 号窗口", queues=("social", "tax"))
        for n in range(3, windows + 1)
    ]
    return Layout(
        hall=HallInfo(id=hall, name="示例大厅", division="370000"),
        windows=tuple(plans[:windows]),
        queues=(
            QueuePlan(id="social", prefix="A", name="社保", **queue),
            QueuePlan(id="tax", prefix="B", name="税务", **queue),
        ),
        classes=(PriorityClass(id="elder", name="老人"), PriorityClass(id="soldier", name="军人")),
        hours=Hours(weekly=(span,)),
    )


def catalogue() -> Catalogue:
    return Catalogue(
        items=(
            Item(code="A-1", name="身份证换领", department="公安", queue="social"),
            Item(code="B-1", name="社保卡申领", department="人社", queue="tax"),
            Item(code="C-1", name="只有指南的事项", department="人社"),
        )
    )


AnyHall = TypeVar("AnyHall", bound=Hall)


@asynccontextmanager
async def hall_of(
    kind: type[AnyHall],
    url: str,
    watch: Watch | None = None,
    day: bool = True,
    windows: int = 3,
    **queue: Any,
) -> AsyncIterator[AnyHall]:
    """A hall on a fresh database, with its layout and items in force and the day open."""
    store = Store(url)
    store.make_tables()
    hall = kind(store, watch or Watch(), "http://hall.test")
    await hall.start()
    try:
        await hall.add_hall(HALL)
        await hall.handle(ImportLayout(hall=HALL, layout=layout(windows=windows, **queue)), ADMIN)
        await hall.handle(ImportCatalogue(hall=HALL, catalogue=catalogue()), ADMIN)
        if day:
            await hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
        yield hall
    finally:
        await hall.stop()


open_hall = partial(hall_of, Hall)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'hall.db'}"


async def take(hall: Hall, queue: str = "social", **more: Any) -> dict[str, Any]:
    return await hall.handle(TakeTicket(hall=HALL, queue=queue, **more), KIOSK)


async def open_window(hall: Hall, window: str = "1", clerk: Who = CLERK) -> int:
    reply = await hall.handle(OpenWindow(hall=HALL, window=window), clerk)
    return int(reply["generation"])


async def at_window(
    hall: Hall, command: type[WindowCommand], generation: int, window: str = "1", **more: Any
) -> dict[str, Any]:
    """Give one command of a window."""
    made = command(hall=HALL, window=window, generation=generation, **more)
    return await hall.handle(made, CLERK)


async def serve_one(hall: Hall, generation: int, window: str = "1") -> dict[str, Any]:
    """Call the next, serve, finish; the reply of finish, which names the service."""
    await at_window(hall, CallNext, generation, window)
    await at_window(hall, StartService, generation, window)
    return await at_window(hall, Finish, generation, window)
