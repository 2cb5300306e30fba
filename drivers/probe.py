"""Which table fits a line (探测): listens, asks what is harmless, and says why it thinks so."""

import queue
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.language import say
from drivers.framing import Framer, Table, load_table
from drivers.health import Health, Trouble
from drivers.port import Port

BAUDS = (9600, 115_200, 19_200, 38_400, 57_600)
MOST_HEARD = 8192
MOST_SHOWN = 24  # bytes of what no table fits, for whoever writes the table
_ASK_STATUS = b"\x10\x04\x01"  # DLE EOT 1: every printer may be asked, others ignore it
_ASK_SAM = bytes.fromhex("AAAAAA9669000311FFED")
_ANSWER = 0.5  # seconds
_SHORTEST_CODE = 4


@dataclass(frozen=True)
class Heard:
    """What one line said at one baud rate: by itself, and when it was asked."""

    said: bytes = b""
    status: bytes = b""  # to a printer's question
    sam: bytes = b""  # to an ID-card reader's question


@dataclass(frozen=True)
class Guess:
    """One kind of device that fits, and the reasons in sentences; the surest comes first."""

    name: str
    weight: int
    reason: str


def judge(heard: Heard, tables: Mapping[str, Table], lang: str = "zh") -> list[Guess]:
    """What may be on the line, surest first. Values in, values out: no line and no clock.

    A frame weighs as many bytes as could have been wrong in it (constants and check), so that a
    family without a start byte, which garbage can look like, does not win by chance.
    """
    guesses = [
        guess for name, table in tables.items() if (guess := _frames(name, table, heard.said, lang))
    ]
    status = heard.status.removeprefix(_ASK_STATUS)  # some RS-485 adapters give our bytes back
    if len(status) == 1 and status[0] & 0x93 == 0x12:
        reason = say("device.probe.printer", lang, answer=status.hex().upper())
        guesses.append(Guess("printer", 100, reason))
    reader = tables.get("id_reader")
    if reader is not None and Framer(reader).feed(heard.sam.removeprefix(_ASK_SAM), 0.0):
        guesses.append(Guess("id_reader", 100, say("device.probe.id_reader", lang)))
    if not guesses and (length := _code(heard.said)):
        guesses.append(Guess("scanner", 10, say("device.probe.scanner", lang, length=length)))
    return sorted(guesses, key=lambda guess: -guess.weight)


def _frames(name: str, table: Table, said: bytes, lang: str) -> Guess | None:
    framer = Framer(table)
    # Fed at once, then a silence: whatever only looked like a header is given up.
    frames = framer.feed(said, 0.0) + framer.feed(b"", table.gap_ms / 500)
    fits = len(said) - framer.skipped
    if not frames or fits * 2 < len(said):
        return None
    fixed = sum(len(part) for part in table.layout if isinstance(part, bytes))
    weight = len(frames) * (fixed + table.size("check") * bool(table.check))
    if weight < 3:  # one frame of a family known by its sum alone: 1 in 256 by chance
        return None
    share = 100 * fits // len(said)
    told = {"table": name, "count": len(frames), "share": share, "check": table.check or "-"}
    return Guess(name, weight, say("device.probe.frames", lang, **told))


def _code(said: bytes) -> int:
    """How many characters of a scanned code there are; none of them is shown."""
    lines = said.replace(b"\r", b"\n").split(b"\n")
    codes = [line for line in lines if line]
    ends = said.endswith((b"\r", b"\n"))
    readable = all(all(0x20 <= byte < 0x7F for byte in code) for code in codes)
    longest = max((len(code) for code in codes), default=0)
    return longest if ends and readable and longest >= _SHORTEST_CODE else 0


class _Listener:
    """Collects what a line says by itself."""

    def __init__(self) -> None:
        self.said: queue.Queue[bytes] = queue.Queue()
        self.up: queue.Queue[Health] = queue.Queue()

    def opened(self, line: Port) -> None:
        self.up.put(line.health)

    def received(self, line: Port, data: bytes) -> None:
        self.said.put(data)

    def idle(self, line: Port) -> None:
        """Silence is nothing to note."""

    def down(self, health: Health) -> None:
        self.up.put(health)


def listen(url: str, baud: int, seconds: float, ready: Callable[[], None] = lambda: None) -> Heard:
    """Open a line at one baud rate, ask the two harmless questions, then listen.

    `ready` is called when a key may be pressed. A line that cannot be opened is an OSError, whose
    text is the trouble's code. What is heard is kept nowhere.
    """
    listener = _Listener()
    port = Port(url, name=url, baud=baud, private=True)
    port.attach(listener)
    port.start()
    try:
        try:
            health = listener.up.get(timeout=10)
        except queue.Empty:  # a serial server that is slow to say no
            raise OSError(Trouble.NO_ANSWER.value) from None
        if not port.up:
            raise OSError(health.trouble.value)
        status = port.submit(lambda line: _ask(line, _ASK_STATUS, 1), b"").result(10)
        sam = port.submit(lambda line: _ask(line, _ASK_SAM, 11), b"").result(10)
        ready()
        return Heard(_hear(listener, seconds), status, sam)
    finally:
        port.close()


def _ask(line: Port, question: bytes, enough: int) -> bytes:
    line.drop_input()
    line.write(question)
    answer = line.read(_ANSWER, enough)
    if answer and question.startswith(answer[:1]):  # our own bytes, given back by the adapter
        answer += line.read(_ANSWER, len(question) + enough)
    return answer


def _hear(listener: _Listener, seconds: float) -> bytes:
    """What was said; listening ends early after a second of silence behind something."""
    said, until = b"", time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and len(said) < MOST_HEARD:
        try:
            said += listener.said.get(timeout=min(left, 1.0) if said else left)
        except queue.Empty:
            break
    return said[:MOST_HEARD]


def probe(
    url: str,
    folder: Path,
    *,
    bauds: Sequence[int] = BAUDS,
    seconds: float = 8.0,
    lang: str = "zh",
    tell: Callable[[str], None] = print,
) -> list[Guess]:
    """Try one baud rate after the other until something fits; what is found is told in words.

    An OSError says that the line cannot be opened.
    """
    tables = {file.stem: load_table(file) for file in sorted(folder.glob("*.toml"))}
    stranger = b""
    for baud in bauds:
        asked = say("device.probe.press", lang, url=url, baud=baud, seconds=f"{seconds:g}")
        heard = listen(url, baud, seconds, ready=lambda asked=asked: tell(asked))  # type: ignore[misc]
        guesses = judge(heard, tables, lang)
        stranger = stranger or heard.said
        if guesses:
            for guess in guesses:
                tell(guess.reason)
            best = [one.name for one in guesses if one.weight == guesses[0].weight]
            if len(best) > 1:
                tell(say("device.probe.alike", lang, tables=", ".join(best)))
            tell(say("device.probe.found", lang, names=", ".join(best), baud=baud))
            return guesses
    if stranger:
        shown = stranger[:MOST_SHOWN].hex(" ").upper()
        tell(say("device.probe.stranger", lang, count=len(stranger), bytes=shown))
    else:
        tell(say("device.probe.nothing", lang))
    return []
