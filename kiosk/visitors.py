"""Simulated visitors at a kiosk without a screen: real wishes, real journal, real printer path."""

import argparse
import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from config.settings import CONFIG, KioskSettings
from drivers.compose import Style
from drivers.journal import Journal
from drivers.lettering import FONT, rare_letters
from drivers.port import Port
from drivers.printer import Printer
from drivers.profile import load_profile
from drivers.ticket_paper import CHINA
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CancelTicket, Rate, ReturnPassed
from hall_server.wire.link import Link, LinkLost
from hall_server.words import PrintState, Refused
from kiosk.desk import Desk
from kiosk.flow import Wish
from kiosk.leases import Leases
from kiosk.offline import Offline
from kiosk.papers import Papers

log = logging.getLogger(__name__)

# Shares of visitors; the first four from queue-policy §0, the rest plausible.
PRIORITY, RETURNS, GIVES_UP, RATES = 0.12, 0.6, 0.02, 0.2
LEVELS = (5, 4, 3, 2, 1)
LEVEL_WEIGHTS = (70, 20, 6, 3, 1)
LOAD = 0.8  # of what the windows can serve
LOOKS_EVERY = 120.0  # hall seconds between two looks at one's ticket
MOST_WAITING = 60  # people in a queue; who comes then turns round at the door


class Visitors:
    """People who come as fast as `speed` says, take numbers, and look after their tickets.

    `share` of a hall's visitors use this kiosk.
    """

    def __init__(self, link: Link, hall: str, speed: float, share: float, seed: int) -> None:
        self._link, self._hall, self._speed, self._share = link, hall, speed, share
        self._chance = random.Random(seed)
        self._following: set[asyncio.Task[None]] = set()

    async def run(self, desk: Desk) -> None:
        """Come and go until cancelled."""
        await self._link.joined()
        items = (await self._link.see("catalogue"))["items"]
        async with asyncio.TaskGroup() as tasks:
            for queue in self._link.state["hall"]["queues"]:
                chosen = [item for item in items if item["queue"] == queue["id"]]
                if chosen:
                    tasks.create_task(self._come(desk, queue, chosen))

    # --- told by the desk

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        if not reply["ticket"]:  # an offline number: followed when it has come in
            return
        task = asyncio.create_task(self._follow(reply))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    def refuse(self, wish: str, refused: Refused) -> None:
        log.info("wish %s refused: %s", wish, refused)

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.taken(wish, reply)

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        if state is not PrintState.PRINTED:
            log.warning("wish %s: paper %s %s", wish, state.value, trouble)

    async def _come(
        self, desk: Desk, queue: Mapping[str, Any], items: list[Mapping[str, Any]]
    ) -> None:
        minutes = queue["minutes"] / (LOAD * self._share * self._windows_for(queue["id"]))
        while True:
            await self._pass_time(60 * self._chance.expovariate(1 / minutes))
            fact = self._link.state.get(f"queue/{queue['id']}")
            full = fact is None or fact["waiting"] >= MOST_WAITING or fact["left"] == 0
            if full or "day" not in self._link.state:
                continue
            item = self._chance.choice(items)
            classes = [cls["id"] for cls in self._link.state["hall"]["classes"]]
            priority = self._chance.choice(classes) if self._happens(PRIORITY) else ""
            desk.give(
                Wish(
                    id=new_id(),
                    item=item["code"],
                    title=item["name"],
                    priority=priority,
                    queue=queue["id"],
                )
            )

    def _windows_for(self, queue: str) -> float:
        """How many windows' worth of time a queue gets."""
        windows = self._link.state["hall"]["windows"]
        return sum(1 / len(w["queues"]) for w in windows if queue in w["queues"])

    async def _follow(self, reply: Mapping[str, Any]) -> None:
        """Look after one ticket: give it up, come back after a missed call, rate at the end."""
        ticket, token = reply["ticket"], reply["token"]
        rates, returns, gives_up = (self._happens(p) for p in (RATES, RETURNS, GIVES_UP))
        if not (rates or returns):
            return
        while True:
            await self._pass_time(LOOKS_EVERY)
            try:
                view = await self._link.see("ticket", token=token)
                if view["state"] == "waiting" and gives_up:
                    await self._link.ask(CancelTicket(hall=self._hall, ticket=ticket))
                elif view["state"] == "passed" and returns:
                    await self._link.ask(ReturnPassed(hall=self._hall, ticket=ticket))
                elif view["may_rate"] and rates:
                    level = self._chance.choices(LEVELS, LEVEL_WEIGHTS)[0]
                    await self._link.ask(
                        Rate(hall=self._hall, service=view["service"], level=level, token=token)
                    )
                if view["state"] in ("finished", "cancelled", "expired"):
                    return
            except LinkLost:
                continue
            except Refused as refused:
                log.info("%s: %s", reply["number"], refused)
                return

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    async def _pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


async def run(settings: KioskSettings, speed: float, share: float, seed: int) -> None:
    """Open the journal and the printer, and let visitors come."""
    profile = load_profile(CONFIG / "devices" / "printers" / f"{settings.printer_profile}.toml")
    # A simulated hall at 60 times the speed wants a printer that keeps up with it.
    fast = replace(profile, baud=921_600, pace=4_000)
    port = Port(settings.printer, name=f"{settings.name} printer", baud=fast.baud)
    printer = Printer(port, fast, font=FONT, rare=rare_letters())
    link = Link(
        f"{settings.server.replace('http', 'ws', 1)}/link",
        settings.hall,
        settings.secret.get_secret_value(),
        turned=lambda _online: offline.look(),
    )
    settings.journal.mkdir(parents=True, exist_ok=True)
    journal = Journal(settings.journal / "wishes.journal")
    leases = Journal(settings.journal / "leases.journal")
    now = partial(datetime.now, CHINA)
    offline = Offline(settings.hall, link, Leases(leases), now)
    visitors = Visitors(link, settings.hall, speed, share, seed)
    papers = Papers(printer, link.state, Style(width_dots=fast.width_dots))
    desk = Desk(settings.hall, link, journal, papers, visitors, offline, now)
    port.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(link.run())
            tasks.create_task(desk.run())
            tasks.create_task(offline.keep())
            tasks.create_task(visitors.run(desk))
    finally:
        journal.close()
        leases.close()
        await asyncio.to_thread(port.close)


def main() -> None:
    """Run simulated visitors; settings come from KIOSK_*, as a kiosk's do."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.visitors", description=__doc__)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    settings = KioskSettings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    asyncio.run(run(settings, given.speed, given.share, given.seed))


if __name__ == "__main__":
    main()
