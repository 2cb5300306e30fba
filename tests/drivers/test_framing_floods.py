"""Every shipped table, drowned in random bytes: nothing raises, nothing grows, good frames come."""

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framing import MOST_FRAME, Frame, Framer, Table, load_table
from tests.drivers.bench import DEVICES

TABLES = [load_table(path) for path in sorted(DEVICES.glob("*.toml"))]
BYTES = 1_000_000 if os.environ.get("HALL_SOAK") == "1" else 100_000
LATER = 60.0  # seconds, longer than any table's silence


def frames_of(table: Table) -> st.SearchStrategy[Frame]:
    """Any frame that the table has room for."""
    address, command = (255 if name in table.layout else 0 for name in ("address", "command"))
    size = table.sizes.get("data")
    room = st.binary(min_size=size or 0, max_size=20 if size is None else size)
    return st.builds(Frame, st.integers(0, address), st.integers(0, command), room)


def starts(table: Table) -> tuple[bytes, ...]:
    """What a frame of this table begins with, whole and in part, then a length: the worst noise."""
    first = table.layout[0] if isinstance(table.layout[0], bytes) else b"\x05"
    return (first, first[:1], first + b"\xff\xff\xff", first + b"\x01", first + b"\x00\x20")


def noise(table: Table, chance: random.Random) -> Iterator[bytes]:
    """BYTES of it in pieces: a third begin like a frame."""
    left = BYTES
    while left > 0:
        part = chance.randbytes(chance.randrange(1, 400))
        if chance.random() < 1 / 3:
            part = chance.choice(starts(table)) + part
        left -= len(part)
        yield part


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_flood_neither_raises_nor_grows_and_the_next_good_frame_is_found(table: Table) -> None:
    chance, framer, now = random.Random(table.name), Framer(table), 0.0
    good = Frame(1 if "address" in table.layout else 0, 0, bytes(table.sizes.get("data", 3)))
    raw, found = table.encode(good), 0
    for n, part in enumerate(noise(table, chance)):
        now += chance.choice((0.0, 0.001, 1.0))
        framer.feed(part, now)
        assert len(framer._buffer) <= max(table.max_len, len(part)) <= MOST_FRAME
        if n % 20 == 0:
            now += LATER
            assert framer.feed(raw, now)[-1] == good
            found += 1
    assert found >= BYTES // 400 // 20
    assert framer.skipped > BYTES / 2, "the control: it was noise"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_frames_of_every_table_are_found_at_any_split(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    sent = data.draw(st.lists(frames_of(table), min_size=1, max_size=4))
    raw = b"".join(table.encode(frame) for frame in sent)
    framer, got = Framer(table), []
    while raw:
        step = data.draw(st.integers(1, len(raw)))
        got += framer.feed(raw[:step], 0.0)
        raw = raw[step:]
    assert got == sent
    assert framer.skipped == 0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_frame_behind_garbage_and_half_a_frame_is_found(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    broken, good = data.draw(frames_of(table)), data.draw(frames_of(table))
    raw = table.encode(broken)
    cut = data.draw(st.integers(0, len(raw) - 1))
    framer = Framer(table)
    framer.feed(data.draw(st.binary(max_size=200)) + raw[:cut], 0.0)
    assert framer.feed(table.encode(good), LATER)[-1] == good


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_frame_with_any_one_byte_changed_is_another_frame_or_none(table: Table) -> None:
    good = Frame(1 if "address" in table.layout else 0, 0, bytes(table.sizes.get("data", 3)))
    raw = table.encode(good)
    for at in range(len(raw)):
        for byte in range(256):
            spoiled = raw[:at] + bytes([byte]) + raw[at + 1 :]
            if spoiled != raw:
                assert good not in Framer(table).feed(spoiled, 0.0)
