"""A disk that remembers every write and sync, and what it holds after the power fails.

It stands under SQLite (a VFS of apsw), with the real store above it: `module` is what the store
takes for its SQLite driver.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw

SECTOR = 512  # the smallest part of a write that a disk may keep or lose


class Tape:
    """What happened, in order: ("write", file, offset, bytes), ("truncate", file, size),
    ("sync", file) and the marks of whoever watches ("mark", anything)."""

    def __init__(self) -> None:
        self.deeds: list[tuple[Any, ...]] = []
        self.running = True

    def put(self, *deed: Any) -> None:
        if self.running and deed[1]:  # a file without a name is SQLite's own scratch paper
            self.deeds.append(deed)


class _File(apsw.VFSFile):
    def __init__(self, tape: Tape, name: Any, flags: list[int]) -> None:
        self._tape = tape
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._tape.put("write", self._name, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._tape.put("truncate", self._name, size)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._tape.put("sync", self._name)


class _Disk(apsw.VFS):
    def __init__(self, name: str, tape: Tape) -> None:
        self._tape = tape
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._tape, name, flags)


class _Cursor:
    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection, self._cursor = connection, connection.cursor()
        self.rowcount, self.lastrowid = -1, None

    @property
    def description(self) -> Any:
        try:
            return self._cursor.description
        except apsw.ExecutionCompleteError:
            return None

    def execute(self, statement: str, values: Any = ()) -> "_Cursor":
        self._cursor.execute(statement, tuple(values))
        self.rowcount = self._connection.changes()
        return self

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return list(self._cursor.fetchall())

    def close(self) -> None:
        self._cursor.close(True)


class _Connection:
    def __init__(self, path: str, disk: str, timeout: float = 5, **_: Any) -> None:
        self._connection = apsw.Connection(path, vfs=disk)
        self._connection.set_busy_timeout(int(timeout * 1000))
        self.isolation_level: str | None = None

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection)

    def execute(self, statement: str) -> _Cursor:
        return self.cursor().execute(statement)

    def create_function(self, name: str, arguments: int, does: Any, **_: Any) -> None:
        self._connection.create_scalar_function(name, does, arguments)

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self.execute("ROLLBACK")

    def commit(self) -> None:
        if self._connection.in_transaction:
            self.execute("COMMIT")

    def close(self) -> None:
        self._connection.close(True)


def module(disk: str) -> Any:
    """A driver as SQLAlchemy wants one, over the named disk."""
    errors = dict.fromkeys(
        ("Error", "DatabaseError", "OperationalError", "ProgrammingError", "InterfaceError"),
        apsw.Error,
    )
    return SimpleNamespace(
        **errors,
        IntegrityError=apsw.ConstraintError,
        NotSupportedError=apsw.Error,
        DataError=apsw.TooBigError,
        InternalError=apsw.Error,
        paramstyle="qmark",
        sqlite_version_info=tuple(int(part) for part in apsw.sqlite_lib_version().split(".")),
        sqlite_version=apsw.sqlite_lib_version(),
        connect=lambda path, **options: _Connection(path, disk, **options),
    )


def open_disk(name: str, tape: Tape) -> Any:
    """Register a recording disk; keep the result alive as long as it is used."""
    return _Disk(name, tape)


class Platter:
    """What the disk surely holds, and what it was told but not yet made to keep."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._sure = {name: bytearray(held) for name, held in files.items()}
        self._told: dict[str, list[tuple[Any, ...]]] = {}

    def turn(self, deed: tuple[Any, ...]) -> None:
        """Go on by one deed of the tape."""
        what, name = deed[0], deed[1]
        if what == "mark":
            return
        self._told.setdefault(name, []).append(deed)
        if what == "sync":
            held = self._sure.setdefault(name, bytearray())
            for told in self._told.pop(name):
                _apply(held, told)

    def cut(self, chance: random.Random) -> Iterator[tuple[str, bytes]]:
        """The files as they are when the power fails now: all that was synced, and of the rest
        some sectors, in any order, some of them torn into noise."""
        keep = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        noise = chance.choice((0.0, 0.0, 0.05))
        for name in {*self._sure, *self._told}:
            held = bytearray(self._sure.get(name, b""))
            for told in self._told.get(name, []):
                if told[0] == "truncate":
                    if chance.random() < keep:
                        _apply(held, told)
                    continue
                _, _, offset, data = told
                for start in range(0, len(data), SECTOR):
                    part = data[start : start + SECTOR]
                    if chance.random() < noise:
                        part = chance.randbytes(len(part))
                    elif chance.random() >= keep:
                        continue
                    _apply(held, ("write", name, offset + start, part))
            yield name, bytes(held)


def _apply(held: bytearray, told: tuple[Any, ...]) -> None:
    if told[0] == "truncate":
        if told[2] < len(held):
            del held[told[2] :]
    elif told[0] == "write":
        _, _, offset, data = told
        if offset > len(held):
            held.extend(bytes(offset - len(held)))
        held[offset : offset + len(data)] = data
