"""A workbench: devices on ptys with real ports before them, and waiting without sleeping."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from drivers.escpos import Align, Cut, Feed, Job, Qr, Text
from drivers.health import Health, State
from drivers.port import Port
from drivers.printer import Printer
from drivers.profile import Profile
from drivers.simulator.printer import VirtualPrinter

CONFIG = Path(__file__).parents[2] / "config"
DEVICES = CONFIG / "devices"
FONT = CONFIG / "fonts" / "NotoSansSC-Regular.ttf"
LINK = "https://hall.example/t/7f3c?k=A012"
LINES = ("青岛市市民中心", "A012", "户籍业务 前面还有 7 人", "约 15-25 分钟", "扫码看进度")
TICKET: Job = [
    Text(LINES[0], align=Align.CENTRE),
    Text(LINES[1], size=3, align=Align.CENTRE, bold=True),
    Text(LINES[2]),
    Text(LINES[3], size=2),
    Feed(16),
    Qr(LINK),
    Text(LINES[4], align=Align.RIGHT),
    Cut(),
]
# As fast as a virtual line is honest, so that the folder stays quick.
QUICK = Profile(title="quick", baud=460_800, pace=2000, answer_seconds=0.3, feed_before_cut=16)
# Where no silence is looked for: a machine with much to do is no silent printer.
PATIENT = replace(QUICK, answer_seconds=5.0)


def until(what: Callable[[], object]) -> None:
    """Wait for something another thread does; ten seconds without it are a failure."""
    end = time.monotonic() + 10
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


@dataclass
class PrinterBench:
    """One simulated printer, its port and the driver before it."""

    device: VirtualPrinter
    port: Port
    printer: Printer
    seen: list[Health]

    def ready(self) -> None:
        """Wait until the printer says it is ready."""
        until(lambda: self.printer.health.state in (State.READY, State.DEGRADED))


def printer_bench(
    profile: Profile = QUICK,
    *,
    ledger: Path | None = None,
    plugged: bool = True,
    speed: int = 2400,
    buffer: int = 4096,
    paper: int = 30_000,
) -> PrinterBench:
    """A printer ready to print; `speed` is what it really prints, `profile.pace` what we think."""
    device = VirtualPrinter(
        baud=profile.baud,
        speed=speed,
        buffer=buffer,
        width=profile.width_dots,
        paper=paper,
        font=FONT,
    )
    path = device.line.plug_in()
    if not plugged:
        device.line.unplug()
    seen: list[Health] = []
    port = Port(path, name="test", baud=profile.baud, retry=(0.02, 0.05))
    printer = Printer(port, profile, font=FONT, ledger=ledger, tell=seen.append)
    port.start()
    return PrinterBench(device, port, printer, seen)


def drawn(words: str) -> Profile:
    """The quick profile in a mode."""
    return replace(QUICK, mode=type(QUICK.mode)(words))


def ink(picture: Image.Image) -> Image.Image:
    """A picture cut down to its ink."""
    black = picture.point(lambda grey: 255 - grey)
    return black.crop(black.getbbox())
