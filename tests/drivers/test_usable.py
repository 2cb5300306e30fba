"""The check of a devices file and the agent agree on every device: good for both or for none."""

import re
from pathlib import Path

import pytest

from config.language import languages
from drivers.check import explain
from drivers.devices import read_devices
from drivers.health import Trouble
from drivers.machine import Machine
from drivers.miswritten import Miswritten
from drivers.sheets import shipped
from drivers.wording import said
from tests.drivers.bench import DEVICES

ENTRY = {
    "line": '[[lines]]\nurl = "{}"\ntable = "rs485_box"\n'
    'stations = [{{window = "3", address = 3}}]\n',
    "scanner": '[[scanners]]\nurl = "{}"\nwindow = "1"\n',
    "id_reader": '[[id_readers]]\nurl = "{}"\nwindow = "1"\n',
    "printer": '[[printers]]\nurl = "{}"\nprofile = "gb18030_58"\nwindow = "1"\n',
}
EVERY = set(ENTRY)
URLS = {
    "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0": EVERY,
    "COM3": EVERY,
    "socket://10.0.0.7:4001": EVERY,
    "rfc2217://10.0.0.7:4001": EVERY,
    "hwgrep://0403:6001": EVERY,
    "spy:///dev/ttyUSB0?file=/tmp/spy.txt": {"line", "printer"},
    "SPY:///dev/ttyUSB0": {"line", "printer"},
    "evdev:///dev/input/event0": {"scanner"},
    "sim://call_box/w3?address=3": {"line"},
    "sim://rating_pad/w3?address=3": {"line"},
    "sim://led_strip/w3?address=3": {"line"},
    "sim://scanner/w1": {"scanner"},
    "sim://id_reader/w1": {"id_reader"},
    "sim://printer/w1?faults=paper_out": {"printer"},
    "sim://printer/w1?colour=red": set(),
    "sim://scanner/w1?faults=paper_out": set(),
    "sim://toaster/w1": set(),
    "http://10.0.0.7": set(),
    "loop://": set(),
}


def machine(file: Path) -> Machine:
    """What the agent makes of a devices file."""
    return Machine(
        read_devices(file),
        DEVICES,
        ledgers=file.parent,
        sheets=shipped(),
        rated=lambda _: None,
        pressed=lambda _window, _press: None,
        scanned=lambda _window, _scan: None,
    )


def left_out(file: Path) -> int:
    """How many devices the agent leaves out."""
    return sum(part.health().trouble is Trouble.BAD_TABLE for part in machine(file).parts)


def why_not(file: Path) -> str | None:
    """What the check has against a file."""
    try:
        explain(file, "zh", DEVICES)
    except Miswritten as wrong:
        return said(wrong, "en")
    return None


@pytest.mark.parametrize("kind", ENTRY)
@pytest.mark.parametrize("url", URLS)
def test_check_and_agent_agree_on_every_port_of_every_device(
    kind: str, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(ENTRY[kind].format(url), "utf-8")
    good = kind in URLS[url]
    assert (why_not(file) is None) is good
    assert left_out(file) == (not good)
    assert len(machine(file).ports) == good


TWO = {
    "one port for two devices": (ENTRY["scanner"] + ENTRY["printer"], "stands twice", 1),
    "two printers at a window": (ENTRY["printer"] + ENTRY["printer"], "one printer a window", 1),
    "two pads at a window": (ENTRY["line"] + ENTRY["line"], "two rating pads", 1),
    "two wrong entries": (
        ENTRY["scanner"].replace("{}", "loop://a") + ENTRY["line"].replace("{}", "loop://b"),
        "loop://a.*\n?.*loop://b|loop://b.*\n?.*loop://a",
        2,
    ),
    "one address for two windows": (
        ENTRY["line"].replace("3}}]", '3}}, {{window = "4", address = 3}}]'),
        "/dev/a: address 3 stands twice",
        2,
    ),
}


@pytest.mark.parametrize("name", TWO)
def test_what_cannot_both_be_is_said_and_left_out(name: str, tmp_path: Path) -> None:
    text, why, out = TWO[name]
    file = tmp_path / "devices.toml"
    urls = iter(("/dev/a", "/dev/a" if name.startswith("one port") else "/dev/b"))
    while "{}" in text:
        text = text.replace("{}", next(urls), 1)
    file.write_text(text.replace("{{", "{").replace("}}", "}"), "utf-8")
    with pytest.raises(Miswritten) as refused:
        explain(file, "zh", DEVICES)
    assert re.search(why, said(refused.value, "en"))
    assert len({said(refused.value, lang) for lang in languages()}) == 2
    assert left_out(file) == out
