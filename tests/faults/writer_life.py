"""The victim: a warmed process that forks one short life of the hall's writer after another.

It reads one JSON line per life from its standard input and writes JSON lines to its standard
output: born, ask (about to be sent), done (acknowledged, so it is durable), no (refused), dead.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from hall_server.hall import Hall
from hall_server.rules.permits import Who
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import COMMANDS
from hall_server.words import Refused, Role
from tests.builders import (
    CLERK,
    DATE,
    HALL,
    Watch,
    open_hall,
    open_window,
    serve_one,
    sqlite_url,
    take,
    who,
)

TAKERS, CLERKS = 6, 2
LONGEST_LIFE = 20  # seconds; an orphan ends by itself
CYCLE = ("call_next", "start_service", "finish")
SAFE = ("ticket", "number", "service")


def tell(*said: Any) -> None:
    """One line, written at once and whole: what was told before a kill is not lost."""
    os.write(1, json.dumps(said, separators=(",", ":")).encode() + b"\n")


def person(client: int) -> Who:
    if client < TAKERS:
        return who(Role.KIOSK, f"kiosk-{client}")
    return who(Role.AGENT, f"agent-{client}", window=str(client - TAKERS + 1))


def wish(client: int, step: int) -> tuple[str, dict[str, Any]]:
    """What this client wants next."""
    if client < TAKERS:
        return "take_ticket", {"queue": ("social", "tax")[client % 2]}
    return CYCLE[step % len(CYCLE)], {"window": str(client - TAKERS + 1), "generation": 0}


async def client(hall: Hall, n: int, doubt: list[Any] | None, order: dict[str, Any]) -> None:
    """First ask again what is in doubt, then go on."""
    step = 0
    while doubt is not None or not order["drain"]:
        if doubt is not None:
            first, kind, body = doubt
            if order["fresh_ids"]:
                body = {**body, "id": new_id()}
        else:
            kind, body = wish(n, step)
            body = {"hall": HALL, "id": new_id(), **body}
            first = body["id"]
        doubt = None
        step += 1
        tell("ask", n, first, kind, body)
        try:
            reply = await hall.handle(COMMANDS[kind].model_validate(body), person(n))
        except Refused as refused:
            tell("no", n, first, refused.code.value)
            await asyncio.sleep(0)
        else:
            tell("done", n, first, kind, {name: reply.get(name) for name in SAFE})


async def life(url: str, order: dict[str, Any]) -> None:
    hall = Hall(Store(url), Watch())
    await hall.start()
    if order["new_day"]:
        supervisor = who(Role.SUPERVISOR)
        for kind, body in (("close_day", {}), ("open_day", {"date": DATE})):
            try:
                await hall.handle(COMMANDS[kind].model_validate({"hall": HALL, **body}), supervisor)
            except Refused:  # the life before did it, and was killed before it could say so
                continue
        for n in range(CLERKS):  # the new day finds its windows closed
            opens = {"hall": HALL, "window": str(n + 1)}
            await hall.handle(COMMANDS["open_window"].model_validate(opens), CLERK)
    tell("ready")
    doubts = {told[0]: told[1:] for told in order["doubts"]}
    clients = TAKERS + CLERKS
    await asyncio.gather(*(client(hall, n, doubts.get(n), order) for n in range(clients)))
    await hall.stop()


async def warm() -> None:
    """Import, compile and parse once what every life needs."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_hall(sqlite_url(Path(folder))) as hall:
            generation = await open_window(hall)
            await take(hall)
            await serve_one(hall, generation)
            await take(hall)
            hall.store.read(hall._every_hub)
    gc.collect()
    gc.freeze()  # what is never collected is never copied in a fork


def main() -> None:
    url = sys.argv[1]
    asyncio.run(warm())
    tell("warm")
    for line in sys.stdin.buffer:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.alarm(LONGEST_LIFE)
            try:
                asyncio.run(life(url, order))
            except BaseException as broken:
                tell("broken", repr(broken))
                os._exit(1)
            os._exit(0)
        tell("born", child)
        _, status = os.waitpid(child, 0)
        tell("dead", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
