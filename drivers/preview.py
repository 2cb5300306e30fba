"""A sample ticket on paper that is not there: what a printer's profile makes of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from config import look
from config.language import in_words, say
from drivers.compose import Style, compose
from drivers.escpos import Job, Text, encode
from drivers.miswritten import Miswritten
from drivers.profile import DOTS_PER_MM, Profile
from drivers.simulator.paper import Paper, Slip

FONT = look.file(look.look().fonts.regular)
_SLOW = 5.0  # seconds a citizen may have to wait for paper
_LINK = "https://hall.example/t/sample-ticket-0000000000"
_PLAIN = {
    "number": "A012",
    "code": "7F3C",
    "people": "7",
    "windows": "3–5",
    "phone": "0632-0000100",
    "enquiry": "0632-0000100",
    "item_code": "370499-0017-002",
    "version": "12",
    "record": "20261123-003",
    "url": _LINK,
    "online": _LINK,
}
_MOMENTS = {  # how each paper says them
    "ticket": {"time": ("moment", "2026-11-23 09:30")},
    "notice": {"date": ("full_day", "2026-11-23")},
    "appointment": {"date": ("day", "2026-11-23"), "time": ("slot", "09:30")},
    "receipt": {"answer_by": ("day", "2026-11-30")},
}
_WORDS = {
    "ticket": ("hall", "item", "zone", "estimate"),
    "notice": ("hall", "item", "zone", "department", "days", "fee"),
    "appointment": ("hall", "item", "zone", "address"),
    "receipt": ("hall", "address"),
}


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
    facts = _PLAIN | {key: say(f"device.sample.{key}", lang) for key in _WORDS[paper]}
    facts |= {key: in_words(kind, at, lang) for key, (kind, at) in _MOMENTS[paper].items()}
    materials = [
        {"n": n, "material": say(f"device.sample.material_{n}", lang), **how}
        for n, how in (
            ("1", {"copies": say("paper.copies", lang, copies=1), "optional": " ", "note": ""}),
            ("2", {"copies": " ", "optional": say("paper.optional", lang), "note": ""}),
        )
    ]
    lines = compose(paper, facts, style, materials if paper == "notice" else ())
    body = 2 if style.large else 1
    return [*lines[:-1], Text(say("device.sample.rare", lang), body), *lines[-1:]]


def preview(job: Job, profile: Profile, font: Path | None = FONT) -> Preview:
    """Print a job on paper that is not there, with the encoder that the real printer gets.

    A command this paper does not know is Miswritten: a real printer would print rubbish. Native
    text is drawn in our font; the printer's own letters look a little different.
    """
    slips: list[Slip] = []
    paper = Paper(profile.width_dots, font, lambda _: None, slips.append)
    pieces = encode(job, profile, font)
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
