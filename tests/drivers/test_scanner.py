"""A code is told once, whole, and is written down nowhere."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.health import State
from drivers.port import Port
from drivers.scanner import GAP, MOST_CODE, Codes, Scanned, Scanner
from drivers.simulator.scanner import VirtualScanner
from tests.drivers.bench import until

LATER = GAP * 2


@dataclass
class Desk:
    """A scanner driver before a simulated scanner, and what it told."""

    device: VirtualScanner
    port: Port
    scanner: Scanner
    told: list[Scanned] = field(default_factory=list)


@pytest.fixture
def desk() -> Iterator[Desk]:
    device = VirtualScanner("test", baud=115_200)
    port = Port(device.line.plug_in(), name="test", retry=(0.02, 0.05), private=True)
    told: list[Scanned] = []
    scanner = Scanner(port, tell=told.append)
    port.start()
    until(lambda: scanner.health.state is State.READY)
    yield Desk(device, port, scanner, told)
    port.close()
    device.line.unplug()


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b""], ids=["CR", "LF", "CRLF", "none"])
def test_a_code_is_told_once_whatever_ends_it(desk: Desk, suffix: bytes) -> None:
    desk.device.suffix = suffix
    desk.device.scan("https://hall.example/t/7f3c")
    until(lambda: desk.told)
    desk.device.suffix = b"\r"
    desk.device.scan("next")
    until(lambda: len(desk.told) > 1)
    assert desk.told == [Scanned("https://hall.example/t/7f3c"), Scanned("next")]


def test_chinese_is_read_in_both_codes(desk: Desk) -> None:
    desk.device.scan("姓名：张三")
    desk.device.scan("姓名：李四".encode("gb18030"))
    until(lambda: len(desk.told) == 2)
    assert [one.code for one in desk.told] == ["姓名：张三", "姓名：李四"]


def test_the_same_code_held_there_is_one_showing(desk: Desk) -> None:
    desk.device.scan("A012")
    desk.device.scan("A012")
    desk.device.scan("A013")
    until(lambda: Scanned("A013") in desk.told)
    assert desk.told == [Scanned("A012"), Scanned("A013")]


@pytest.mark.fault
def test_a_code_is_neither_on_the_tape_nor_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.device.scan("3101-SECRET")
    desk.device.scan(b"3101-\xffSECRET")
    until(lambda: desk.told and desk.scanner.dropped)
    logging.getLogger("control").info("%s", desk.told)
    assert "Scanned()" in caplog.text, "the control: the event was logged"
    assert "SECRET" not in caplog.text
    assert not any(b"".join(data for _, data in desk.port.tape()))


def test_a_scanner_will_not_stand_on_an_open_line() -> None:
    with pytest.raises(ValueError, match="private"):
        Scanner(Port("/dev/none"), tell=lambda _: None)


@pytest.mark.fault
def test_half_a_code_before_an_unplugging_is_forgotten(desk: Desk) -> None:
    desk.device.line.unplug()
    until(lambda: desk.scanner.health.state is State.OFFLINE)
    desk.port.url = desk.device.line.plug_in()
    until(lambda: desk.scanner.health.state is State.READY)
    desk.device.scan("whole")
    until(lambda: desk.told)
    assert desk.told == [Scanned("whole")]


def test_two_codes_without_an_end_or_a_silence_are_one_and_with_a_silence_two() -> None:
    codes = Codes()
    assert codes.feed(b"ABC", 0.0) == []
    assert codes.feed(b"DEF", GAP / 2) == []
    assert codes.feed(b"", LATER) == ["ABCDEF"]
    assert codes.feed(b"GHI", 1.0) == []
    assert codes.feed(b"JKL", 2.0) == ["GHI"]
    assert codes.feed(b"\r\n\r\n", 2.0) == ["JKL"]


def test_a_code_longer_than_any_qr_code_is_dropped_and_the_next_is_read() -> None:
    codes = Codes()
    most = "x" * MOST_CODE
    assert codes.feed(most.encode() + b"\r", 0.0) == [most]
    assert codes.feed(most.encode() + b"xyz\rnext\r", 0.0) == ["next"]
    assert codes.feed(b"z" * 100_000, 0.0) == []
    assert codes.feed(b"", LATER) == []
    assert codes.dropped == 2
    assert codes.feed(b"next\r", 1.0) == ["next"]


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"ab\x00cd", b"ab\x1bcd", b"\x80", "\u202e1".encode()]
)
def test_what_is_no_text_is_dropped_and_counted(raw: bytes) -> None:
    codes = Codes()
    assert codes.feed(raw + b"\r", 0.0) == []
    assert codes.dropped == 1


def test_the_separator_inside_an_official_code_is_kept() -> None:
    assert Codes().feed(b"01\x1d21ABC\r", 0.0) == ["01\x1d21ABC"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=4000), max_size=5), st.data())
def test_no_bytes_make_it_raise_or_grow_and_the_next_code_is_found(
    flood: list[bytes], data: st.DataObject
) -> None:
    codes, now = Codes(), 0.0
    for part in flood:
        now += data.draw(st.sampled_from([0.0, GAP / 2, LATER]))
        assert all(len(code.encode()) <= 2 * MOST_CODE for code in codes.feed(part, now))
    code = data.draw(st.text(st.characters(categories=("L", "N"))).filter(bool))
    raw = code.encode()[:MOST_CODE] + b"\r"
    split = data.draw(st.integers(0, len(raw)))
    codes.feed(b"", now + 1)
    assert codes.feed(raw[:split], now + 1) + codes.feed(raw[split:], now + 1) == [code]
