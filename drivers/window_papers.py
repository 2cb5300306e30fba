"""Papers that windows wish (窗口补打): collected from the hall, printed once each, reported."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drivers.compose import Style
from drivers.escpos import Job
from drivers.place import named
from drivers.printed import Outcome
from drivers.printer import Printer
from drivers.spool import Spool
from drivers.ticket_paper import ticket
from hall_server.wire.commands import CollectPaper, ReportPrint
from hall_server.wire.link import Link, LinkLost
from hall_server.words import PrintState, Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WindowPrinter:
    """The ticket printer (小票打印机) at one window, and how it prints."""

    printer: Printer
    style: Style


class WindowPapers:
    """Prints what the hall says that a window wishes, until the hall says no more.

    A paper's job is its ticket and which of its papers it is: the printer's ledger knows it after
    a kill, so that it is never printed twice; what became of it goes by the spool.
    """

    def __init__(
        self, hall: str, link: Link, spool: Spool, printers: Mapping[str, WindowPrinter]
    ) -> None:
        self._hall, self._link, self._spool, self._printers = hall, link, spool, printers
        self._begun: dict[str, str] = {}
        self._wished: asyncio.Queue[tuple[str, Mapping[str, Any]]] = asyncio.Queue()

    def look(self) -> None:
        """Begin each paper that is wished and was not begun yet."""
        for window in self._printers:
            fact = self._link.state.get(f"paper/{window}")
            if fact is not None and self._begun.get(window) != _job(fact):
                self._begun[window] = _job(fact)
                self._wished.put_nowait((window, fact))

    async def run(self) -> None:
        """Print until cancelled."""
        async with asyncio.TaskGroup() as errands:
            while True:
                errands.create_task(self._errand(*await self._wished.get()))

    async def _errand(self, window: str, fact: Mapping[str, Any]) -> None:
        """A paper that cannot be made, by whatever fault, must not hold up the window's next."""
        try:
            state = await self._printed(window, fact)
        except Refused as refused:
            log.info("window %s: paper not collected: %s", window, refused)
            state = PrintState.FAILED
        except Exception:
            log.exception("window %s: paper not printed", window)
            state = PrintState.FAILED
        told = {"ticket": fact["ticket"], "prints": fact["prints"], "state": state}
        self._spool.give(ReportPrint.model_validate({"hall": self._hall, **told}))

    async def _printed(self, window: str, fact: Mapping[str, Any]) -> PrintState:
        wish = CollectPaper(hall=self._hall, window=window, generation=0, ticket=fact["ticket"])
        paper = await self._link.insist(wish)
        one = self._printers[window]
        lines = await self._lines(paper, one.style)
        # Drawn in a thread, waited for in none: a slow printer holds up no key on its way to disk.
        result = await asyncio.wrap_future(
            await asyncio.to_thread(one.printer.submit, _job(fact), lines)
        )
        if result.outcome is not Outcome.PRINTED:
            log.warning("window %s: paper %s (%s)", window, result.outcome, result.trouble)
        return PrintState(result.outcome.value)

    async def _lines(self, paper: Mapping[str, Any], style: Style) -> Job:
        title = ""
        if paper["item"]:
            try:
                title = named(await self._link.see("item", code=paper["item"]), style.lang)
            except (LinkLost, Refused) as no:  # the number is what counts: it is printed without
                log.info("item not named on a paper: %s", no)
        return ticket(paper, self._link.state.get("hall", {}), style, title=title)


def _job(fact: Mapping[str, Any]) -> str:
    return f"{fact['ticket']}-{fact['prints']}"
