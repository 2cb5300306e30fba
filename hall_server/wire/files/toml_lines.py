"""On which line a TOML file says what: a small scan, because the parser does not tell."""

import re
from collections.abc import Mapping

from hall_server.wire.files.wrong import Path

_TABLE = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_.-]+)\s*\]?\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_-]+)\"?\s*=")
_ENTRY = re.compile(r"^\s*\{")  # one inline table of a list, written on its own line


def lines_of(text: str) -> dict[Path, int]:
    """Path → line number from 1, for tables, keys, and lists of one inline table a line."""
    lines: dict[Path, int] = {}
    here: Path = ()
    counts: dict[Path, int] = {}
    inside: Path | None = None  # the list whose entries stand one a line
    for number, line in enumerate(text.split("\n"), 1):
        if table := _TABLE.match(line):
            here = _opened(tuple(table[2].split(".")), bool(table[1]), counts)
            inside = None
        elif _ENTRY.match(line) and inside:
            lines.setdefault((*inside, _next(inside, counts)), number)
            continue
        elif key := _KEY.match(line):
            path = (*here, key[1])
            inside = path if line.rstrip().endswith("[") else None
            lines.setdefault(path, number)
            continue
        else:
            continue
        lines.setdefault(here, number)
    return lines


def _opened(words: tuple[str, ...], repeats: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header: [[a]] opens the next a, and [a.b] stands in the last a."""
    path: Path = ()
    for n, word in enumerate(words, 1):
        path = (*path, word)
        if repeats and n == len(words):
            path = (*path, _next(path, counts))
        elif path in counts:
            path = (*path, counts[path] - 1)
    return path


def _next(path: Path, counts: dict[Path, int]) -> int:
    counts[path] = counts.get(path, 0) + 1
    return counts[path] - 1


def nearest(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it; 1 for the file itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
