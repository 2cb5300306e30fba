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
UNPLUGGED, GARBLED, POWER_CYCLE = "unplugged", "garbled", "power_cycle"
PAPER_OUT, PAPER_LOW = "paper_out", "paper_low"
FULL_ROLL, LOW_ROLL = 30_000.0, 1_000.0  # mm

# What can be wrong with each kind: a word, the device's attribute, its value while that is wrong
# and while it is not.
Switch = tuple[str, Any, Any]
_BOX: dict[str, Switch] = {
    "deaf": ("deaf", True, False),
    "echo": ("echo", True, False),
    "bouncing": ("bounces", 4, 0),
    "halved": ("halved", True, False),
}
SWITCHES: dict[str, dict[str, Switch]] = {
    "printer": {
        "cover_open": ("cover_open", True, False),
        "cutter_jammed": ("cutter_jammed", True, False),
        "overheated": ("overheated", True, False),
        "silent": ("silent", True, False),
        "noisy": ("noise", b"\xff\x00\x7d", b""),
        "repeats": ("repeats", True, False),
        "late": ("late", 1.5, 0.0),
    },
    "rating_pad": _BOX,
    "call_box": _BOX,
    "id_reader": {
        "silent": ("silent", True, False),
        "not_genuine": ("status", {(0x20, 2): 0x31}, {}),
        "wrong_card": ("status", {(0x30, 1): 0x40}, {}),
        "moved": ("status", {(0x30, 1): 0x41}, {}),
        "cut_short": ("cut_at", 300, None),  # only a card's text is longer
    },
    "scanner": {"no_suffix": ("suffix", b"", b"\r")},
}
PAPER = frozenset({PAPER_OUT, PAPER_LOW})
ANY = frozenset({UNPLUGGED, GARBLED})


def known(kind: str) -> frozenset[str]:
    """Every fault that a kind of device can have."""
    of_printers = PAPER | {POWER_CYCLE} if kind == "printer" else frozenset()
    return ANY | of_printers | SWITCHES.get(kind, {}).keys()


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
        switches = SWITCHES.get(self._kind, {})
        values = {attribute: right for attribute, _, right in switches.values()}
        values |= {switches[word][0]: switches[word][1] for word in wanted & switches.keys()}
        for attribute, value in values.items():
            setattr(self._device, attribute, value)
        self._device.line.garbled = GARBLED in wanted
        if POWER_CYCLE in wanted - self.now:
            self._device.power_cycle()
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
