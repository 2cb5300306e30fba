"""What one printer model can do, as data a hall may edit."""

import tomllib
from dataclasses import Field, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from drivers.miswritten import Miswritten

DOTS_PER_MM = 8  # 203 dpi, the head of nearly every ticket printer


class Mode(StrEnum):
    """How text is printed: by the printer's own font, drawn, or drawn only where needed."""

    NATIVE = "native"
    HYBRID = "hybrid"
    RASTER = "raster"


class Repertoire(StrEnum):
    """Which Chinese characters the printer's own font has (字库)."""

    GB2312 = "gb2312"
    GBK = "gbk"
    GB18030_2BYTE = "gb18030_2byte"  # most ROMs sold as GB18030 stop at the two-byte codes


class QrKind(StrEnum):
    """How a QR code is asked for: Epson's command, the 58 mm clones' command, or drawn dots."""

    GS_K = "gs_k"
    ESC_Z = "esc_z"
    RASTER = "raster"


class StatusKind(StrEnum):
    """Whether the model answers DLE EOT, or never says anything."""

    DLE_EOT = "dle_eot"
    NONE = "none"


class Proof(StrEnum):
    """What shows that a job has left the buffer: GS r 1 is answered in its turn, unlike DLE EOT."""

    GS_R = "gs_r"
    NONE = "none"


@dataclass(frozen=True)
class Profile:
    """One printer model (打印机型号). Lengths in dots of 1/8 mm, `pace` in dot rows a second.

    `pace` is the speed the head really keeps, not the brochure's: a job is sent no faster than it
    is printed, because a cheap printer drops what its buffer cannot hold, flow control or not.
    """

    title: str
    width_dots: int = 384
    baud: int = 9600
    flow: str = "none"
    mode: Mode = Mode.HYBRID
    repertoire: Repertoire = Repertoire.GB18030_2BYTE
    kanji_on: bytes = b"\x1c&"
    kanji_off: bytes = b"\x1c."
    han_by_fs: bool = False  # GS ! does not enlarge Han on some clones; FS ! doubles them
    cut: bytes = b"\x1dVB\x00"
    feed_before_cut: int = 80
    qr: QrKind = QrKind.GS_K
    slice_rows: int = 24
    pace: int = 400
    status: StatusKind = StatusKind.DLE_EOT
    proof: Proof = Proof.GS_R
    answer_seconds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a profile out of its bounds (ValueError)."""
        wrong = [
            name
            for name, good in (
                ("title", 0 < len(self.title) <= 80),
                ("width_dots", 64 <= self.width_dots <= 832 and self.width_dots % 8 == 0),
                ("baud", 1200 <= self.baud <= 921_600),
                ("flow", self.flow in ("none", "xonxoff", "rtscts")),
                ("kanji_on", len(self.kanji_on) <= 16),
                ("kanji_off", len(self.kanji_off) <= 16),
                ("cut", len(self.cut) <= 16),
                ("feed_before_cut", 0 <= self.feed_before_cut <= 400),
                ("slice_rows", 8 <= self.slice_rows <= 255),
                ("pace", 20 <= self.pace <= 4000),
                ("answer_seconds", 0.05 <= self.answer_seconds <= 10),
            )
            if not good
        ]
        if wrong:
            raise Miswritten("bounds", names=", ".join(wrong))


_READ: dict[str, Any] = {
    "mode": Mode,
    "repertoire": Repertoire,
    "qr": QrKind,
    "status": StatusKind,
    "proof": Proof,
    "kanji_on": bytes.fromhex,
    "kanji_off": bytes.fromhex,
    "cut": bytes.fromhex,
}


def load_profile(path: Path) -> Profile:
    """Read a profile from TOML; anything unknown or out of bounds is a ValueError."""
    table = tomllib.loads(path.read_text("utf-8"))
    try:
        profile = Profile(**{key: _READ.get(key, _same)(value) for key, value in table.items()})
        # A "no" is as true as a "yes", and 384.0 dots are good until the first line is drawn.
        odd = [one.name for one in fields(Profile) if not _fits(getattr(profile, one.name), one)]
        if odd:
            raise Miswritten("type", names=", ".join(odd))
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"{path}: {wrong}") from wrong
    return profile


def _fits(value: object, field: Field[Any]) -> bool:
    """Whether a value is of its field's type; a whole number of seconds is good."""
    return type(value) is field.type or (field.type is float and type(value) is int)


def _same(value: Any) -> Any:
    return value
