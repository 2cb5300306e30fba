"""A sample ticket on paper that is not there: what a printer's profile makes of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from config.language import say
from drivers.compose import Style, compose
from drivers.escpos import Job, Text, encode
from drivers.lettering import FONT, rare_letters
from drivers.miswritten import Miswritten
from drivers.profile import DOTS_PER_MM, Profile
from drivers.sample import sample_facts, sample_materials
from drivers.simulator.paper import Paper, Slip

_SLOW = 5.0  # seconds a citizen may have to wait for paper


@dataclass(frozen=True)
class Preview:
    """A slip, the bytes it took, and the seconds they and the paper take on this model's line."""

    slip: Slip
    sent: int
    seconds: float

    @property
    def slow(self) -> bool:
        """Whether a citizen would stand and wait."""
        return self.seconds > _SLOW

    @property
    def size_mm(self) -> tuple[int, int]:
        """Width and length of the slip in whole millimetres."""
        picture = self.slip.picture()
        return picture.width // DOTS_PER_MM, picture.height // DOTS_PER_MM


def sample(style: Style | None = None, paper: str = "ticket") -> Job:
    """A paper (样票) of what a hall might print, with all that is hard to print below it."""
    style = style or Style()
    lang = style.lang
    materials = sample_materials(lang) if paper == "notice" else ()
    lines = compose(paper, sample_facts(paper, lang), style, materials)
    body = 2 if style.large else 1
    return [*lines[:-1], Text(say("device.sample.rare", lang), body), *lines[-1:]]


def preview(job: Job, profile: Profile, font: Path | None = FONT) -> Preview:
    """Print a job on paper that is not there, with the encoder that the real printer gets.

    A command this paper does not know is Miswritten: a real printer would print rubbish. Native
    text is drawn in our font; the printer's own letters look a little different.
    """
    slips: list[Slip] = []
    paper = Paper(profile.width_dots, font, lambda _: None, slips.append)
    pieces = encode(job, profile, font, rare_letters())
    raw = bytearray(b"".join(piece.data for piece in pieces))
    sent = len(raw)
    while raw and (done := paper.take(raw)):
        del raw[: done[0]]
    paper.part(cut=False)
    if raw or paper.unknown or len(slips) != 1:
        unknown = ", ".join(one.hex(" ") for one in paper.unknown) or "-"
        raise Miswritten("commands", title=profile.title, slips=str(len(slips)), unknown=unknown)
    seconds = sum(
        max(piece.rows / profile.pace, len(piece.data) * 10 / profile.baud) for piece in pieces
    )
    return Preview(slips[0], sent, seconds)


def save_sample(
    profile: Profile, file: Path, style: Style | None = None, paper: str = "ticket"
) -> str:
    """Save a sample paper of a profile as PNG; gives a sentence about it."""
    style = replace(style or Style(), width_dots=profile.width_dots)
    seen = preview(sample(style, paper), profile)
    seen.slip.picture().save(file, "PNG")
    wide, high = seen.size_mm
    return say(
        "device.preview.saved",
        style.lang,
        file=file,
        wide=wide,
        high=high,
        bytes=seen.sent,
        seconds=f"{seen.seconds:.1f}",
    )
