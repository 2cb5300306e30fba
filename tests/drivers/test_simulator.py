"""Simulated devices are chosen like a port and show what they printed."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from drivers import simulator
from drivers.bus import Bus
from drivers.framing import load_table
from drivers.health import State
from drivers.id_reader import CardRead, IdReader
from drivers.led_strip import LedStrip, Sent, load_strip_table
from drivers.port import Port
from drivers.printed import Outcome
from drivers.printer import Printer
from drivers.scanner import Scanned, Scanner
from drivers.simulator.box import VirtualBox
from drivers.simulator.id_reader import VirtualIdReader, block
from drivers.simulator.printer import VirtualPrinter
from drivers.simulator.scanner import VirtualScanner
from drivers.simulator.strip import VirtualStrip
from tests.drivers.bench import DEVICES, FONT, LINES, LINK, QUICK, TICKET, until


def test_a_ticket_printed_through_a_sim_url_is_saved_as_picture_and_text(tmp_path: Path) -> None:
    url = f"sim://printer/kiosk-1?baud={QUICK.baud}&speed=2400&out={tmp_path / 'tickets'}"
    port = Port(url, baud=QUICK.baud)
    printer = Printer(port, QUICK, font=FONT)
    port.start()
    until(lambda: printer.health.state is State.READY)
    assert printer.print("ticket-1", TICKET).outcome is Outcome.PRINTED
    port.close()
    simulator.device(url).line.unplug()
    text = (tmp_path / "tickets" / "kiosk-1-0001.txt").read_text("utf-8").splitlines()
    assert tuple(line for line in text if not line.startswith("[")) == LINES
    with Image.open(tmp_path / "tickets" / "kiosk-1-0001.png") as picture:
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [LINK]


@pytest.mark.fault
def test_a_sim_url_is_one_device_whose_cable_can_be_pulled_and_put_back() -> None:
    url = "sim://printer/pulled?baud=115200"
    port = Port(url, retry=(0.02, 0.05))
    port.start()
    until(lambda: port.up)
    device = simulator.device(url)
    device.line.unplug()
    until(lambda: port.health.state is State.OFFLINE)
    device.line.plug_in()
    until(lambda: port.up)
    assert simulator.device(url) is device
    port.close()
    device.line.unplug()


def test_each_kind_of_device_is_made_with_its_settings() -> None:
    printer = simulator.device("sim://printer/made?paper=500&width=576")
    assert isinstance(printer, VirtualPrinter)
    assert printer.paper_mm == 500
    pad = simulator.device("sim://rating_pad/window-3?address=3")
    assert isinstance(pad, VirtualBox)


def test_strip_card_and_code_go_through_sim_urls_as_through_real_ports() -> None:
    told: list[object] = []
    matrix = load_strip_table(DEVICES / "led_rows.toml")
    urls = ("sim://led_strip/w3?address=3", "sim://id_reader/k1", "sim://scanner/k1")
    wall, desk, gun = (Port(url, private="led" not in url) for url in urls)
    strip = LedStrip(Bus(wall, matrix.frames), matrix, address=3)
    reader = IdReader(desk, load_table(DEVICES / "id_reader.toml"), key=bytes(16), tell=told.append)
    scanner = Scanner(gun, tell=told.append)
    for port in (wall, desk, gun):
        port.start()
    devices = [simulator.device(url) for url in urls]
    shown, cards, codes = devices
    assert isinstance(shown, VirtualStrip)
    assert isinstance(cards, VirtualIdReader)
    assert isinstance(codes, VirtualScanner)
    until(lambda: {one.health.state for one in (strip, reader, scanner)} == {State.READY})
    assert strip.show("A012").result(5) is Sent.SENT
    assert reader.ask(60).result(5)
    cards.lay(block())
    codes.scan("7f3c")
    until(lambda: len(told) == 2 and shown.shown)
    for port, device in zip((wall, desk, gun), devices, strict=True):
        port.close()
        device.line.unplug()
    assert shown.shown[0].data == b"A012"
    assert {type(one) for one in told} == {CardRead, Scanned}


@pytest.mark.parametrize(
    "url",
    [
        "sim://toaster/x",
        "sim://printer/x?colour=red",
        "sim://printer/x?paper=much",
        "sim://printer/..%2Fx",
        "sim://printer/../../etc",
        "sim://led_strip/x?colour=red",
        "sim://id_reader/x?baud=fast",
        "sim://scanner/x?suffix=none",
    ],
)
def test_a_sim_url_with_a_mistake_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"sim|invalid"):
        simulator.device(url)


def test_the_four_status_bytes_always_carry_their_fixed_bits() -> None:
    device = VirtualPrinter()
    for switch in ("cover_open", "cutter_jammed", "overheated"):
        setattr(device, switch, True)
        assert all(device.status(number) & 0x93 == 0x12 for number in range(1, 5))
    device.paper_mm = 0
    assert [device.status(number) for number in range(1, 5)] == [0x1A, 0x76, 0x5A, 0x7E]
