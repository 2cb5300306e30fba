"""Faults of simulated devices, switched while they run: by URL, by program, or by a file."""

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drivers.simulator.line import VirtualLine

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
MOST_BYTES = 1000
UNPLUGGED = "unplugged"
PAPER_OUT, PAPER_LOW = "paper_out", "paper_low"
FULL_ROLL, LOW_ROLL = 30_000.0, 1_000.0  # mm

# What can be wrong with each kind; a word here is a switch of the device by the same name.
SWITCHES: dict[str, frozenset[str]] = {
    "printer": frozenset({"cover_open", "cutter_jammed", "overheated", "silent"}),
    "rating_pad": frozenset({"deaf", "echo"}),
    "call_box": frozenset({"deaf", "echo"}),
    "id_reader": frozenset({"silent"}),
}
PAPER = frozenset({PAPER_OUT, PAPER_LOW})


def known(kind: str) -> frozenset[str]:
    """Every fault that a kind of device can have."""
    return SWITCHES.get(kind, frozenset()) | {UNPLUGGED} | (PAPER if kind == "printer" else set())


class Faults:
    """What is wrong with one simulated device (模拟故障); `set` makes just these things wrong.

    With a `control` file its words are the faults: whoever trains or demonstrates writes
    `echo cover_open > FILE` and empties it again. It is looked at four times a second.
    """

    def __init__(self, kind: str, device: Any, control: Path | None = None) -> None:
        self._kind, self._device, self._control = kind, device, control
        self.now: frozenset[str] = frozenset()
        self._next = 0.0
        line: VirtualLine = device.line
        if control is not None:
            line.watch = self.look

    def set(self, faults: Iterable[str]) -> None:
        """Let these be wrong and nothing else; an unknown word is a ValueError."""
        wanted = frozenset(faults)
        strange = wanted - known(self._kind)
        if strange:
            raise ValueError(f"{self._kind} has no fault {', '.join(sorted(strange))}")
        for switch in SWITCHES.get(self._kind, ()):
            if switch in wanted ^ self.now:
                setattr(self._device, switch, switch in wanted)
        if wanted & PAPER != self.now & PAPER:
            roll = LOW_ROLL if PAPER_LOW in wanted else FULL_ROLL
            self._device.paper_mm = 0.0 if PAPER_OUT in wanted else roll
        was, self.now = self.now, wanted
        if UNPLUGGED in wanted - was:
            self._device.line.unplug()
        elif UNPLUGGED in was - wanted:
            self._device.line.plug_in()

    def look(self) -> None:
        """Read the control file, where there is one and it is time."""
        if self._control is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_SECONDS
        try:
            words = self._control.read_bytes()[:MOST_BYTES].decode("utf-8", "replace").split()
        except FileNotFoundError:
            words = []
        meant = frozenset(words) & known(self._kind)
        if meant != self.now:
            log.info("simulated %s: %s", self._kind, ", ".join(sorted(meant)) or "all is well")
            self.set(meant)
