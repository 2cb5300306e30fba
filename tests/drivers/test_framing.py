"""Frames are found in whatever comes, at any split, behind any garbage."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framing import CHECKS, Frame, Framer, Table, load_table, table_of
from tests.drivers.bench import DEVICES

SHIPPED = sorted(DEVICES.glob("*.toml"))
BOX = load_table(DEVICES / "rs485_box.toml")
# Two other families of the trade, so that the engine is not a call-box parser in disguise.
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
STUFFED: dict[str, Any] = {
    "frame": {
        "name": "bus strip",
        "layout": ["A5", "address", "command", "length", "data", "check", "5A"],
        "sizes": {"address": 2, "length": 2, "check": 2},
        "counts": ["data"],
        "over": ["address", "command", "length", "data"],
        "check": "crc16_modbus",
        "escape": {"A5": "A602", "A6": "A601", "5A": "5B02", "5B": "5B01"},
    },
    "sample": [
        {
            "bytes": "A5 00 01 07 00 02 5B 02 A6 02 0A F4 5A",
            "address": 1,
            "command": 7,
            "data": "5A A5",
        }
    ],
}
TABLES = [BOX, table_of(CARD, "card"), table_of(STUFFED, "stuffed")]
LATER = 60.0  # seconds, longer than any table's silence


def frames_for(table: Table) -> st.SearchStrategy[Frame]:
    address = 256 ** table.size("address") - 1 if "address" in table.layout else 0
    return st.builds(Frame, st.integers(0, address), st.integers(0, 255), st.binary(max_size=20))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_table_is_proved_by_the_samples_inside_it(path: Path) -> None:
    assert load_table(path).layout


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_two_frames_split_anywhere_are_two_frames(table: Table) -> None:
    sent = [Frame(1 if "address" in table.layout else 0, 7, b"\x5a\xa5\x01"), Frame(0, 2, b"")]
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


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_encoded_is_found_again_in_any_chunks(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    sent = data.draw(st.lists(frames_for(table), min_size=1, max_size=4))
    raw = b"".join(table.encode(frame) for frame in sent)
    framer, got = Framer(table), []
    while raw:
        step = data.draw(st.integers(1, len(raw)))
        got += framer.feed(raw[:step], 0.0)
        raw = raw[step:]
    assert got == sent
    assert framer.skipped == 0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_after_any_garbage_and_silence_the_next_frame_is_found(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    frame = data.draw(frames_for(table))
    framer = Framer(table)
    framer.feed(data.draw(st.binary(max_size=200)), 0.0)
    assert framer.feed(table.encode(frame), LATER)[-1] == frame


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TABLES), st.lists(st.binary(max_size=3000), max_size=4))
def test_no_flood_makes_the_framer_raise_or_grow(table: Table, flood: list[bytes]) -> None:
    framer = Framer(table)
    for part in flood:
        framer.feed(part, 0.0)
        assert len(framer._buffer) <= 2 * table.max_len


def test_the_crc_is_the_one_of_the_catalogue() -> None:
    assert CHECKS["crc16_modbus"](b"123456789") == 0x4B37


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
