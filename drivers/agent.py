"""The agent (设备代理): the devices of one machine, spoken for at the hall."""

import asyncio
import logging
import re
from concurrent.futures import Future
from pathlib import Path

from drivers import tapes
from drivers.call_box import Key, Pressed
from drivers.devices import Devices
from drivers.journal import Journal
from drivers.led_strip import Sent
from drivers.machine import Machine
from drivers.rating_pad import Rated
from drivers.reporting import Reporter
from drivers.scanner import Scanned
from drivers.sheets import Sheets, shipped
from drivers.spool import Spool
from drivers.strip_texts import strip_shows
from drivers.window_papers import WindowPapers
from hall_server.wire.commands import (
    CallNext,
    Command,
    Finish,
    Hold,
    PassOver,
    PauseWindow,
    Rate,
    Recall,
    StartService,
)
from hall_server.wire.link import SNAPSHOT, Link, LinkLost
from hall_server.wire.views import Facts
from hall_server.words import Refused, TicketState

log = logging.getLogger(__name__)

ASK_SECONDS = 60.0  # a pad asks this long, then falls silent: no answer stays no answer
ASK_AGAIN = 2.0
LOST_SECONDS = 2.0  # with the link's own 4 s a strip goes dark within 6 s, as the wall does
LAST_SECONDS = 2.0  # for the strips to hear that the agent stops
PAUSED_BY_KEY = "暂停服务"
_TOKEN = re.compile(r"(?:.*/t/)?([A-Za-z0-9_-]{16,64})")  # a ticket's QR code, or its token alone

# What a key on the window's box wishes; a key that is not here asks for digits first.
DEEDS: dict[Key, type[CallNext | Recall | StartService | Finish | PassOver | Hold]] = {
    Key.NEXT: CallNext,
    Key.RECALL: Recall,
    Key.OK: StartService,
    Key.ASK_RATING: Finish,
    Key.PASS_OVER: PassOver,
    Key.HOLD: Hold,
}


class Agent:
    """Asks each pad what the hall wants rated, shows each strip what its window says, and takes
    keys, ratings and scans to the hall by its spool. One bad device never stops the others.
    """

    def __init__(
        self,
        *,
        server: str,
        hall: str,
        secret: str,
        devices: Devices,
        tables: Path,
        spool: Path,
        sheets: Sheets | None = None,
    ) -> None:
        link = f"{server.replace('http', 'ws', 1)}/link"
        self.link = Link(link, hall, secret, changed=self._changed, turned=self._turned)
        self._hall = hall
        self._folder = spool
        self._journal = Journal(spool / "wishes.journal")
        self.spool = Spool(self._journal, self.link)
        self.machine = Machine(
            devices,
            tables,
            ledgers=spool,
            sheets=sheets or shipped(),
            rated=self._rated,
            pressed=self._pressed,
            scanned=self._scanned,
        )
        self.papers = WindowPapers(hall, self.link, self.spool, self.machine.printers)
        self.reporter = Reporter(self.link, hall, "agent", self.machine.parts)
        self._asking: dict[str, str] = {}
        self._shown: dict[int, object] = {}
        self._lost = False
        self._losing: asyncio.TimerHandle | None = None
        self._scans: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Work until cancelled; the ports are closed then."""
        self.machine.start(asyncio.get_running_loop())
        self._turned(False)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.link.run())
                tasks.create_task(self.spool.run())
                tasks.create_task(self.reporter.run())
                tasks.create_task(self.papers.run())
                tasks.create_task(tapes.keep(self.machine.ports, self._folder))
        finally:
            self._lost = True  # from now on nobody keeps the strips true
            if self._losing is not None:
                self._losing.cancel()
            last = [asyncio.wrap_future(sent) for sent in self._show()]
            if last:
                await asyncio.wait(last, timeout=LAST_SECONDS)
            await self.machine.close()
            self._journal.close()

    # --- told by the devices

    def _rated(self, rated: Rated) -> None:
        self.spool.give(Rate(hall=self._hall, service=rated.service, level=rated.level))

    def _pressed(self, window: str, press: Pressed) -> None:
        deed = DEEDS.get(press.key)
        if press.digits:
            return
        command: Command | None = None
        if deed is not None:
            command = deed(hall=self._hall, window=window, generation=0)
        elif press.key is Key.PAUSE:
            command = PauseWindow(
                hall=self._hall, window=window, generation=0, reason=PAUSED_BY_KEY
            )
        if command is not None:
            self.spool.give(command)

    def _scanned(self, window: str, scan: Scanned) -> None:
        """The person who was called here shows the ticket: the service begins (验号)."""
        token = _TOKEN.fullmatch(scan.code)
        if token is None or len(self._scans) >= 8:
            return
        task = asyncio.create_task(self._begin(window, token[1]))
        self._scans.add(task)
        task.add_done_callback(self._scans.discard)

    async def _begin(self, window: str, token: str) -> None:
        """Any other ticket changes nothing: who was not called is not served by a scan."""
        try:
            ticket = await self.link.see("ticket", token=token)
        except (LinkLost, Refused) as no:
            log.info("window %s: a scanned ticket is not known: %s", window, no)
            return
        shown = (ticket["hall"], ticket["window"], ticket["state"])
        if shown == (self._hall, window, TicketState.CALLED):
            self.spool.give(StartService(hall=self._hall, window=window, generation=0))

    # --- told by the line

    def _turned(self, online: bool) -> None:
        """Tell the strips when the hall is away for longer than a moment, and when it is back."""
        if self._losing is not None:
            self._losing.cancel()
            self._losing = None
        if online:
            self._lost = False
            self._show()
        else:
            self._losing = asyncio.get_running_loop().call_later(LOST_SECONDS, self._lose)

    def _lose(self) -> None:
        self._lost = True
        self._show()

    def _changed(self, kind: str, facts: Facts) -> None:
        """Open or close the question of each pad whose service has changed; show the strips;
        print what is wished."""
        self._show()
        self.papers.look()
        windows = (
            self.machine.pads
            if kind == SNAPSHOT
            else [address.partition("/")[2] for address in facts if address.startswith("pad/")]
        )
        for window in windows:
            pad = self.machine.pads.get(window)
            fact = self.link.state.get(f"pad/{window}")
            service = None if fact is None else fact["service"]
            if pad is None or service == self._asking.get(window):
                continue
            if service is None:
                del self._asking[window]
                pad.cancel()
            elif not self.spool.rates(service):
                self._asking[window] = service
                self._ask(window, service)

    def _show(self) -> list[Future[Sent]]:
        """Tell each strip what its window shows, where that is news."""
        told = []
        for n, strip in enumerate(self.machine.strips):
            wishes = strip_shows(self.link.state, strip.window, strip.notice, lost=self._lost)
            if self._shown.get(n) != wishes:
                self._shown[n] = wishes
                told.append(strip.show(wishes))
        return told

    def _ask(self, window: str, service: str) -> None:
        """Open the question; where the line is down, again as long as the hall wants it."""
        if self._asking.get(window) != service:
            return

        def hear(opened: bool) -> None:
            if not opened:
                asyncio.get_running_loop().call_later(ASK_AGAIN, self._ask, window, service)

        tell = self.machine.from_port(hear)
        asked = self.machine.pads[window].ask(service, ASK_SECONDS)
        asked.add_done_callback(lambda done: tell(not done.cancelled() and done.result()))
