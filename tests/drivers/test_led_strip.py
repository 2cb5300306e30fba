"""A strip is told what to show, again and again, and nobody claims that it shows it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.bus import Bus
from drivers.framing import Frame
from drivers.health import State, Trouble
from drivers.led_strip import LedStrip, Sent, StripTable, load_strip_table
from drivers.port import MAILBOX, Port
from drivers.simulator.strip import VirtualStrip
from tests.drivers.bench import DEVICES, until

SUNPN, BOARD, ROWS, BOX = (
    load_strip_table(DEVICES / f"{name}.toml")
    for name in ("led_sunpn", "led_board", "led_rows", "rs485_box")
)


@dataclass
class Wall:
    """A text strip at address 3, its port and its driver."""

    device: VirtualStrip
    port: Port
    strip: LedStrip


@pytest.fixture
def wall() -> Iterator[Wall]:
    with ExitStack() as ends:
        yield make(ends)


def make(ends: ExitStack, refresh: float = 30.0) -> Wall:
    device = VirtualStrip("test", ROWS, address=3)
    port = Port(device.line.plug_in(), name="test", retry=(0.02, 0.05))
    strip = LedStrip(Bus(port, ROWS.frames), ROWS, address=3, refresh=refresh)
    port.start()
    ends.callback(device.line.unplug)
    ends.callback(port.close)
    until(lambda: strip.health.state is State.READY)
    return Wall(device, port, strip)


def test_the_makers_own_frames_are_what_a_number_becomes() -> None:
    for table, address, number, raw in (
        (SUNPN, 0, "888", "3A 00 78 03 01 B6 0A"),
        (BOARD, 5, "999", "05 03 E7 EF"),
    ):
        frame = table.frame("number", address, {"number": number})
        assert frame is not None
        assert table.frames.encode(frame) == bytes.fromhex(raw)


def test_a_box_shows_waiting_people_and_the_digits_of_the_number() -> None:
    for number, waiting, data in (
        ("A012", "7", "0A 0A 07 0A 01 02"),
        ("A012", "", "0A 0A 0A 0A 01 02"),
        ("B000", "120", "01 02 00 0A 0A 00"),
        ("AB051", "7", "0A 0A 07 0A 05 01"),
        ("A051X", "7", "0A 0A 07 0A 0A 0A"),  # an offline number: 51 would be A051
    ):
        frame = BOX.frame("number", 3, {"number": number, "waiting": waiting})
        assert frame == Frame(3, 0x02, bytes.fromhex(data))
    assert BOX.frame("off", 3, {}) == Frame(3, 0x02, b"\x0a" * 6)


@pytest.mark.parametrize(
    ("table", "show", "facts"),
    [
        (BOX, "number", {"number": "A1234", "waiting": "7"}),
        (BOX, "number", {"number": "A012", "waiting": "1000"}),
        (BOX, "notice", {"text": "休息"}),
        (SUNPN, "number", {"number": "99999"}),
        (SUNPN, "number", {"number": "VIP"}),
        (SUNPN, "number", {"number": "A051X"}),
        (BOARD, "number", {"number": "A051X"}),
        (SUNPN, "off", {}),
        (BOARD, "notice", {"text": "x"}),
        (ROWS, "notice", {"text": "长" * 200}),
    ],
)
def test_what_a_family_cannot_show_is_no_frame(
    table: StripTable, show: str, facts: dict[str, str]
) -> None:
    assert table.frame(show, 1, facts) is None


def test_number_notice_and_off_are_sent_and_nothing_more_is_claimed(wall: Wall) -> None:
    assert wall.strip.show("A012", 7).result(5) is Sent.SENT
    assert wall.strip.notice("请 A012 到 3 号窗口").result(5) is Sent.SENT
    assert wall.strip.off().result(5) is Sent.SENT
    until(lambda: len(wall.device.shown) == 3)
    shown = [frame.data.decode("gb2312") for frame in wall.device.shown]
    assert shown == ["A012", "请 A012 到 3 号窗口", " "]
    assert (wall.strip.health.state, wall.strip.health.trouble) == (
        State.READY,
        Trouble.NO_STATUS,
    )


def test_a_strip_of_letters_shows_an_offline_number_whole(wall: Wall) -> None:
    assert wall.strip.show("A051X", 7).result(5) is Sent.SENT
    until(lambda: wall.device.shown)
    assert wall.device.shown[0].data == b"A051X"


def test_a_text_carries_no_command_and_no_character_that_the_strip_lacks(wall: Wall) -> None:
    wall.strip.notice("王䶮\x16\xa5\x04𠮷\r\n3").result(5)
    until(lambda: wall.device.shown)
    assert wall.device.shown[0].data.decode("gb2312") == "王〓〓〓  3"


def test_what_cannot_be_shown_is_said_at_once_and_changes_nothing(wall: Wall) -> None:
    assert wall.strip.notice("长" * 200).result(0) is Sent.CANNOT
    out_of_bounds: list[Callable[[], object]] = [
        lambda: wall.strip.show(""),
        lambda: wall.strip.show("A" * 17),
        lambda: wall.strip.show("A1", -1),
        lambda: wall.strip.show("A1", 10_000),
        lambda: wall.strip.notice("x" * 201),
    ]
    for wrong in out_of_bounds:
        with pytest.raises(ValueError, match="out of bounds"):
            wrong()
    assert not wall.device.shown


@pytest.mark.fault
def test_a_strip_that_was_unplugged_is_told_again_what_was_wished_last(wall: Wall) -> None:
    assert wall.strip.show("A012").result(5) is Sent.SENT
    until(lambda: wall.device.shown)
    wall.device.line.unplug()
    until(lambda: wall.strip.health.state is State.OFFLINE)
    assert wall.strip.show("A013").result(5) is Sent.NOT_SENT
    wall.device.shown.clear()
    wall.port.url = wall.device.line.plug_in()
    until(lambda: wall.device.shown)
    assert wall.device.shown[0].data == b"A013"


@pytest.mark.fault
def test_a_strip_behind_a_full_mailbox_shows_what_was_wished_last_and_nothing_older() -> None:
    device = VirtualStrip("test", ROWS, address=3)
    port = Port(device.line.plug_in(), name="test")
    strip = LedStrip(Bus(port, ROWS.frames), ROWS, address=3)
    waiting = [strip.show(f"A{n:03}") for n in range(MAILBOX + 5)]
    assert waiting[-1].result(0) is Sent.NOT_SENT, "the control: there was no room for it"
    port.start()
    assert waiting[0].result(10) is Sent.SENT
    until(lambda: device.shown)
    port.close()
    device.line.unplug()
    assert {frame.data for frame in device.shown} == {b"A068"}


@pytest.mark.fault
def test_a_frame_that_was_lost_is_made_good_by_the_next() -> None:
    with ExitStack() as ends:
        wall = make(ends, refresh=0.01)
        wall.strip.show("A012").result(5)
        until(lambda: len(wall.device.shown) >= 3)
        assert {frame.data for frame in wall.device.shown} == {b"A012"}


def test_strips_on_one_line_hear_only_their_own() -> None:
    device = VirtualStrip("test", BOARD, address=5)
    port = Port(device.line.plug_in(), name="test")
    bus = Bus(port, BOARD.frames)
    four, five = (LedStrip(bus, BOARD, address=n) for n in (4, 5))
    port.start()
    until(lambda: port.up)
    assert four.show("A001").result(5) is Sent.SENT
    assert five.show("A002").result(5) is Sent.SENT
    until(lambda: device.shown)
    port.close()
    device.line.unplug()
    assert {frame.data for frame in device.shown} == {b"\x00\x02"}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('data = ["number:text"]', 'data = ["number:roman"]'),
        ('data = ["number:text"]', "data = 5"),
        ("[led_strip.number]", "[led_strip.colour]"),
        ("[led_strip.number]", "[strip.number]"),
        ("command = 0x01", "command = 0x100"),
        ("31 32 9D", "31 32 9E"),
    ],
)
def test_a_strip_table_with_a_mistake_is_refused(tmp_path: Path, was: str, now: str) -> None:
    text = (DEVICES / "led_rows.toml").read_text("utf-8")
    text = text.partition("[led_strip.notice]")[0] + text[text.index("[[sample]]") :]
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(was, now), "utf-8")
    assert was in text
    with pytest.raises(ValueError, match=r"mine\.toml"):
        load_strip_table(file)
