"""What a machine wished for, on disk before it is asked: never lost, never twice."""

import json
import logging
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drivers import durable

log = logging.getLogger(__name__)

LARGEST = 64 * 1024
_BYTES = getattr(os, "O_BINARY", 0)  # Windows turns line ends round without it
SPACIOUS = 1024 * 1024  # bytes; a journal that has grown so long and owes nothing begins anew
_HEAD = struct.Struct("<II")  # length of the JSON, its CRC-32

Entry = dict[str, Any]


class Journal:
    """An append-only file of entries, each `length | crc32 | JSON`.

    `append` returns only when the entry would survive a power cut. A tail that a crash tore is
    cut off when the file is opened again: its entry was never acted on. Closed wishes are left
    behind then too, and whenever nothing is unfinished and the file is over 1 MiB, so that it stays
    small and no holder's proof stays for ever.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open_wishes = wishes(read(path))
        self._rewrite()
        self._file = self._at_its_end()

    @property
    def unfinished(self) -> dict[str, Entry]:
        """The wishes not yet closed, oldest first: all that is known of each, by id."""
        return {wish: dict(entry) for wish, entry in self._open_wishes.items()}

    def append(self, wish: str, **facts: Any) -> None:
        """Write down what is new of one wish; `closed=True` ends it. Over 64 KiB is a ValueError,
        a full or broken disk an OSError: then the wish must not be acted on."""
        entry = {"wish": wish, **facts}
        record = _record(entry)
        before = os.fstat(self._file).st_size
        try:
            _write(self._file, record)
        except OSError:
            os.ftruncate(self._file, before)
            raise
        _fold(self._open_wishes, entry)
        if not self._open_wishes and before > SPACIOUS:
            os.close(self._file)  # Windows puts nothing in the place of an open file
            try:
                self._rewrite()
            finally:
                self._file = self._at_its_end()

    def close(self) -> None:
        """Let the file go."""
        os.close(self._file)

    def _at_its_end(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | _BYTES)

    def _rewrite(self) -> None:
        """Put a file of the unfinished wishes alone in the place of the old, or leave the old."""
        fresh = self._path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BYTES, 0o600)
        try:
            _write(file, b"".join(_record(entry) for entry in self._open_wishes.values()))
        finally:
            os.close(file)
        durable.replace(fresh, self._path)


def read(path: Path) -> Iterator[Entry]:
    """The whole entries from the start; the first torn or broken one ends the reading."""
    data = path.read_bytes() if path.exists() else b""
    at = 0
    while at + _HEAD.size <= len(data):
        length, check = _HEAD.unpack_from(data, at)
        body = data[at + _HEAD.size : at + _HEAD.size + length]
        if not 0 < length <= LARGEST or len(body) < length or zlib.crc32(body) != check:
            break
        yield json.loads(body)
        at += _HEAD.size + length
    if at < len(data):
        log.warning("journal: %d bytes of a torn tail left out", len(data) - at)


def wishes(entries: Iterator[Entry]) -> dict[str, Entry]:
    """What is known of each wish that was not closed, oldest first."""
    known: dict[str, Entry] = {}
    for entry in entries:
        _fold(known, entry)
    return known


def _fold(known: dict[str, Entry], entry: Entry) -> None:
    if entry.get("closed"):
        known.pop(entry["wish"], None)
    else:
        known[entry["wish"]] = known.get(entry["wish"], {}) | entry


def _record(entry: Entry) -> bytes:
    body = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise ValueError(f"journal entry of {len(body)} bytes")
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)
