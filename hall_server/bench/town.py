"""The halls of the bench: built in this process before a server opens them."""

import json
from collections.abc import Sequence
from functools import partial
from itertools import count

from hall_server import migrations
from hall_server.actions.callers import secret_hash
from hall_server.bench.lines import AskingLine, HttpLine, http_line
from hall_server.bench.load import Deed
from hall_server.bench.watch import DATE, Watch
from hall_server.hall import Hall, Who
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import AddAccount, ImportCatalogue, ImportLayout, OpenDay, OpenWindow
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import (
    HallInfo,
    Hours,
    Layout,
    QueuePlan,
    QueuePolicy,
    Span,
    WindowPlan,
)
from hall_server.words import Role

PREFIXES = "ABCD"
KIOSK, CLERK, BOARD = (f"bench-secret-of-a-{who}" for who in ("kiosk", "clerk", "board"))
COMMANDS = "/api/commands/"
ITEMS = 150  # of each hall's catalogue


def layout(hall: str, windows: int) -> Layout:
    """Four queues; each window serves two of them."""
    queues = [f"queue-{prefix.lower()}" for prefix in PREFIXES]
    return Layout(
        hall=HallInfo(id=hall, name="示例大厅", division="370000"),
        windows=tuple(
            WindowPlan(
                id=str(n),
                name=f"{n} 号窗口",
                queues=(queues[n % len(queues)], queues[(n + 1) % len(queues)]),
            )
            for n in range(1, windows + 1)
        ),
        queues=tuple(
            QueuePlan(id=queue, prefix=prefix, name=f"业务 {prefix}", policy=QueuePolicy(calls=1))
            for queue, prefix in zip(queues, PREFIXES, strict=True)
        ),
        hours=Hours(
            weekly=(
                Span(days=(1, 2, 3, 4, 5, 6, 7), start="09:00", end="17:00", last_ticket="16:30"),
            )
        ),
    )


def catalogue(items: int) -> Catalogue:
    """Items with as much guidance as real ones have."""
    prose = "提交申请、受理、审核、办结，全程不超过承诺时限。" * 10
    return Catalogue(
        items=tuple(
            Item(
                code=f"item-{n}",
                name=f"第{n}号事项的申请与变更",
                department="示例部门",
                queue=f"queue-{PREFIXES[n % len(PREFIXES)].lower()}",
                content=prose,
                procedure=prose,
                legal_basis=prose,
            )
            for n in range(1, items + 1)
        )
    )


async def build(url: str, halls: Sequence[str], windows: int) -> None:
    """Make halls whose day and windows are open, with a kiosk, a clerk and a board each."""
    migrations.upgrade(url)
    town = Hall(Store(url), Watch())
    await town.start()
    try:
        for name in halls:
            await _found(town, name, windows)
    finally:
        await town.stop()


async def _found(town: Hall, name: str, windows: int) -> None:
    admin, clerk = Who(Role.ADMIN, "bench", name), Who(Role.STAFF, "clerk", name)
    await town.add_hall(name)
    await town.handle(ImportLayout(hall=name, layout=layout(name, windows)), admin)
    await town.handle(ImportCatalogue(hall=name, catalogue=catalogue(ITEMS)), admin)
    await town.handle(OpenDay(hall=name, date=DATE), admin)
    for who, role, secret in (
        ("kiosk", "kiosk", KIOSK), ("clerk", "staff", CLERK), ("board", "display", BOARD),
    ):  # fmt: skip
        digest = secret_hash(secret_of(secret, name))
        account = AddAccount.model_validate(
            {"hall": name, "name": who, "role": role, "secret_hash": digest}
        )
        await town.handle(account, admin)
    for n in range(1, windows + 1):
        await town.handle(OpenWindow(hall=name, window=str(n)), clerk)


def secret_of(secret: str, hall: str) -> str:
    """Every hall's devices have secrets of their own."""
    return f"{secret}-{hall}"


def halls_of(n: int) -> list[str]:
    return [f"hall-{i}" for i in range(1, n + 1)]


class Client:
    """One kiosk or clerk of the load, over HTTP or over the link."""

    _first_queue = count()

    def __init__(self, hall: str, line: HttpLine | AskingLine, secret: str) -> None:
        self.hall, self._line, self._secret = hall, line, secret
        self._taken = next(self._first_queue)  # not all begin with the same queue

    async def give(self, kind: str, **fields: str | int) -> bytes:
        body = json.dumps({"hall": self.hall, "id": new_id(), **fields}).encode()
        if isinstance(self._line, HttpLine):
            return await self._line.post(COMMANDS + kind, self._secret, body)
        return await self._line.ask(kind, body)

    async def take(self) -> bytes:
        """A number of each queue in turn."""
        self._taken += 1
        prefix = PREFIXES[self._taken % len(PREFIXES)]
        return await self.give("take_ticket", queue=f"queue-{prefix.lower()}")

    def at(self, kind: str, window: int) -> Deed:
        """A deed of one window, under the lease that the town's building gave."""
        return partial(self.give, kind, window=str(window), generation=1)

    def close(self) -> None:
        self._line.close()


async def client(port: int, hall: str, secret: str, over: str = "http") -> Client:
    """A client who has the hall's secret of this kind."""
    secret = secret_of(secret, hall)
    if over == "http":
        return Client(hall, await http_line(port), secret)
    line = AskingLine()
    await line.join(port, hall, secret)
    return Client(hall, line, secret)
