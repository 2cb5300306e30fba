"""The hall's items and what most people come for, fetched when there are others, and remembered."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from hall_server.wire.link import Link, LinkLost
from hall_server.words import Refused
from kiosk import search
from kiosk.flow import Flow
from kiosk.memory import Memory

log = logging.getLogger(__name__)

ASK_AGAIN = 5.0  # seconds until a hall that could not tell its items is asked again
LIVE = ("hall", "day")  # of the live state, what a kiosk needs to give numbers by itself


class Knowing:
    """What the flow must know of its hall, from the hall while it is there; after a restart
    without it, as it was known last. `changed` is called when there is something new to show."""

    def __init__(self, link: Link, flow: Flow, memory: Memory, changed: Callable[[], None]) -> None:
        self._link, self._flow, self._memory, self._changed = link, flow, memory, changed
        self._stale = asyncio.Event()
        self._version = ""  # of the catalogue that was fetched since the start

    def recall(self) -> None:
        """Before the hall is there: what was last known of it."""
        known, view = self._memory.recall("hall"), self._memory.recall("catalogue")
        self._link.state.update({name: known[name] for name in LIVE if name in known})
        self._flow.offered(tuple(known.get("most_used", ())))
        try:
            if view:
                self._flow.catalogued(search.catalogue(view))
        except (KeyError, TypeError) as other:  # of another version of this program
            log.warning("the items are not remembered: %r", other)

    def look(self) -> None:
        """The line came, or the hall has another day or layout."""
        self._stale.set()

    async def keep(self) -> None:
        """Fetch what is new until cancelled."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            if not self._link.online:
                continue
            try:
                await self._fetch()
            except (LinkLost, Refused) as no:  # a line that stands may be silent for once
                log.warning("items: %s", no)
                await asyncio.sleep(ASK_AGAIN)
                self._stale.set()

    async def _fetch(self) -> None:
        most_used = (await self._link.see("home"))["most_used"]
        self._flow.offered(tuple(most_used))
        known: dict[str, Any] = {name: self._link.state.get(name) for name in LIVE}
        await asyncio.to_thread(self._memory.keep, "hall", known | {"most_used": most_used})
        wanted = str(self._flow.hall.layout.get("catalogue_version", ""))
        if wanted == self._version:
            return
        view = await self._link.see("catalogue")
        self._flow.catalogued(search.catalogue(view))
        self._version = self._flow.hall.catalogue.version
        self._changed()
        await asyncio.to_thread(self._memory.keep, "catalogue", view)
