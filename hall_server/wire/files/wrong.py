"""What is wrong in a file, by line, in words a hall clerk can act on."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import ValidationError

from config.language import has, say
from hall_server.wire.bounds import PLAIN
from hall_server.wire.items import PROSE_PATTERN

Path = tuple[str | int, ...]
SHOWN = 40  # characters of a wrong value that are repeated back


class FileFault(NamedTuple):
    """One thing to correct (差错): the file and line, the field, what is wrong, what is allowed."""

    file: str
    line: int
    field: str
    problem: str
    allowed: str

    def __str__(self) -> str:
        allowed = f" [{self.allowed}]" if self.allowed else ""
        field = f"{self.field} " if self.field else ""
        return f"{self.file}:{self.line} {field}{self.problem}{allowed}"


class HallFilesRefused(Exception):
    """The files are refused as a whole and nothing of them is taken; ``faults`` has every one."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults[:50]))
        self.faults = faults


class Told(NamedTuple):
    """One fault of a value, before it has a line."""

    path: Path
    problem: str
    allowed: str


def told(error: ValidationError, lang: str, group: str = "") -> Iterator[Told]:
    """The faults of one value, each in the hall's words instead of pydantic's."""
    faults = error.errors(include_url=False)
    within = {one["loc"][:n] for one in faults for n in range(len(one["loc"]))}
    for one in faults:
        if one["loc"] in within and one["loc"]:
            continue  # a list with a faulty entry is counted one short: not another fault
        kind, facts = one["type"], one.get("ctx", {})
        key = f"layout.bad.{kind}"
        value = shown(one["input"])
        problem = say(key if has(key) else "layout.bad.other", lang, value=value)
        path = one["loc"]
        yield Told(path, problem, _allowed(kind, facts, one["msg"], (group, *path), lang))


def _allowed(kind: str, facts: dict[str, object], message: str, path: Path, lang: str) -> str:
    for fact, sign in (("ge", "≥"), ("le", "≤"), ("max_length", "≤"), ("min_length", "≥")):
        if fact in facts:
            return f"{sign} {facts[fact]}"
    if "expected" in facts:
        return str(facts["expected"]).replace(" or ", ", ")
    if "pattern" in facts:
        if facts["pattern"] in (PLAIN, PROSE_PATTERN):
            return say("layout.shape.plain", lang)
        words = [word for word in path if isinstance(word, str) and word]
        for name in (".".join(words[-2:]), *words[-1:]):
            if has(f"layout.shape.{name}"):
                return say(f"layout.shape.{name}", lang)
        return str(facts["pattern"])
    return "" if has(f"layout.bad.{kind}") or lang != "en" else message  # pydantic's is English


def shown(value: object, longest: int = SHOWN) -> str:
    """A value as it may be repeated: short, and with nothing in it that acts."""
    text = str(value)
    safe = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:longest])
    return safe if len(text) <= longest else f"{safe}…"


def named(path: Path) -> str:
    """A place as a person writes it, counted from 1: windows[3].queues[1]."""
    name = ""
    for step in path:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def parted(name: str) -> Path:
    """The path of a named place: windows[3].queues → ("windows", 2, "queues")."""
    path: list[str | int] = []
    for step in name.split("."):
        word, _, count = step.partition("[")
        path.append(word)
        if count:
            path.append(int(count.rstrip("]")) - 1)
    return tuple(path)
