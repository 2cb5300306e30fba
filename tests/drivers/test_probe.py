"""An unknown line is listened to, asked what is harmless, and told apart with reasons."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.framing import Frame, load_table
from drivers.led_strip import load_strip_table
from drivers.probe import Heard, judge, probe
from drivers.rating_pad import load_pad_table
from drivers.simulator.box import VirtualBox
from drivers.simulator.id_reader import VirtualIdReader
from drivers.simulator.printer import VirtualPrinter
from drivers.simulator.scanner import VirtualScanner
from drivers.simulator.strip import VirtualStrip
from tests.drivers.bench import DEVICES

TABLES = {file.stem: load_table(file) for file in DEVICES.glob("*.toml")}
SECRET = "https://hall.example/t/0123456789abcdef0123"


def probed(device: Any, press: Callable[[], None] = lambda: None) -> tuple[list[str], str]:
    """The names that fit best, and all that was said; `press` when a key may be pressed."""
    said: list[str] = []

    def tell(sentence: str) -> None:
        said.append(sentence)
        if "波特，" in sentence and "正在听" in sentence:
            press()

    path = device.line.plug_in()
    try:
        guesses = probe(path, DEVICES, bauds=(9600,), seconds=1.0, tell=tell)
    finally:
        device.line.unplug()
    best = [one.name for one in guesses if one.weight == guesses[0].weight]
    return best, "\n".join(said)


@pytest.mark.parametrize("kind", ["key", "face"])
def test_a_box_and_its_pad_are_known_by_one_key(kind: str) -> None:
    box = VirtualBox("probed", load_pad_table(DEVICES / "rs485_box.toml"), address=3)
    press = (lambda: box.key(0x0C)) if kind == "key" else (lambda: box.rate(0))
    best, said = probed(box, press)
    assert set(best) == {"rs485_box", "rating_pad_5"}
    assert "帧相同" in said, "two tables have these frames: it says so and does not choose"


def test_a_printer_is_known_by_its_status() -> None:
    best, said = probed(VirtualPrinter())
    assert best == ["printer"]
    assert "答了 12" in said


def test_an_id_card_reader_is_known_by_its_answer() -> None:
    reader = VirtualIdReader("probed", TABLES["id_reader"])
    best, _ = probed(reader)
    assert best == ["id_reader"]
    assert (0x30, 1) not in reader.asked, "no card is read"


def test_a_scanner_is_known_by_its_code_which_is_not_shown() -> None:
    gun = VirtualScanner("probed")
    best, said = probed(gun, lambda: gun.scan(SECRET))
    assert best == ["scanner"]
    assert "0123456789abcdef" not in said


def test_a_strip_that_never_answers_is_not_taken_for_broken() -> None:
    strip = VirtualStrip("probed", load_strip_table(DEVICES / "led_rows.toml"))
    best, said = probed(strip)
    assert best == []
    assert "条屏从不回话" in said


@pytest.mark.parametrize("name", [name for name in TABLES if name != "id_reader"])
def test_every_table_is_found_in_its_own_frames(name: str) -> None:
    """Also what another host tells a strip can be listened to. Three frames, garbage before."""
    table = TABLES[name]
    size = table.sizes.get("data")
    data = bytes([1]) * (size or 2)
    said = b"\x7f" + b"".join(table.encode(Frame(n if "address" in table.layout else 0, 1 if
        "command" in table.layout else 0, data)) for n in (1, 2, 3))  # fmt: skip
    names = [guess.name for guess in judge(Heard(said=said), TABLES)]
    assert name in names


def test_garbage_fits_no_table_and_is_shown_for_whoever_writes_one() -> None:
    said: list[str] = []
    gun = VirtualScanner("probed", suffix=b"")
    path = gun.line.plug_in()
    noise = bytes((n * 37 + 11) % 256 for n in range(60))

    def tell(sentence: str) -> None:
        said.append(sentence)
        if "Listening" in sentence:
            gun.scan(noise)

    found = probe(path, DEVICES, bauds=(9600,), seconds=1.0, lang="en", tell=tell)
    gun.line.unplug()
    assert found == []
    assert "60 bytes came and no table fits" in said[-1]
    assert noise[:8].hex(" ").upper() in said[-1]


def test_an_adapter_that_gives_our_own_bytes_back_is_no_device() -> None:
    ours = Heard(status=b"\x10\x04\x01", sam=bytes.fromhex("AAAAAA9669000311FFED"))
    assert judge(ours, TABLES) == []
    answered = Heard(status=b"\x10\x04\x01\x16")
    assert [guess.name for guess in judge(answered, TABLES)] == ["printer"]


def test_a_line_that_cannot_be_opened_is_said_with_what_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "drivers", "probe", "/dev/no-such-port", "--lang", "en"],
        capture_output=True, text=True, check=False, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 1
    assert "The port is not there" in done.stderr
