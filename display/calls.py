"""Which calls are new, and whose turn it is on the wall: one after another, each one fully."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

REMEMBERED = 4_000  # services; a big hall serves 3,000 people a day


@dataclass(frozen=True)
class Call:
    """One call (呼叫) of a number to a window; a recall (重呼) is the same service, call + 1."""

    window: str
    number: str
    service: str
    call: int
    seq: int


@dataclass(frozen=True)
class Pace:
    """How long a call flashes and a page stands, and the length of one step of the flash, lit or
    unlit, in milliseconds; step 0 stands still. 250 is 2 Hz, below the 3 Hz that can harm."""

    flash: int = 6_000
    step: int = 250
    page: int = 8_000


class Turns:
    """The calls that wait for their turn, at most one a window, in the order of their seq.

    A call has its whole flash whatever happens meanwhile. A call that is over before its turn came
    (the person is served already, or the window calls somebody else) is left out: it would send
    people to a window that no longer waits for them, and keep others from hearing theirs.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._known: dict[str, int] = {}
        self._waiting: dict[str, Call] = {}
        self._shown: Call | None = None
        self._since = 0

    def know(self, calls: Iterable[Call]) -> None:
        """Take calls as told already: a wall that is switched on does not repeat the past."""
        for call in calls:
            self._known.pop(call.service, None)
            self._known[call.service] = call.call
        for oldest in list(self._known)[: len(self._known) - REMEMBERED]:
            del self._known[oldest]

    def hear(self, standing: Mapping[str, Call], now: int) -> None:
        """Take in which call stands at each window now; pairs (service, call) not known are new."""
        kept = {w: call for w, call in self._waiting.items() if standing.get(w) == call}
        new = [c for c in standing.values() if c.call > self._known.get(c.service, 0)]
        self._waiting = kept | {call.window: call for call in new}
        self.know(new)
        self.turn(now)

    def turn(self, now: int) -> Call | None:
        """Whose turn it is at this moment: the call being shown, else the next one, else nobody."""
        # A clock set back must not hold a call on the wall.
        if self._shown is not None and not self._since <= now < self._since + self._pace.flash:
            self._shown = None
        if self._shown is None and self._waiting:
            self._shown = min(self._waiting.values(), key=lambda call: call.seq)
            self._since = now
            del self._waiting[self._shown.window]
        return self._shown

    def lit(self, now: int) -> bool:
        """Whether the call being shown is in the lit half of its flash."""
        if self._shown is None:
            return False
        return not self._pace.step or (now - self._since) // self._pace.step % 2 == 0
