"""What one printer model can do, as data a hall may edit."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Strict, StrictBool

from drivers.miswritten import Hex, Miswritten, Number, Written, read_as

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


class _ProfileFile(Written):
    """A profile as it is written; what is not there is the Profile's own."""

    title: str
    width_dots: Number | None = None
    baud: Annotated[int, Strict()] | None = None
    flow: Literal["none", "xonxoff", "rtscts"] | None = None
    mode: Mode | None = None
    repertoire: Repertoire | None = None
    kanji_on: Hex | None = None
    kanji_off: Hex | None = None
    han_by_fs: StrictBool | None = None
    cut: Hex | None = None
    feed_before_cut: Number | None = None
    qr: QrKind | None = None
    slice_rows: Number | None = None
    pace: Number | None = None
    status: StatusKind | None = None
    proof: Proof | None = None
    answer_seconds: Annotated[float, Strict()] | None = None


def load_profile(path: Path) -> Profile:
    """Read a profile from TOML; anything unknown or out of bounds is Miswritten."""
    written = read_as(_ProfileFile, path).model_dump(exclude_unset=True)
    for key in ("kanji_on", "kanji_off", "cut"):
        if key in written:
            written[key] = bytes.fromhex(written[key])
    try:
        return Profile(**written)
    except Miswritten as wrong:
        wrong.file = path.name
        raise
