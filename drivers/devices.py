"""The file that lists the devices of one machine."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from drivers.miswritten import Written, read_as
from hall_server.wire.bounds import PLAIN, WindowId

Url = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Baud = Annotated[int, Field(ge=300, le=921_600)]
Notice = Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)]


class Station(Written):
    """One address on a line (站), and the window that it stands at: box and pad share it."""

    window: WindowId
    address: Annotated[int, Field(ge=0, le=255)]


class Line(Written):
    """One serial line: its URL, the table of its frames, and who is on it.

    What stands at each station follows from the table: a call box, a rating pad, an LED strip, or
    all three. `notice` is what a strip scrolls while its window is free.
    """

    url: Url
    table: TableName
    baud: Baud = 9600
    stations: tuple[Station, ...] = Field(min_length=1, max_length=64)
    notice: Notice = ""

    @property
    def twice(self) -> list[int]:
        """Addresses that two stations claim: a key pressed at one would be heard as both."""
        claimed = [station.address for station in self.stations]
        return sorted({one for one in claimed if claimed.count(one) > 1})


class ListedScanner(Written):
    """A code scanner (扫码器) on a clerk's desk: it begins the service of whom was called there."""

    url: Url
    window: WindowId
    baud: Baud = 9600


class ListedIdReader(Written):
    """An ID-card reader (身份证阅读器) on a clerk's desk. No deed of a window needs a card, so that
    it is only looked after: what is wrong with it stands on the manager's page."""

    url: Url
    window: WindowId
    baud: Baud = 115_200


class ListedPrinter(Written):
    """A ticket printer (小票打印机) at a window: its URL and the profile of its model, a table in
    config/devices/printers. The profile says the baud rate."""

    url: Url
    profile: TableName
    window: WindowId


class Devices(Written):
    """The devices of one machine, as its file lists them (AGENT_DEVICES)."""

    lines: tuple[Line, ...] = Field(default=(), max_length=64)
    scanners: tuple[ListedScanner, ...] = Field(default=(), max_length=16)
    id_readers: tuple[ListedIdReader, ...] = Field(default=(), max_length=16)
    printers: tuple[ListedPrinter, ...] = Field(default=(), max_length=16)


def read_devices(file: Path) -> Devices:
    """Read the file that lists the devices; Miswritten says what is wrong in it."""
    return read_as(Devices, file)
