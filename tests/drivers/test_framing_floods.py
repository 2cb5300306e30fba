"""Every shipped table, and two of the trade: any split, any garbage, any bad byte, any flood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framing import Frame, Framer, Table
from tests.faults import frame_floods
from tests.faults.frame_floods import LATER, TABLES, a_frame


def frames_of(table: Table) -> st.SearchStrategy[Frame]:
    """Any frame that the table has room for."""
    address, command = (
        256 ** table.size(name) - 1 if name in table.layout else 0
        for name in ("address", "command")
    )
    size = table.sizes.get("data")
    room = st.binary(min_size=size or 0, max_size=20 if size is None else size)
    return st.builds(Frame, st.integers(0, address), st.integers(0, command), room)


@pytest.mark.fault
def test_a_flood_neither_raises_nor_grows_and_the_next_good_frame_is_found() -> None:
    figure = frame_floods.run(60_000, seed=1)
    assert figure.acknowledged >= len(TABLES) * 60_000 // 400 // 20
    assert figure.holds, str(figure)


@pytest.mark.fault
def test_a_framer_that_notices_no_silence_loses_good_frames() -> None:
    figure = frame_floods.run(60_000, seed=1, control=True)
    assert figure.lost > 0, str(figure)


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=300, deadline=None)
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
    good = a_frame(table)
    raw = table.encode(good)
    for at in range(len(raw)):
        for byte in range(256):
            spoiled = raw[:at] + bytes([byte]) + raw[at + 1 :]
            if spoiled != raw:
                assert good not in Framer(table).feed(spoiled, 0.0)
