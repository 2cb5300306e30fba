"""Files that an installer writes (TOML), read as what they should be; or why they are not."""

import errno
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from config.hall_files import decode
from config.language import say
from hall_server.wire.files.toml_lines import lines_of, nearest
from hall_server.wire.files.wrong import FileFault, named, told

MOST_BYTES = 256 * 1024
_MOST_TOLD = 20
M = TypeVar("M", bound=BaseModel)

Hex = Annotated[str, StringConstraints(pattern=r"^ *([0-9A-Fa-f]{2} *){0,1536}$")]
Number = Annotated[int, Field(strict=True, ge=0, le=0xFFFF)]
Byte = Annotated[int, Field(ge=0, le=0xFF)]  # as TOML's words before an = are text, "0" is one


class Written(BaseModel):
    """A part of such a file; a word it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Miswritten(ValueError):
    """A file that cannot be used (写错), and why: codes of device.wrong.* and the facts they name.
    `said` is for people, in their language; as a text it is English, for a log."""

    def __init__(self, *codes: str, file: str = "", **facts: str) -> None:
        super().__init__(*codes)
        self.codes, self.facts, self.file = codes, facts, file

    def __str__(self) -> str:
        """In English."""
        return self.said("en")

    def said(self, lang: str) -> str:
        """What is wrong, with the file where it is known."""
        told = " ".join(say(f"device.wrong.{code}", lang, **self.facts) for code in self.codes)
        return f"{self.file}: {told}" if self.file else told


class Misshapen(Miswritten):
    """A file whose form is wrong: `faults` gives, in a language, each of them by line, field and
    what may stand there."""

    def __init__(self, faults: Callable[[str], list[FileFault]]) -> None:
        super().__init__()
        self.faults = faults

    def said(self, lang: str) -> str:
        """One fault a line, at most 20."""
        return "\n".join(map(str, self.faults(lang)[:_MOST_TOLD]))


class Several(Miswritten):
    """All that is wrong with a file whose entries are good or wrong each for itself."""

    def __init__(self, wrong: list[Miswritten]) -> None:
        super().__init__()
        self._wrong = wrong

    def said(self, lang: str) -> str:
        """One after the other."""
        return "\n".join(one.said(lang) for one in self._wrong)


def inaccessible(file: Path, failed: OSError) -> Miswritten:
    """What the system said of a file, in words of ours."""
    known = {errno.ENOENT: "not_there", errno.EACCES: "no_permission"}
    code = known.get(failed.errno or 0, "unreadable")
    return Miswritten(code, file=file.name, errno=str(failed.errno))


def written(file: Path) -> tuple[str, dict[str, Any]]:
    """The text of a file and what it says as TOML; Miswritten when there is none."""
    try:
        data = file.read_bytes()
    except OSError as failed:
        raise inaccessible(file, failed) from failed
    if len(data) > MOST_BYTES:
        raise Miswritten("too_large", file=file.name, most=str(MOST_BYTES))
    try:
        text = decode(data)
    except UnicodeDecodeError as failed:
        raise Miswritten("not_text", file=file.name) from failed
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as failed:  # also numbers and nests beyond all reason
        at = re.search(r"line (\d+)", str(failed))
        line = int(at[1]) if at else text.count("\n") + 1
        raise Misshapen(
            lambda lang: [FileFault(file.name, line, "", say("layout.not_toml", lang), "")]
        ) from failed


def read_as(model: type[M], file: Path) -> M:
    """Read a file as this; Miswritten has every fault."""
    text, source = written(file)
    return shaped(model, source, file.name, text)


def shaped(model: type[M], source: Mapping[str, Any], file: str, text: str = "") -> M:
    """The same of what was parsed already; without its text nobody knows the lines."""
    try:
        return model.model_validate(source)
    except ValidationError as wrong:
        error = wrong

    def faults(lang: str) -> list[FileFault]:
        lines = lines_of(text)
        return [
            FileFault(file, nearest(lines, path), _named(path), problem, allowed)
            for path, problem, allowed in told(error, lang)
        ]

    raise Misshapen(faults) from error


def _named(path: tuple[str | int, ...]) -> str:
    """The place of a fault; of a word before an = it is that word."""
    return named(tuple(step for step in path if step != "[key]"))
