"""Faults of simulated devices are switched while they run: by URL, by program, by a file."""

from pathlib import Path

import pytest

from drivers import simulator
from drivers.health import State, Trouble
from drivers.port import Port
from drivers.printer import Printer
from drivers.simulator.box import VirtualBox
from drivers.simulator.faults import known
from drivers.simulator.printer import VirtualPrinter
from tests.drivers.bench import FONT, QUICK, until


def test_a_device_begins_with_the_faults_of_its_url() -> None:
    box = simulator.device("sim://call_box/born-deaf?faults=deaf,echo")
    assert isinstance(box, VirtualBox)
    assert (box.deaf, box.echo) == (True, True)
    gone = "sim://scanner/born-away?faults=unplugged"
    with pytest.raises(OSError, match="unplugged"):
        simulator.plug(gone)


# The status bytes 1 to 4 that the standard gives for each; what they mean is test_printer's.
STATUS = {
    "cover_open": [0x1A, 0x16, 0x12, 0x12],
    "cutter_jammed": [0x1A, 0x52, 0x1A, 0x12],
    "overheated": [0x1A, 0x52, 0x52, 0x12],
    "paper_out": [0x1A, 0x32, 0x12, 0x7E],
    "paper_low": [0x12, 0x12, 0x12, 0x1E],
}
WELL = [0x12] * 4


@pytest.mark.parametrize("fault", STATUS)
def test_a_fault_is_switched_on_and_off_by_program(fault: str) -> None:
    url = f"sim://printer/switched-{fault}"
    device = simulator.device(url)
    assert isinstance(device, VirtualPrinter)
    for words, status in (([fault], STATUS[fault]), ([], WELL)):
        simulator.faults(url).set(words)
        assert [device.status(number) for number in range(1, 5)] == status
    simulator.faults(url).set([fault, "silent"])
    simulator.faults(url).set(["silent"])
    assert (device.silent, [device.status(n) for n in range(1, 5)]) == (True, WELL)


def test_every_fault_of_a_printer_is_tried_here() -> None:
    assert known("printer") == {*STATUS, "silent", "unplugged"}


def test_a_trainer_switches_faults_by_writing_words_into_a_file(tmp_path: Path) -> None:
    control = tmp_path / "printer.faults"
    url = f"sim://printer/trained?baud={QUICK.baud}&control={control}"
    port = Port(url, baud=QUICK.baud, retry=(0.02, 0.05))
    printer = Printer(port, QUICK, font=FONT)
    port.start()
    until(lambda: printer.health.state is State.READY)
    control.write_text("cover_open nonsense\n", "utf-8")
    until(lambda: printer.health.trouble is Trouble.COVER_OPEN)
    control.write_text("unplugged\n", "utf-8")
    until(lambda: printer.health.state is State.OFFLINE)
    control.unlink()
    until(lambda: printer.health.state is State.READY)
    port.close()
    simulator.device(url).line.unplug()


@pytest.mark.parametrize(
    "url", ["sim://printer/x1?faults=bored", "sim://led_strip/x1?faults=cover_open"]
)
def test_a_fault_that_a_device_cannot_have_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="has no fault"):
        simulator.device(url)
