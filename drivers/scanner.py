"""A code scanner on a line: one code, told once and never written down."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers import evdev
from drivers.health import Health, Watch
from drivers.port import Port

MOST_CODE = 2953  # bytes: the most that a QR code holds
GAP = 0.05  # seconds of silence that end a code without CR or LF
TYPED_GAP = 0.5  # of one that types: a key takes up to 20 ms and some pause between two; Enter ends
REPEAT = 1.0  # seconds in which the same code again is the same showing of it
_ENDS = b"\r\n"


@dataclass(frozen=True)
class Scanned:
    """A code was held before the scanner (扫码). Social-security and licence codes are secrets."""

    code: str = field(repr=False)


class Codes:
    """Finds codes in what a scanner sends; they end at CR, LF or a silence. No line, no clock.

    A code longer than 2,953 bytes is dropped up to its end. Two codes sent without an end between
    them cannot be told apart and are one.
    """

    def __init__(self, gap: float = GAP) -> None:
        self.dropped = 0
        self._gap = gap
        self._open = bytearray()
        self._too_long = False
        self._last = 0.0

    def feed(self, data: bytes, now: float) -> list[str]:
        """Take bytes as they came (none: time went by); give the codes that are complete."""
        codes = self._end() if self._open and now - self._last > self._gap else []
        if data:
            self._last = now
        for byte in data:
            if byte in _ENDS:
                codes += self._end()
            elif len(self._open) < MOST_CODE:
                self._open.append(byte)
            else:
                self._too_long = True
        return codes

    def _end(self) -> list[str]:
        raw, too_long = bytes(self._open), self._too_long
        self._open.clear()
        self._too_long = False
        text = None if too_long else _text(raw)
        self.dropped += text is None
        return [text] if text else []


class Scanner:
    """One scanner (扫码器) in serial or USB-COM mode, or one that types (evdev://), on a private
    port.

    Chinese is read as UTF-8, else as GB 18030; what is neither, or has control characters, is
    counted in `dropped` only.
    """

    def __init__(
        self,
        port: Port,
        *,
        tell: Callable[[Scanned], None],
        health: Callable[[Health], None] | None = None,
    ) -> None:
        if not port.private:
            raise ValueError("a scanner needs a private port")
        self._tell = tell
        self._watch = Watch(f"scanner on {port.name}", health)
        self._gap = TYPED_GAP if port.url.startswith(evdev.SCHEME) else GAP
        self._codes = Codes(self._gap)
        self._known: tuple[Scanned | None, float] = (None, 0.0)
        port.attach(self)

    @property
    def health(self) -> Health:
        """State of the line; a scanner nobody uses cannot be told from a dead one."""
        return self._watch.health

    @property
    def dropped(self) -> int:
        """Codes that could not be read since the line was opened."""
        return self._codes.dropped

    # Called by the port.

    def opened(self, line: Port) -> None:
        """Half a code from before is forgotten."""
        self._codes = Codes(self._gap)
        self._watch.become(line.health.state, line.health.trouble)

    def received(self, line: Port, data: bytes) -> None:
        """Tell each code once; the same one within a second is the same showing."""
        now = time.monotonic()
        for code in self._codes.feed(data, now):
            scanned = Scanned(code)
            known, when = self._known
            self._known = (scanned, now)
            if scanned != known or now - when >= REPEAT:
                self._tell(scanned)

    def idle(self, line: Port) -> None:
        """A silence ends a code; after a second the last one is forgotten."""
        self.received(line, b"")
        if time.monotonic() - self._known[1] >= REPEAT:
            self._known = (None, 0.0)

    def down(self, health: Health) -> None:
        """The line is closed: so is the scanner."""
        self._watch.become(health.state, health.trouble)


def _text(raw: bytes) -> str | None:
    """What was meant; empty for nothing, None for what is no text."""
    for codec in ("utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        # FNC1 separators (GS) stand inside some official codes; any other control is line noise.
        return text if all(one.isprintable() or one == "\x1d" for one in text) else None
    return None
