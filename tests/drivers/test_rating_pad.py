"""One question, at most one answer, whatever the key, the line and the pad do."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from drivers.bus import Bus
from drivers.call_box import load_box_table
from drivers.framing import load_table
from drivers.health import State
from drivers.port import Port
from drivers.rating_pad import Rated, RatingPad, load_pad_table
from drivers.simulator.box import VirtualBox
from tests.drivers.bench import DEVICES, until

TABLE = load_pad_table(DEVICES / "rs485_box.toml")


@dataclass
class Pad:
    """A pad driver before a simulated box, and what it told."""

    device: VirtualBox
    port: Port
    pad: RatingPad
    told: list[Rated] = field(default_factory=list)

    def ask(self, service: str, seconds: float = 30.0) -> None:
        assert self.pad.ask(service, seconds).result(5)

    def settled(self, presses: int) -> None:
        """Wait until every frame sent was heard as an answer or as one too many."""
        until(lambda: len(self.told) + self.pad.ignored == presses)


@pytest.fixture
def desk() -> Iterator[Pad]:
    device = VirtualBox("test", TABLE, address=3)
    port = Port(device.line.plug_in(), name="test", retry=(0.02, 0.05))
    told: list[Rated] = []
    pad = RatingPad(Bus(port, TABLE.frames), TABLE, address=3, tell=told.append)
    port.start()
    until(lambda: pad.health.state is State.READY)
    yield Pad(device, port, pad, told)
    port.close()
    device.line.unplug()


@pytest.mark.parametrize(("key", "level"), [(0, 5), (1, 4), (2, 3), (3, 2)])
def test_a_press_is_the_official_level_of_its_key(desk: Pad, key: int, level: int) -> None:
    desk.ask("service-1")
    desk.device.rate(key)
    until(lambda: desk.told)
    assert desk.told == [Rated("service-1", level)]
    until(lambda: desk.device.acknowledged == 1)


def test_five_keys_are_only_another_table() -> None:
    file = DEVICES / "rating_pad_5.toml"
    assert load_pad_table(file).levels == {0: 5, 1: 4, 2: 3, 3: 2, 4: 1}
    assert load_box_table(file) == replace(
        load_box_table(DEVICES / "rs485_box.toml"), frames=load_table(file)
    ), "the box beside it is the same"


def test_a_bouncing_key_is_one_rating(desk: Pad) -> None:
    desk.ask("service-1")
    desk.device.rate(0, bounces=3)
    until(lambda: desk.told)
    desk.ask("service-2")  # behind the bounces on the same line
    desk.device.rate(1)
    until(lambda: len(desk.told) > 1)
    assert desk.told == [Rated("service-1", 5), Rated("service-2", 4)]


def test_two_faces_pressed_are_the_first_one(desk: Pad) -> None:
    desk.ask("service-1")
    desk.device.rate(3)
    desk.device.rate(0)
    desk.settled(2)
    assert desk.told == [Rated("service-1", 2)]


def test_a_press_for_nobody_is_acknowledged_and_no_rating(desk: Pad) -> None:
    desk.device.rate(0)
    until(lambda: desk.device.acknowledged == 1)
    desk.settled(1)
    assert desk.told == []


def test_a_press_after_the_time_is_no_rating(desk: Pad) -> None:
    desk.ask("service-1", seconds=0.001)
    desk.device.rate(0)
    desk.settled(1)
    assert desk.told == []


def test_a_press_after_cancel_is_no_rating(desk: Pad) -> None:
    desk.ask("service-1")
    assert desk.pad.cancel().result(5)
    desk.device.rate(0)
    desk.settled(1)
    assert desk.told == []


def test_a_new_question_closes_the_one_before(desk: Pad) -> None:
    desk.ask("service-1")
    desk.ask("service-2")
    desk.device.rate(1)
    desk.device.rate(2)
    desk.settled(2)
    assert desk.told == [Rated("service-2", 4)]


@pytest.mark.fault
def test_a_frame_sent_again_because_the_answer_was_lost_counts_once(desk: Pad) -> None:
    desk.ask("service-1")
    desk.device.deaf = True
    desk.device.rate(0)
    until(lambda: desk.told)
    assert desk.pad.ask("service-2").result(5)  # the resends of the first meet the second question
    desk.settled(3)
    assert desk.device.sent == 3, "the control: it was sent three times"
    assert desk.told == [Rated("service-1", 5)]


def test_a_key_that_is_no_level_is_no_rating(desk: Pad) -> None:
    desk.ask("service-1")
    desk.device.rate(9)
    desk.settled(1)
    desk.device.rate(0)
    until(lambda: desk.told)
    assert desk.told == [Rated("service-1", 5)]


def test_an_adapter_that_gives_back_our_own_bytes_changes_nothing(desk: Pad) -> None:
    desk.device.echo = True
    desk.ask("service-1")
    desk.device.rate(1)
    until(lambda: desk.told)
    assert desk.told == [Rated("service-1", 4)]


@pytest.mark.fault
@pytest.mark.parametrize("asked_again", [False, True])
def test_a_lost_line_keeps_an_open_question_but_opens_none(desk: Pad, asked_again: bool) -> None:
    desk.ask("service-1")
    desk.device.line.unplug()
    until(lambda: desk.pad.health.state is State.OFFLINE)
    if asked_again:
        assert desk.pad.ask("service-2").result(5) is False
    desk.port.url = desk.device.line.plug_in()
    until(lambda: desk.pad.health.state is State.READY)
    desk.device.rate(0)
    desk.settled(1)
    assert desk.told == ([] if asked_again else [Rated("service-1", 5)])


def test_a_question_out_of_bounds_is_refused(desk: Pad) -> None:
    for service, seconds in (("", 30), ("x" * 65, 30), ("x", 0), ("x", 601)):
        with pytest.raises(ValueError, match="out of bounds"):
            desk.pad.ask(service, seconds)


@pytest.mark.parametrize("levels", ["", "0 = 6", "0 = 0", 'x = "y"'])
def test_a_pad_table_with_levels_that_are_not_official_is_refused(
    tmp_path: Path, levels: str
) -> None:
    text = (DEVICES / "rs485_box.toml").read_text("utf-8")
    file = tmp_path / "pad.toml"
    file.write_text(text.replace("0 = 5\n1 = 4\n2 = 3\n3 = 2\n", levels + "\n"), "utf-8")
    with pytest.raises(ValueError, match=r"levels|rating_pad"):
        load_pad_table(file)
