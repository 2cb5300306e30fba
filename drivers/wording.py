"""What is wrong with an installer's file, in the words of who reads it."""

from pathlib import Path

from config.language import say
from drivers.compose import Style
from drivers.fitting import WIDTHS, Remark
from drivers.miswritten import Misshapen, Miswritten, NotToml, Several, written
from drivers.sheets import Misfits
from hall_server.wire.files.toml_lines import lines_of, nearest
from hall_server.wire.files.wrong import FileFault, named, shown, told

_MOST_TOLD = 20
_LONGEST = 300


def said(wrong: Miswritten, lang: str) -> str:
    """Why a file cannot be used, one fault a line, at most 20."""
    match wrong:
        case Several():
            return "\n".join(said(one, lang) for one in wrong.wrong[:_MOST_TOLD])
        case Misshapen():
            return "\n".join(map(str, faults(wrong, lang)[:_MOST_TOLD]))
        case NotToml():
            problem = say("layout.not_toml", lang)
            return str(FileFault(wrong.file, wrong.line, "", problem, ""))
    facts = {name: shown(fact, _LONGEST) for name, fact in wrong.facts.items()}
    words = " ".join(say(f"device.wrong.{code}", lang, **facts) for code in wrong.codes)
    return f"{wrong.file}: {words}" if wrong.file else words


def faults(wrong: Misshapen, lang: str) -> list[FileFault]:
    """Every fault of a file by line and field, and what may stand there."""
    lines = lines_of(wrong.text)
    found = wrong.found(lang) if isinstance(wrong, Misfits) else _told(wrong, lang)
    return [
        FileFault(wrong.file, nearest(lines, path), _named(path), problem, allowed)
        for path, problem, allowed in found
    ]


def remarked(file: Path, remark: Remark, lang: str) -> str:
    """What should be looked at on a paper, by its line of the file."""
    styles = "; ".join(dict.fromkeys(_style(one, lang) for one in remark.styles))
    problem = say(f"layout.paper.{remark.key}", lang, **remark.facts, styles=styles)
    text, _ = written(file)
    return str(
        FileFault(file.name, nearest(lines_of(text), remark.path), named(remark.path), problem, "")
    )


def _style(style: Style, lang: str) -> str:
    wide = (mm for mm, dots in WIDTHS.items() if style.width_dots <= dots)
    large = say("layout.paper.large", lang) if style.large else ""
    tongue = say(f"layout.paper.{style.lang}", lang)
    return say(
        "layout.paper.style", lang, width=next(wide, max(WIDTHS)), large=large, tongue=tongue
    )


def _told(wrong: Misshapen, lang: str) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [] if wrong.error is None else [*told(wrong.error, lang)]


def _named(path: tuple[str | int, ...]) -> str:
    """The place of a fault; of a word before an = it is that word."""
    return named(tuple(step for step in path if step != "[key]"))
