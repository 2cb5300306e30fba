"""Every frame table drowned in random bytes: nothing raises, nothing grows, good frames come."""

import random
import time
from collections.abc import Iterator
from typing import Any

from drivers.framing import MOST_FRAME, Frame, Framer, Table, load_table, table_of
from tests.drivers.bench import DEVICES
from tests.faults.figures import Figure

# Two other families of the trade, so that the engine is not a parser of ours in disguise.
STUFFED: dict[str, Any] = {
    "frame": {
        "name": "bus strip",
        "layout": ["A5", "address", "command", "length", "data", "check", "5A"],
        "sizes": {"address": 2, "length": 2, "check": 2},
        "counts": ["data"],
        "over": ["address", "command", "length", "data"],
        "check": "crc16_modbus",
        "escape": {"A5": "A602", "A6": "A601", "5A": "5B02", "5B": "5B01"},
    },
    "sample": [
        {
            "bytes": "A5 00 01 07 00 02 5B 02 A6 02 0A F4 5A",
            "address": 1,
            "command": 7,
            "data": "5A A5",
        }
    ],
}
MATRIX: dict[str, Any] = {
    "frame": {
        "name": "matrix strip",
        "layout": ["16A504", "length", "address", "command", "00", "data", "check"],
        "sizes": {"check": 2},
        "counts": ["data"],
        "over": ["length", "address", "command", "00", "data"],
        "check": "xor_odd_even",
        "max_len": 240,
    },
    "sample": [
        {
            "bytes": "16 A5 04 01 01 B2 00 0C BF 01",
            "address": 1,
            "command": 0xB2,
            "data": "0C",
        }
    ],
}
TABLES = [
    *(load_table(path) for path in sorted(DEVICES.glob("*.toml"))),
    table_of(STUFFED, "stuffed"),
    table_of(MATRIX, "matrix"),
]
LATER = 60.0  # seconds, longer than any table's silence


class Patient(Framer):
    """The control: it notices no silence, so a false header holds the good frame behind it."""

    def feed(self, data: bytes, now: float) -> list[Frame]:
        return super().feed(data, 0.0)


def a_frame(table: Table) -> Frame:
    """One good frame of a table."""
    return Frame(1 if "address" in table.layout else 0, 0, bytes(table.sizes.get("data", 3)))


def starts(table: Table) -> tuple[bytes, ...]:
    """What a frame of this table begins with, whole and in part, then a length: the worst noise."""
    first = table.layout[0] if isinstance(table.layout[0], bytes) else b"\x05"
    return (first, first[:1], first + b"\xff\xff\xff", first + b"\x01", first + b"\x00\x20")


def noise(table: Table, size: int, chance: random.Random) -> Iterator[bytes]:
    """So many bytes in pieces: a third begin like a frame."""
    left = size
    while left > 0:
        part = chance.randbytes(chance.randrange(1, 400))
        if chance.random() < 1 / 3:
            part = chance.choice(starts(table)) + part
        left -= len(part)
        yield part


def drown(table: Table, size: int, seed: int, figure: Figure) -> None:
    """One table in so many random bytes; every twentieth piece is followed by a good frame."""
    framer = (Patient if figure.control else Framer)(table)
    chance, now = random.Random(f"{table.name} {seed}"), 0.0
    good = a_frame(table)
    raw = table.encode(good)
    for n, part in enumerate(noise(table, size, chance)):
        now += chance.choice((0.0, 0.001, 1.0))
        framer.feed(part, now)
        figure.count += len(part)
        if len(framer._buffer) > min(max(table.max_len, len(part)), MOST_FRAME):
            figure.tell(f"{table.name}: keeps {len(framer._buffer)} bytes after {len(part)}")
        if n % 20 == 0:
            now += LATER
            if framer.feed(raw, now)[-1:] == [good]:
                figure.acknowledged += 1
            else:
                figure.lost += 1
                figure.tell(f"{table.name}: a good frame is not found behind piece {n}")
    if framer.skipped < size / 2:
        figure.tell(f"{table.name}: only {framer.skipped} bytes were noise")


def run(size: int, seed: int, control: bool = False) -> Figure:
    """Drown every table in `size` random bytes. `acknowledged` counts good frames found."""
    figure = Figure("bytes of noise in framers", seed, control=control)
    began = time.monotonic()
    for table in TABLES:
        drown(table, size, seed, figure)
    figure.seconds = time.monotonic() - began
    figure.notes.append(f"{size} for each of {len(TABLES)} tables")
    return figure
