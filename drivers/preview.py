"""A sample ticket on paper that is not there: what a printer's profile makes of it."""

from dataclasses import dataclass
from pathlib import Path

from config.language import say
from drivers.escpos import Align, Cut, Feed, Job, Qr, Text, encode
from drivers.profile import DOTS_PER_MM, Profile
from drivers.simulator.paper import Paper, Slip

FONT = Path(__file__).parents[1] / "config" / "fonts" / "NotoSansSC-Regular.ttf"
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


def sample(lang: str = "zh", large: bool = False) -> Job:
    """A ticket (样票) with all that is hard to print: big figures, rare characters, a QR code."""
    body = 2 if large else 1
    return [
        Text(say("device.preview.hall", lang), 1, Align.CENTRE, bold=True),
        Feed(16),
        Text("A012", 4, Align.CENTRE, bold=True),
        Text(say("paper.code", lang, code="7F3C"), 1, Align.CENTRE),
        Feed(8),
        Text(say("paper.item", lang, item=say("device.preview.item", lang)), body),
        Text(say("paper.ahead", lang, people=7), 2, bold=True),
        Text(say("paper.wait_at", lang, zone=say("device.preview.zone", lang)), body, bold=True),
        Text(say("paper.windows", lang, windows="3-5"), body, bold=True),
        Text(say("paper.taken_at", lang, time="2026-11-23 09:30"), body),
        Text(say("device.preview.rare", lang), body),
        Qr("https://hall.example/t/sample-ticket-0000000000", side_mm=28),
        Text(say("paper.scan", lang), body, Align.CENTRE),
        Text(say("paper.today_only", lang), 1, Align.CENTRE),
        Cut(),
    ]


def preview(job: Job, profile: Profile, font: Path = FONT) -> Preview:
    """Print a job on paper that is not there, with the encoder that the real printer gets.

    A command this paper does not know is a ValueError: a real printer would print rubbish. Native
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
        unknown = ", ".join(one.hex(" ") for one in paper.unknown)
        raise ValueError(f"{profile.title}: {len(slips)} slips, unknown commands: {unknown}")
    seconds = sum(
        max(piece.rows / profile.pace, len(piece.data) * 10 / profile.baud) for piece in pieces
    )
    return Preview(slips[0], sent, seconds)


def save_sample(profile: Profile, file: Path, lang: str, large: bool) -> str:
    """Save the sample ticket of a profile as PNG; gives a sentence about it."""
    seen = preview(sample(lang, large), profile)
    seen.slip.picture().save(file, "PNG")
    wide, high = seen.size_mm
    return say(
        "device.preview.saved",
        lang,
        file=file,
        wide=wide,
        high=high,
        bytes=seen.sent,
        seconds=f"{seen.seconds:.1f}",
    )
