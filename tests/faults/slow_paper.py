"""A long job at 9600 baud to a printer that is slower than its line: what its buffer loses."""

import time
from dataclasses import replace

from drivers.escpos import Cut, Image, Job
from drivers.health import State
from drivers.port import Port
from drivers.printed import Outcome
from drivers.printer import Printer
from drivers.profile import Mode, Profile
from drivers.raster import Dots
from drivers.simulator.printer import VirtualPrinter
from tests.drivers.bench import FONT, until
from tests.faults.figures import Figure

ROW = 24  # bytes; the line brings 40 rows a second
SPEED = 24  # rows a second that the head prints: 60 % of what the line brings
PATIENT = Profile(
    title="slow", width_dots=8 * ROW, baud=9600, mode=Mode.RASTER, feed_before_cut=0, pace=22
)


def run(size: int, seed: int, control: bool = False) -> Figure:
    """Print one drawing of so many bytes. The control paces by the line alone."""
    figure = Figure("bytes at 9600 baud to a slow printer", seed, control=control)
    profile = replace(PATIENT, pace=4000) if control else PATIENT
    drawing = Dots(profile.width_dots, b"\x55" * (size // ROW * ROW))
    job: Job = [Image(drawing), Cut()]
    device = VirtualPrinter(
        baud=profile.baud, speed=SPEED, buffer=2048, width=profile.width_dots, font=FONT
    )
    port = Port(device.line.plug_in(), baud=profile.baud)
    printer = Printer(port, profile, font=FONT)
    port.start()
    try:
        until(lambda: printer.health.state is State.READY)
        before, began = device.received, time.monotonic()
        outcome = printer.print("long", job).outcome
        figure.seconds = time.monotonic() - began
        figure.count, figure.lost = device.received - before, device.lost
        whole = [slip.bits.rstrip(b"\0") for slip in device.slips] == [drawing.bits]
        figure.acknowledged = int(outcome is Outcome.PRINTED)
        if not (whole and outcome is Outcome.PRINTED):
            figure.tell(f"{outcome}, {'whole' if whole else 'torn'}")
    finally:
        port.close()
        device.line.unplug()
    return figure
