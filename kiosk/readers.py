"""The kiosk's code scanner and its reader of ID cards: opened, asked, and told on."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from drivers.framing import load_table
from drivers.id_card import Reason
from drivers.id_reader import MOST_SECONDS, CardRead, CardUnread, IdReader
from drivers.port import Port
from drivers.reporting import Part, left_out
from drivers.scanner import Scanned, Scanner
from drivers.usable import Kind, prove_url

log = logging.getLogger(__name__)

READER_BAUD = 115_200  # what a reader is delivered with
SCANNER_BAUD = 9_600


@dataclass(frozen=True)
class Heard:
    """Who is told what was read; called in the event loop."""

    scanned: Callable[[str], None]
    carded: Callable[[str], None]  # the card's mark, a keyed hash; its number stays in the reader
    unread: Callable[[Reason], None]


class Readers:
    """Both devices, where the settings name them. One whose settings are wrong is left out and
    said: the kiosk gives numbers without it."""

    def __init__(self, name: str, scanner: str, id_reader: str, *, key: str, table: Path) -> None:
        """URLs of the ports, "" for what there is not; `key` makes the marks of cards and phones,
        `table` has the frames of the reader."""
        self.parts: list[Part] = []
        self._ports: list[Port] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: Heard | None = None
        self._reader: IdReader | None = None
        self._looking: Future[bool] | None = None
        self._name, self._key, self._table = name, key.encode(), table
        if scanner:
            self._put("scanner", scanner, self._scanner)
        if id_reader:
            self._put("id_reader", id_reader, self._id_reader)

    @property
    def reads_cards(self) -> bool:
        """Whether this kiosk has a reader of ID cards."""
        return self._reader is not None

    @property
    def mark(self) -> Callable[[str], str] | None:
        """The keyed hash of a phone's last four figures; None for a kiosk without the key."""
        return self._mark if self._key else None

    def start(self, heard: Heard) -> None:
        """Open the ports; what is read is told in this loop."""
        self._loop, self._heard = asyncio.get_running_loop(), heard
        for port in self._ports:
            port.start()

    async def close(self) -> None:
        """Close the ports."""
        await asyncio.gather(*(asyncio.to_thread(port.close) for port in self._ports))

    def look_for_card(self, wanted: bool) -> None:
        """Look for a card from now on, or no more; asked again while the reader cannot."""
        if self._reader is None:
            return
        refused = self._looking is not None and self._looking.done() and not self._looking.result()
        if wanted and (self._looking is None or refused):
            self._looking = self._reader.ask(MOST_SECONDS)
        elif not wanted and self._looking is not None:
            self._looking = None
            self._reader.cancel()

    def _put(self, kind: Kind, url: str, open_: Callable[[str], Scanner | IdReader]) -> None:
        try:
            prove_url(kind, url)
            device = open_(url)
        except (OSError, ValueError) as wrong:
            log.error("%s is left out: %s", kind, wrong)
            self.parts.append(left_out(kind))
        else:
            self.parts.append(Part(kind, "", lambda: device.health))

    def _scanner(self, url: str) -> Scanner:
        port = Port(url, name=f"{self._name} scanner", baud=SCANNER_BAUD, private=True)
        self._ports.append(port)
        return Scanner(port, tell=self._tell)

    def _id_reader(self, url: str) -> IdReader:
        table = load_table(self._table)
        port = Port(url, name=f"{self._name} ID reader", baud=READER_BAUD, private=True)
        self._reader = IdReader(port, table, key=self._key, tell=self._tell)
        self._ports.append(port)
        return self._reader

    def _tell(self, read: Scanned | CardRead | CardUnread) -> None:
        """On a port's thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._told, read)

    def _told(self, read: Scanned | CardRead | CardUnread) -> None:
        assert self._heard is not None
        match read:
            case Scanned(code):
                self._heard.scanned(code)
            case CardRead(card):
                self._looking = None  # a card that was read ends the question
                self._heard.carded(card.mark)
            case CardUnread(reason):
                self._heard.unread(reason)

    def _mark(self, figures: str) -> str:
        return hmac.new(self._key, f"phone:{figures}".encode(), hashlib.sha256).hexdigest()
