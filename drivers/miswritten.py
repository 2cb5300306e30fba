"""Files that an installer writes (TOML), read as what they should be; or why they are not."""

import errno
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MOST_BYTES = 256 * 1024
M = TypeVar("M", bound=BaseModel)

Hex = Annotated[str, StringConstraints(pattern=r"^ *([0-9A-Fa-f]{2} *){0,1536}$")]
Number = Annotated[int, Field(strict=True, ge=0, le=0xFFFF)]
Byte = Annotated[int, Field(ge=0, le=0xFF)]  # as TOML's words before an = are text, "0" is one


class Written(BaseModel):
    """A part of such a file; a word it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Miswritten(ValueError):
    """A file that cannot be used (写错), and why: codes of device.wrong.* and the facts they name.
    drivers.wording puts it into words for people."""

    def __init__(self, *codes: str, file: str = "", **facts: str) -> None:
        super().__init__(*codes)
        self.codes, self.facts, self.file = codes, facts, file

    def __str__(self) -> str:
        """File, codes and facts, for a log."""
        facts = "; ".join(f"{name} {value}" for name, value in self.facts.items())
        return ": ".join(one for one in (self.file, ", ".join(self.codes), facts) if one)


class Misshapen(Miswritten):
    """A file whose form is wrong, perhaps in many places: what it is not, and its text."""

    def __init__(self, file: str, text: str, error: ValidationError | None = None) -> None:
        super().__init__(file=file)
        self.text, self.error = text, error

    def __str__(self) -> str:
        """File and faults, for a log."""
        return f"{self.file}: {self.error}"


class NotToml(Miswritten):
    """A text that is no TOML, from some line on."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__("not_toml", file=file, line=str(line))
        self.line = line


class Several(Miswritten):
    """All that is wrong with a file whose entries are good or wrong each for itself."""

    def __init__(self, wrong: list[Miswritten]) -> None:
        super().__init__()
        self.wrong = wrong

    def __str__(self) -> str:
        """One after the other."""
        return "; ".join(map(str, self.wrong))


def inaccessible(file: Path, failed: OSError) -> Miswritten:
    """What the system said of a file, as codes of ours."""
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
    text = _text(data)
    if text is None:
        raise Miswritten("not_text", file=file.name)
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as failed:  # also numbers and nests beyond all reason
        at = re.search(r"line (\d+)", str(failed))
        raise NotToml(file.name, int(at[1]) if at else text.count("\n") + 1) from failed


def read_as(model: type[M], file: Path) -> M:
    """Read a file as this; Miswritten has every fault."""
    text, source = written(file)
    return shaped(model, source, file.name, text)


def shaped(model: type[M], source: Mapping[str, Any], file: str, text: str = "") -> M:
    """The same of what was parsed already; without its text nobody knows the lines."""
    try:
        return model.model_validate(source)
    except ValidationError as error:
        raise Misshapen(file, text, error) from error


def _text(data: bytes) -> str | None:
    for codec in ("utf-8-sig", "gb18030"):  # the second is what an editor in China may save
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return None
