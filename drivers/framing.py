"""Frames of serial devices, described by tables: bytes in, frames out, no line and no clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from drivers.miswritten import Hex, Miswritten, Number, Written, read_as, shaped

FieldName = Literal["address", "command", "length", "data", "check"]
FIELDS = get_args(FieldName)
MOST_FRAME = 1536  # the longest reply of an ID-card reader has 1295
Order = Literal["little", "big"]


@dataclass(frozen=True)
class Frame:
    """One message on a line (帧): who, what, and the rest."""

    address: int = 0
    command: int = 0
    data: bytes = b""


@dataclass(frozen=True)
class Table:
    """One frame family (帧格式).

    `layout` is the order on the line: constants as bytes, fields by name; `data` at most once, of
    a fixed size where there is no length. A length counts the parts in `counts`, a check covers
    those in `over`; either may stand twice and must then agree. `escape` maps a byte to what is
    sent for it between the first and the last constant; checks are made before it. A frame is at
    most `max_len` bytes unescaped; after `gap_ms` of silence an unfinished frame is given up.
    """

    name: str
    layout: tuple[bytes | str, ...]
    sizes: Mapping[str, int]
    counts: tuple[bytes | str, ...] = ()
    over: tuple[bytes | str, ...] = ()
    check: str = ""
    order: Order = "big"
    max_len: int = 64
    gap_ms: int = 100
    escape: Mapping[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a table that cannot work."""
        names = [part for part in self.layout if isinstance(part, str)]
        problems = {
            # A frame that begins with a field is found by its check alone.
            "begins": not self.layout
            or (not isinstance(self.layout[0], bytes) and ("check" not in names or self.escape)),
            "unknown_field": any(name not in FIELDS for name in names),
            "data_twice": names.count("data") > 1,
            "data_length": "data" in names and ("length" in names) is ("data" in self.sizes),
            "field_size": any(self.size(name) not in (1, 2) for name in names if name != "data"),
            "data_size": not 1 <= self.size("data") <= self.max_len,
            "counts": not {part for part in (*self.counts, *self.over) if isinstance(part, str)}
            <= set(names),
            "unknown_check": "check" in names and self.check not in CHECKS,
            "max_len": not 2 <= self.max_len <= MOST_FRAME,
            "gap_ms": not 1 <= self.gap_ms <= 10_000,
            "escape": any(
                len(code) < 2 or code[0] not in self.escape for code in self.escape.values()
            ),
        }
        wrong = [what for what, is_wrong in problems.items() if is_wrong]
        if wrong:
            raise Miswritten(*wrong, known=", ".join(CHECKS), most=str(MOST_FRAME))

    def size(self, name: str) -> int:
        """Bytes of a field of fixed size; one unless the table says two."""
        return self.sizes.get(name, 1)

    def counted(self, data: int, length: int | None = None) -> int:
        """What a length says for so much data; given a length, how much data that leaves."""
        fixed = sum(
            len(part) if isinstance(part, bytes) else self.size(part)
            for part in self.counts
            if part != "data"
        )
        return fixed + data if length is None else length - fixed

    def encode(self, frame: Frame) -> bytes:
        """The bytes of a frame; a value that does not fit is a ValueError."""
        parts = {
            "address": self._number("address", frame.address),
            "command": self._number("command", frame.command),
            "data": frame.data,
        }
        if len(frame.data) != self.sizes.get("data", len(frame.data)):
            raise ValueError(f"{self.name}: data is not {self.sizes['data']} bytes")
        parts["length"] = self._number("length", self.counted(len(frame.data)))
        covered = self.covered(parts)
        parts["check"] = self._number("check", CHECKS[self.check](covered)) if self.check else b""
        pieces = [part if isinstance(part, bytes) else parts[part] for part in self.layout]
        if sum(map(len, pieces)) > self.max_len:
            raise ValueError(f"{self.name}: frame longer than {self.max_len}")
        if not self.escape:
            return b"".join(pieces)
        inner = b"".join(pieces[1:-1])
        stuffed = b"".join(self.escape.get(byte, bytes([byte])) for byte in inner)
        return pieces[0] + stuffed + pieces[-1]

    def covered(self, fields: Mapping[str, bytes]) -> bytes:
        """What the check is made over."""
        return b"".join(part if isinstance(part, bytes) else fields[part] for part in self.over)

    def _number(self, name: str, value: int) -> bytes:
        try:
            return value.to_bytes(self.size(name), self.order)
        except OverflowError as wrong:
            raise ValueError(f"{self.name}: {name} {value} does not fit") from wrong


class Framer:
    """Finds the frames of one table in whatever comes; garbage is skipped, nothing raises.

    Bytes that look like a header with a long length would swallow the good frame behind them: so
    lengths are bounded, and after `gap_ms` of silence the first byte is dropped and the rest is
    looked at again. `now` is in seconds of any steady clock.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.skipped = 0
        self._buffer = bytearray()
        self._last = 0.0

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Take bytes as they came; give the frames that are now complete, oldest first."""
        frames: list[Frame] = []
        if self._buffer and now - self._last > self.table.gap_ms / 1000:
            while self._buffer:
                frames += self._scan()
                self._skip()
        self._last = now
        # In portions, so that a flood cannot make the buffer longer than one of them and a frame.
        for at in range(0, len(data), MOST_FRAME):
            self._buffer += data[at : at + MOST_FRAME]
            frames += self._scan()
        return frames

    def _scan(self) -> Iterator[Frame]:
        while self._buffer:
            found = _parse(self.table, self._buffer)
            if found is None:
                return
            frame, used = found
            if frame is None:
                self._skip()
            else:
                del self._buffer[:used]
                yield frame

    def _skip(self) -> None:
        if self._buffer:
            del self._buffer[0]
            self.skipped += 1


class FrameSection(Written):
    """[frame] of a table's file, as it is written."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    layout: tuple[str, ...]
    counts: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    sizes: dict[FieldName, Number] = Field(default_factory=dict)
    check: str = ""
    order: Order = "big"
    max_len: Number = 64
    gap_ms: Number = 100
    escape: dict[Hex, Hex] = Field(default_factory=dict)


class Sample(Written):
    """[[sample]]: a frame from a maker's paper or a real line, and what it means."""

    bytes: Hex
    address: Number = 0
    command: Number = 0
    data: Hex = ""


class FrameFile(BaseModel):
    """A table's file, as much of it as every device has; what else is in it is left alone."""

    model_config = ConfigDict(frozen=True)

    frame: FrameSection
    sample: Annotated[tuple[Sample, ...], Field(min_length=1)]


def load_table(path: Path) -> Table:
    """Read a frame table from TOML and prove it on the sample frames inside (else Miswritten)."""
    return proved(read_as(FrameFile, path), path.name)


def table_of(source: Mapping[str, Any], where: str) -> Table:
    """As load_table, from a parsed file; keys that belong to a device (levels, keys) are left."""
    return proved(shaped(FrameFile, source, where), where)


def proved(file: FrameFile, where: str) -> Table:
    """The table of a file, by which each of its samples is written and read; else Miswritten."""
    try:
        written = file.frame.model_dump()
        for key in ("layout", "counts", "over"):
            written[key] = tuple(_part(part) for part in written[key])
        written["escape"] = {
            int(byte, 16): bytes.fromhex(code) for byte, code in file.frame.escape.items()
        }
        table = Table(**written)
        for sample in file.sample:
            _prove(table, sample)
    except Miswritten as wrong:
        wrong.file = where
        raise
    return table


def _part(word: str) -> bytes | str:
    if word in FIELDS:
        return word
    try:
        return bytes.fromhex(word)
    except ValueError as neither:
        raise Miswritten("unknown_field") from neither


def _prove(table: Table, sample: Sample) -> None:
    raw = bytes.fromhex(sample.bytes)
    meant = Frame(sample.address, sample.command, bytes.fromhex(sample.data))
    try:
        made = table.encode(meant)
    except ValueError as wrong:
        raise Miswritten("sample_fits", sample=raw.hex(" ").upper()) from wrong
    if made != raw:
        raise Miswritten("sample_made", sample=raw.hex(" ").upper(), made=made.hex(" ").upper())
    if Framer(table).feed(raw, 0.0) != [meant]:
        raise Miswritten("sample_read", sample=raw.hex(" ").upper())


def _parse(table: Table, raw: bytearray) -> tuple[Frame | None, int] | None:
    """The frame at the front and its bytes; (None, 0) when none can begin here; None: wait."""
    first = table.layout[0]
    if isinstance(first, bytes) and raw[: len(first)] != first[: len(raw)]:
        return None, 0
    buffer, ends, closed = _unescape(table, raw) if table.escape else (raw, None, False)
    values: dict[str, int] = {}
    fields: dict[str, bytes] = {}
    at = 0
    for part in table.layout:
        if isinstance(part, bytes):
            size = len(part)
            if buffer[at : at + size] != part[: len(buffer) - at]:
                return None, 0
        elif part == "data" and "length" in values:
            size = table.counted(0, values["length"])
        else:
            size = table.size(part)
        if size < 0 or at + size > table.max_len:
            return None, 0
        if at + size > len(buffer):
            return (None, 0) if closed else None
        if isinstance(part, str):
            fields[part] = bytes(buffer[at : at + size])
            value = 0 if part == "data" else int.from_bytes(fields[part], table.order)
            if values.setdefault(part, value) != value:
                return None, 0
        at += size
    data = fields.get("data", b"")
    if "length" in values and values["length"] != table.counted(len(data)):
        return None, 0
    if table.check and CHECKS[table.check](table.covered(fields)) != values["check"]:
        return None, 0
    frame = Frame(values.get("address", 0), values.get("command", 0), data)
    return frame, ends[at - 1] if ends else at


def _unescape(table: Table, raw: bytearray) -> tuple[bytearray, list[int], bool]:
    """What was meant, where each byte of it ended, and whether no more can follow.

    A byte that should have been escaped ends the frame: it is its last constant, or a new start.
    """
    codes = {code: byte for byte, code in table.escape.items()}
    leads = {code[0] for code in codes}
    at = len(table.layout[0])
    buffer, ends = raw[:at], list(range(1, at + 1))
    while at < len(raw) and len(buffer) < table.max_len:
        byte, step = raw[at], 1
        if byte in leads:
            for code, meant in codes.items():
                if raw.startswith(code, at):
                    byte, step = meant, len(code)
                    break
            else:
                return buffer, ends, len(raw) - at > 1
        at += step
        buffer.append(byte)
        ends.append(at)
        if step == 1 and byte in table.escape:
            return buffer, ends, True
    return buffer, ends, False


def _crc16(poly: int, start: int, *, mirrored: bool) -> Callable[[bytes], int]:
    """A CRC of 16 bits by its catalogue entry; a mirrored one runs from the low bit up."""

    def crc_of(data: bytes) -> int:
        crc = start
        for byte in data:
            crc ^= byte if mirrored else byte << 8
            for _ in range(8):
                if mirrored:
                    crc = crc >> 1 ^ (poly if crc & 1 else 0)
                else:
                    crc = (crc << 1 ^ (poly if crc & 0x8000 else 0)) & 0xFFFF
        return crc

    return crc_of


def _xor_odd_even(data: bytes) -> int:
    """Two bytes: the first, third, … byte together, then the second, fourth, …"""
    return reduce(xor, data[::2], 0) << 8 | reduce(xor, data[1::2], 0)


CHECKS: dict[str, Callable[[bytes], int]] = {
    "sum8": lambda data: sum(data) & 0xFF,
    "xor8": lambda data: reduce(xor, data, 0),
    "xor_odd_even": _xor_odd_even,
    "crc16_modbus": _crc16(0xA001, 0xFFFF, mirrored=True),
    "crc16_arc": _crc16(0xA001, 0, mirrored=True),
    "crc16_kermit": _crc16(0x8408, 0, mirrored=True),  # makers write CRC-CCITT
    "crc16_ccitt_false": _crc16(0x1021, 0xFFFF, mirrored=False),
    "crc16_xmodem": _crc16(0x1021, 0, mirrored=False),
}
