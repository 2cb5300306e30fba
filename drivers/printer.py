"""A ticket printer on a port: prints a job once and says honestly what became of it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from drivers import escpos
from drivers.escpos import Job, Piece
from drivers.health import Health, State, Trouble, Watch
from drivers.port import Port
from drivers.printed import Ledger, Outcome, PrintResult
from drivers.profile import Profile, Proof, StatusKind
from drivers.raster import Rare

_POLL = 3.0  # seconds between two looks at an idle printer
_LONGEST_QUESTION = 8  # bytes; whatever is part of a paper is longer
_LOOK = 0.5  # seconds between two looks during a job

# DLE EOT n: which bit means what. Order is importance: the first trouble that stops is reported.
_STATUS: tuple[tuple[int, tuple[tuple[int, Trouble], ...]], ...] = (
    (2, ((0x04, Trouble.COVER_OPEN), (0x20, Trouble.PAPER_OUT))),
    (4, ((0x60, Trouble.PAPER_OUT), (0x0C, Trouble.PAPER_LOW))),
    (3, ((0x08, Trouble.CUTTER), (0x40, Trouble.OVERHEAT), (0x20, Trouble.DEVICE_ERROR))),
    (1, ((0x08, Trouble.DEVICE_ERROR),)),
)
# GS r n: paper sensors in pairs of bits, all else clear (Epson: 0000 eenn).
_PROOFS = (0x00, 0x03, 0x0C, 0x0F)
_FLOW = (0x11, 0x13)  # XON and XOFF of a printer that says them unasked
_WORKS = (Trouble.NONE, Trouble.PAPER_LOW, Trouble.NO_STATUS)


class Printer:
    """One ticket printer (小票打印机).

    A job id is printed at most once, also across restarts when `ledger` is a path. Results:
    `printed` — the printer confirmed that the whole job left its buffer, was well after it, and
    said nothing in between that nobody had asked: so speaks one that lost its power and its buffer;
    `failed` — no whole slip came out, or nothing was sent (then the same id may be tried again);
    `unknown` — everything that shows was sent but not confirmed: a slip may be in somebody's hand.
    A half-sent job is never sent again by itself.
    """

    def __init__(
        self,
        port: Port,
        profile: Profile,
        *,
        font: Path | None = None,
        rare: Rare | None = None,
        ledger: Path | None = None,
        tell: Callable[[Health], None] | None = None,
    ) -> None:
        escpos.encode([], profile, font)  # a profile that can never print is refused now
        self._port, self._profile, self._font, self._rare = port, profile, font, rare
        self._ledger = Ledger(ledger)
        self._watch = Watch(f"printer on {port.name}", tell, port.tape_news)
        # A job cut short, perhaps before we were started, leaves a half slip and a half command.
        self._torn = self._half = self._ledger.doubtful
        self._strange = False
        self._next_look = 0.0
        port.attach(self, longest=_LONGEST_QUESTION)

    @property
    def health(self) -> Health:
        """State of the printer and its line together."""
        return self._watch.health

    def submit(self, job_id: str, job: Job) -> Future[PrintResult]:
        """Queue a job behind those waiting; a bad id or an impossible job is a ValueError."""
        self._ledger.result(job_id)
        pieces = escpos.encode(job, self._profile, self._font, self._rare)
        return self._port.submit(
            lambda line: self._once(line, job_id, pieces),
            PrintResult(Outcome.FAILED, Trouble.MAILBOX_FULL),
        )

    def print(self, job_id: str, job: Job) -> PrintResult:
        """As submit, and wait; bounded, because every step of a job is."""
        return self.submit(job_id, job).result()

    # Called by the port.

    def opened(self, line: Port) -> None:
        """See how the printer is before promising anything."""
        self._complete(line)
        self._look(line)

    def received(self, line: Port, data: bytes) -> None:
        """A printer that speaks unasked (a banner after power-up) is looked at."""
        self._look(line)

    def idle(self, line: Port) -> None:
        """Look every few seconds, so that an empty roll is known before somebody wants a ticket."""
        if time.monotonic() >= self._next_look:
            self._look(line)

    def down(self, health: Health) -> None:
        """The line is closed: so is the printer."""
        self._watch.become(health.state, health.trouble)

    # One job, on the port's thread.

    def _once(self, line: Port, job_id: str, pieces: list[Piece]) -> PrintResult:
        known = self._ledger.result(job_id)
        if known is not None:
            return known
        if not line.up:
            return PrintResult(Outcome.FAILED, self.health.trouble)
        self._complete(line)
        self._look(line)
        if self.health.state in (State.FAULT, State.OFFLINE):
            return PrintResult(Outcome.FAILED, self.health.trouble)
        self._ledger.record(job_id, PrintResult(Outcome.UNKNOWN, Trouble.CLOSED))
        self._watch.become(State.BUSY, self.health.trouble)
        result = self._send(line, pieces)
        self._ledger.record(job_id, result)
        if line.up and self.health.state is State.BUSY:
            self._look(line)
        return result

    def _send(self, line: Port, pieces: list[Piece]) -> PrintResult:
        whole = max((at for at, piece in enumerate(pieces) if piece.ink), default=0)
        if self._torn:
            pieces = [self._recovery(), *pieces]
            whole += 1
        self._torn, self._half, self._strange = True, True, False
        free_at = look_at = time.monotonic()
        for at, piece in enumerate(pieces):
            missing = Outcome.FAILED if at < whole else Outcome.UNKNOWN
            if not line.write(piece.data):
                # Bytes given to a lost line may or may not have left it: only ink not yet
                # given to it is surely missing.
                return self._lost(missing)
            took = max(piece.rows / self._profile.pace, len(piece.data) * 10 / self._profile.baud)
            free_at = max(free_at, time.monotonic()) + took
            if not line.pause(free_at - time.monotonic()):
                return self._lost(missing)
            if time.monotonic() >= look_at + _LOOK and at < whole:
                trouble = self._ask(line)
                if trouble not in _WORKS:
                    self._half = False
                    self._settle(trouble)
                    return PrintResult(missing, trouble)
                look_at = time.monotonic()
        return self._confirm(line)

    def _lost(self, outcome: Outcome) -> PrintResult:
        """The line went away: down() has said why, unless we are closing it ourselves."""
        down = self.health.state in (State.OFFLINE, State.DISABLED)
        return PrintResult(outcome, self.health.trouble if down else Trouble.CLOSED)

    def _confirm(self, line: Port) -> PrintResult:
        proved = self._profile.proof is Proof.NONE or self._proof(line)
        trouble = self._ask(line)
        self._settle(trouble)
        if not line.up:
            return self._lost(Outcome.UNKNOWN)
        self._half = not proved or self._strange
        if self._half:
            return PrintResult(Outcome.UNKNOWN, Trouble.NO_ANSWER if trouble in _WORKS else trouble)
        self._torn = trouble not in _WORKS
        if self._torn:
            return PrintResult(Outcome.UNKNOWN, trouble)
        if self._profile.proof is Proof.NONE:  # well, but perhaps not with the whole job
            return PrintResult(Outcome.UNKNOWN, trouble)
        return PrintResult(Outcome.PRINTED, trouble)

    def _proof(self, line: Port) -> bool:
        """GS r waits in the buffer behind the job."""
        return self._answer(line, b"\x1dr\x01", _is_proof, times=3) is not None

    def _complete(self, line: Port) -> None:
        """Give a half command the bytes it waits for, before it takes a question for them.

        Zeros end any of ours: a slice of a drawing is the longest, and no size is made greater.
        """
        if self._half:
            zeros = bytes(self._profile.slice_rows * self._profile.width_dots // 8 + 8)
            self._half = not (
                line.write(zeros) and line.pause(len(zeros) * 10 / self._profile.baud)
            )

    def _recovery(self) -> Piece:
        """End the slip that a broken job left: reset, and cut the remains off."""
        begun = escpos.start(self._profile)
        feed = bytes([self._profile.feed_before_cut // 2])
        return Piece(begun.data + b"\x1bJ" + feed + self._profile.cut, feed[0])

    # Status.

    def _look(self, line: Port) -> None:
        self._next_look = time.monotonic() + _POLL
        self._settle(self._ask(line))

    def _settle(self, trouble: Trouble) -> None:
        if not self._port.up:
            return  # down() has said why
        if trouble is Trouble.NO_ANSWER:
            self._watch.become(State.OFFLINE, trouble)
        elif trouble not in _WORKS:
            self._watch.become(State.FAULT, trouble)
        elif trouble is Trouble.PAPER_LOW:
            self._watch.become(State.DEGRADED, trouble)
        else:
            self._watch.become(State.READY, trouble)

    def _ask(self, line: Port) -> Trouble:
        """The worst trouble of DLE EOT 1 to 4.

        Some printers go silent with the cover open, so silence is never taken for good news.
        """
        if self._profile.status is StatusKind.NONE:
            return Trouble.NO_STATUS
        mildest = Trouble.NONE
        for number, meanings in _STATUS:
            status = self._answer(line, b"\x10\x04" + bytes([number]), _is_status)
            if status is None:
                return Trouble.NO_ANSWER
            for bits, meaning in meanings:
                if status & bits and meaning not in _WORKS:
                    return meaning
                if status & bits:
                    mildest = meaning
        return mildest

    def _answer(
        self, line: Port, request: bytes, fits: Callable[[int], bool], times: int = 1
    ) -> int | None:
        """Ask, and take the first byte that fits; None when none comes in time."""
        self._hear(line.drop_input())
        line.write(request)
        until = time.monotonic() + self._profile.answer_seconds * times
        while line.up and time.monotonic() < until:
            said = line.read(until - time.monotonic())
            for at, byte in enumerate(said):
                if fits(byte):
                    self._hear(said[:at] + said[at + 1 :])
                    return byte
            self._hear(said)
        return None

    def _hear(self, said: bytes) -> None:
        """Late and repeated statuses are nothing; all else that nobody asked for is noted."""
        if not all(_is_status(byte) or byte in _FLOW for byte in said):
            self._strange = True


def _is_status(byte: int) -> bool:
    """Every answer to DLE EOT is 0xx1xx10; anything else is noise or another answer."""
    return byte & 0x93 == 0x12


def _is_proof(byte: int) -> bool:
    return byte in _PROOFS
