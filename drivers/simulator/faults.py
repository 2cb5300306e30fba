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
UNPLUGGED, TAKEN, POWER_CYCLE = "unplugged", "taken", "power_cycle"
PAPER_OUT, PAPER_LOW = "paper_out", "paper_low"
FULL_ROLL, LOW_ROLL = 30_000.0, 1_000.0  # mm

# What can be wrong with each kind: a word, the device's attribute, its value while that is wrong
# and while it is not.
Switch = tuple[str, Any, Any]
_LINE: dict[str, Switch] = {
    "garbled": ("garbled", True, False),
    "dtr_low": ("held", True, False),
    "dripping": ("drips", True, False),
}
_BOX: dict[str, Switch] = {
    "deaf": ("deaf", True, False),
    "echo": ("echo", True, False),
    "bouncing": ("bounces", 4, 0),
    "halved": ("halved", True, False),
    "bad_sum": ("bad_sum", True, False),
    "twin": ("twin", True, False),
    "restless": ("restless", True, False),
    "storm": ("storm", True, False),
    "late": ("hesitates", 65.0, 0.0),  # longer than the agent lets a pad ask
}
SWITCHES: dict[str, dict[str, Switch]] = {
    "printer": {
        "cover_open": ("cover_open", True, False),
        "cutter_jammed": ("cutter_jammed", True, False),
        "overheated": ("overheated", True, False),
        "silent": ("silent", True, False),
        "noisy": ("noise", b"\xff\x00\x7d", b""),
        "repeats": ("repeats", True, False),
        "merged": ("merged", True, False),
        "late": ("late", 1.5, 0.0),
        "slow": ("slowness", 8, 1),
        "small_buffer": ("shrunk", 64, None),
    },
    "rating_pad": _BOX,
    "call_box": _BOX,
    "id_reader": {
        "silent": ("silent", True, False),
        "not_genuine": ("status", {(0x20, 2): 0x31}, {}),
        "wrong_card": ("status", {(0x30, 1): 0x40}, {}),
        "moved": ("status", {(0x30, 1): 0x41}, {}),
        "lifted": ("lift_at", (0x30, 1), None),  # once, while it is read
        "noisy": ("noise", b"\x00\xff\xaa\xaa\xaa\x96\xaa\xaa", b""),
        "cut_short": ("cut_at", 300, None),  # only a card's text is longer
        "unknown_flag": ("misprint", {248: "Q"}, {}),
        "long_name": ("misprint", {0: "买买提·阿卜杜热合曼江·吐尔逊"}, {}),  # all 15 units
        "lone_surrogate": ("misprint", {0: "\ud869"}, {}),
    },
    "scanner": {
        "no_suffix": ("suffix", b"", b"\r"),
        "glued": ("glued", True, False),
        "endless": ("padding", 4096, 0),
    },
}
PAPER = frozenset({PAPER_OUT, PAPER_LOW})
AWAY = frozenset({UNPLUGGED, TAKEN})


def known(kind: str) -> frozenset[str]:
    """Every fault that a kind of device can have."""
    of_printers = PAPER | {POWER_CYCLE} if kind == "printer" else frozenset()
    return AWAY | _LINE.keys() | of_printers | SWITCHES.get(kind, {}).keys()


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
        line: VirtualLine = self._device.line
        for thing, switches in ((self._device, SWITCHES.get(self._kind, {})), (line, _LINE)):
            values = {attribute: right for attribute, _, right in switches.values()}
            values |= {switches[word][0]: switches[word][1] for word in wanted & switches.keys()}
            for attribute, value in values.items():
                setattr(thing, attribute, value)
        if POWER_CYCLE in wanted - self.now:
            self._device.power_cycle()
        if wanted & PAPER != self.now & PAPER:
            roll = LOW_ROLL if PAPER_LOW in wanted else FULL_ROLL
            self._device.paper_mm = 0.0 if PAPER_OUT in wanted else roll
        was, self.now = self.now, wanted
        if wanted & AWAY and not was & AWAY:
            line.unplug()
        elif was & AWAY and not wanted & AWAY:
            line.plug_in()

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
