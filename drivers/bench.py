"""How long a ticket takes on paper: the sample ticket on a simulated printer, true to its baud."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from drivers.health import State
from drivers.lettering import FONT
from drivers.port import Port
from drivers.preview import sample
from drivers.printed import Outcome
from drivers.printer import Printer
from drivers.profile import Mode, Profile
from drivers.simulator.printer import VirtualPrinter

BAUDS = (9600, 19_200, 38_400, 115_200)
_START = 30.0  # seconds a printer may take to be ready


@dataclass(frozen=True)
class Ticket:
    """One ticket: bytes on the line, seconds from the wish to the printer's own word that it is
    out, and bytes that its buffer lost."""

    mode: Mode
    baud: int
    bytes: int
    seconds: float
    lost: int
    outcome: Outcome


def tickets(
    profile: Profile, bauds: tuple[int, ...] = BAUDS, modes: tuple[Mode, ...] = tuple(Mode)
) -> Iterator[Ticket]:
    """The sample ticket of a printer model in each mode at each baud, by the real driver over a
    pty. The simulated head keeps 1.1 times the profile's pace, its buffer holds 4 kB."""
    for mode in modes:
        for baud in bauds:
            yield _ticket(replace(profile, mode=mode, baud=baud))


def _ticket(profile: Profile) -> Ticket:
    device = VirtualPrinter(
        "bench",
        baud=profile.baud,
        speed=profile.pace * 11 // 10,
        width=profile.width_dots,
        font=FONT,
    )
    port = Port(device.line.plug_in(), name="bench", baud=profile.baud)
    printer = Printer(port, profile, font=FONT)
    port.start()
    try:
        until = time.monotonic() + _START
        while printer.health.state is not State.READY:
            if time.monotonic() > until:
                raise TimeoutError("the simulated printer does not start")
            time.sleep(0.01)
        before, began = device.received, time.monotonic()
        result = printer.print("bench", sample())
        seconds = time.monotonic() - began
        sent = device.received - before
        return Ticket(profile.mode, profile.baud, sent, seconds, device.lost, result.outcome)
    finally:
        port.close()
        device.line.unplug()


def show(profile: Profile) -> bool:
    """Print the table as it is measured; whether every ticket came out whole."""
    print(f"{profile.title}\n{'mode':8}{'baud':>8}{'bytes':>8}{'seconds':>9}{'lost':>6}  outcome")
    whole = True
    for one in tickets(profile):
        print(
            f"{one.mode:8}{one.baud:>8}{one.bytes:>8}{one.seconds:>9.2f}{one.lost:>6}  "
            f"{one.outcome}",
            flush=True,
        )
        whole = whole and one.outcome is Outcome.PRINTED and not one.lost
    return whole
