"""A key at a call box is one wish, however often the frame comes."""

from collections.abc import Iterator

import pytest

from drivers.bus import Bus
from drivers.call_box import CallBox, Key, Pressed, load_box_table
from drivers.framing import Frame
from drivers.health import State
from drivers.port import Port
from drivers.rating_pad import Rated, RatingPad, load_pad_table
from drivers.simulator.box import VirtualBox
from tests.drivers.bench import DEVICES, until

FILE = DEVICES / "rs485_box.toml"
BOX, PAD = load_box_table(FILE), load_pad_table(FILE)
Desk = tuple[VirtualBox, RatingPad, list[Pressed | Rated], Port]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Box and pad of one window on one line, as they are sold."""
    device = VirtualBox("test", PAD, address=3)
    port = Port(device.line.plug_in(), name="test")
    told: list[Pressed | Rated] = []
    bus = Bus(port, BOX.frames)
    box = CallBox(bus, BOX, address=3, tell=told.append)
    pad = RatingPad(bus, PAD, address=3, tell=told.append)
    port.start()
    until(lambda: box.health.state is State.READY)
    yield device, pad, told, port
    port.close()
    device.line.unplug()


@pytest.mark.parametrize(("code", "key"), BOX.keys.items(), ids=str)
def test_each_key_is_told_once_and_acknowledged(desk: Desk, code: int, key: Key) -> None:
    device, _, told, _ = desk
    device.key(code)
    until(lambda: device.acknowledged == 1)
    assert told == [Pressed(3, key)]


def test_digits_come_with_their_ok(desk: Desk) -> None:
    device, _, told, _ = desk
    device.key(0x0F, digits=b"\x00\x01\x02")
    until(lambda: told)
    assert told == [Pressed(3, Key.OK, "012")]


@pytest.mark.fault
def test_a_double_press_within_a_second_calls_one_citizen(desk: Desk) -> None:
    device, _, told, _ = desk
    device.key(0x0C, bounces=2)
    device.key(0x0C)
    device.key(0x0D)
    until(lambda: Pressed(3, Key.RECALL) in told)
    assert told == [Pressed(3, Key.NEXT), Pressed(3, Key.RECALL)]
    assert device.sent == 5, "the control: next was sent four times"


def test_unknown_keys_and_endless_digits_are_no_wish(desk: Desk) -> None:
    device, _, told, _ = desk
    device.key(0x55)
    device.key(0x0F, digits=bytes(7))
    device.key(0x0F, digits=b"\x0b")
    device.key(0x0C)
    until(lambda: told)
    assert told == [Pressed(3, Key.NEXT)]


def test_box_and_pad_share_an_address_and_our_question_is_no_key(desk: Desk) -> None:
    device, pad, told, port = desk
    device.echo = True  # the question's frame is the key "ask rating" if it comes back
    assert pad.ask("service-1").result(5)
    heard = BOX.frames.encode(Frame(3, PAD.ask_command, PAD.ask_data))
    until(lambda: b"".join(data for way, data in port.tape() if way == "<") == heard)
    device.rate(0)
    until(lambda: told)
    device.key(0x0C)
    until(lambda: len(told) > 1)
    assert told == [Rated("service-1", 5), Pressed(3, Key.NEXT)]
