"""Frames are found in whatever comes, at any split, behind any garbage."""

from pathlib import Path
from typing import Any

import pytest

from drivers.framing import CHECKS, Frame, Framer, Table, load_table, table_of
from tests.drivers.bench import DEVICES
from tests.faults.frame_floods import LATER, TABLES, a_frame

SHIPPED = sorted(DEVICES.glob("*.toml"))
BOX = load_table(DEVICES / "rs485_box.toml")
CARD: dict[str, Any] = {
    "frame": {
        "name": "id card reader",
        "layout": ["AAAAAA9669", "length", "command", "data", "check"],
        "sizes": {"length": 2},
        "counts": ["command", "data", "check"],
        "over": ["length", "command", "data"],
        "check": "xor8",
        "max_len": 300,
    },
    "sample": [{"bytes": "AA AA AA 96 69 00 03 10 FF EC", "command": 0x10, "data": "FF"}],
}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_table_is_proved_by_the_samples_inside_it(path: Path) -> None:
    assert load_table(path).layout


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_two_frames_split_anywhere_are_two_frames(table: Table) -> None:
    sent = [a_frame(table)] * 2
    raw = b"".join(table.encode(frame) for frame in sent)
    for first in range(len(raw) + 1):
        for second in range(first, len(raw) + 1):
            framer = Framer(table)
            parts = (raw[:first], raw[first:second], raw[second:])
            assert [frame for part in parts for frame in framer.feed(part, 0.0)] == sent


@pytest.mark.parametrize(
    "garbage",
    ["00", "FF", "FF68", "FF680303", "68FF", "FF68030368", "FF 68 03 03 68 01 11 00 13 16"],
)
def test_garbage_before_a_frame_is_skipped(garbage: str) -> None:
    frame = Frame(1, 0x11, b"\x02")
    framer = Framer(BOX)
    got = framer.feed(bytes.fromhex(garbage) + BOX.encode(frame), 0.0)
    assert got == [frame]
    assert framer.skipped == len(bytes.fromhex(garbage))


def test_a_false_long_header_holds_a_good_frame_back_only_until_silence() -> None:
    frame = Frame(1, 0x11, b"\x02")
    framer = Framer(BOX)
    assert framer.feed(bytes.fromhex("FF 68 20 20 68") + BOX.encode(frame), 0.0) == []
    assert framer.feed(b"", LATER) == [frame]


def test_a_length_beyond_the_bound_holds_nothing_back() -> None:
    frame = Frame(1, 0x11, b"\x02")
    assert Framer(BOX).feed(bytes.fromhex("FF 68 F0 F0 68") + BOX.encode(frame), 0.0) == [frame]


def test_half_a_frame_then_silence_does_not_spoil_the_next() -> None:
    frame = Frame(1, 0x11, b"\x02")
    raw = BOX.encode(frame)
    framer = Framer(BOX)
    assert framer.feed(raw[:6], 0.0) == []
    assert framer.feed(raw, LATER) == [frame]


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("crc16_modbus", 0x4B37),
        ("crc16_arc", 0xBB3D),
        ("crc16_kermit", 0x2189),
        ("crc16_ccitt_false", 0x29B1),
        ("crc16_xmodem", 0x31C3),
    ],
)
def test_each_crc_is_the_one_of_the_catalogue(name: str, check: int) -> None:
    assert CHECKS[name](b"123456789") == check


def test_a_table_whose_sample_does_not_fit_is_refused() -> None:
    wrong = {**CARD, "sample": [{"bytes": "AA AA AA 96 69 00 03 10 FF ED", "command": 0x10}]}
    with pytest.raises(ValueError, match="sample"):
        table_of(wrong, "x.toml")


@pytest.mark.parametrize(
    "change",
    [
        {"layout": ["length", "data"]},
        {"layout": ["AA", "data"]},
        {"layout": ["AA", "length", "data", "data"]},
        {"check": "sum9"},
        {"max_len": 100_000},
        {"gap_ms": 0},
        {"sizes": {"length": 3}},
        {"unheard_of": 1},
    ],
)
def test_a_table_that_cannot_work_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"x\.toml"):
        table_of({**CARD, "frame": {**CARD["frame"], **change}}, "x.toml")


def test_a_value_that_does_not_fit_is_refused_not_cut() -> None:
    for frame in (Frame(256, 1), Frame(1, 300), Frame(1, 1, bytes(60))):
        with pytest.raises(ValueError, match="rs485_box"):
            BOX.encode(frame)
