"""One card is read when asked, its secrets stay out of tape and log, and every status has a way."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from drivers.framing import load_table
from drivers.health import Health, State, Trouble
from drivers.id_card import Kind, Reason
from drivers.id_reader import NOISE, REASONS, CardRead, CardUnread, IdReader
from drivers.port import Port
from drivers.simulator.id_reader import SAMPLE, VirtualIdReader, block
from tests.drivers.bench import DEVICES, until
from tests.drivers.test_id_card import CARDS, KEY

TABLE = load_table(DEVICES / "id_reader.toml")
STATUS, FIND, SELECT, READ = (0x11, 0xFF), (0x20, 1), (0x20, 2), (0x30, 1)


@dataclass
class Desk:
    """A reader driver before a simulated reader, and what it told."""

    device: VirtualIdReader
    port: Port
    reader: IdReader
    told: list[CardRead | CardUnread] = field(default_factory=list)
    seen: list[Health] = field(default_factory=list)

    def ask(self) -> None:
        """Open the question on a reader that is well."""
        until(lambda: self.reader.health.state is State.READY)
        assert self.reader.ask(60).result(5)

    def looked(self, times: int) -> None:
        """Wait until it has looked for a card so often again."""
        before = self.device.asked.count(FIND)
        until(lambda: self.device.asked.count(FIND) >= before + times)


@pytest.fixture
def answer_seconds() -> float:
    """So long a reader may take: a machine with much to do is no silent reader."""
    return 5.0


@pytest.fixture
def desk(answer_seconds: float) -> Iterator[Desk]:
    device = VirtualIdReader("test", TABLE)
    port = Port(device.line.plug_in(), name="test", retry=(0.02, 0.05), private=True)
    told: list[CardRead | CardUnread] = []
    seen: list[Health] = []
    reader = IdReader(
        port,
        TABLE,
        key=KEY,
        tell=told.append,
        health=seen.append,
        today=lambda: date(2026, 11, 21),
        answer_seconds=answer_seconds,
        seek_seconds=0.05,
    )
    port.start()
    yield Desk(device, port, reader, told, seen)
    port.close()
    device.line.unplug()


@pytest.mark.parametrize("kind", Kind)
def test_a_card_of_each_kind_is_told_once(desk: Desk, kind: Kind) -> None:
    desk.ask()
    desk.device.lay(block(kind, **CARDS[kind]))
    until(lambda: desk.told)
    (told,) = desk.told
    assert isinstance(told, CardRead)
    assert told.card.kind is kind
    assert desk.reader.cancel().result(5) is False, "the question is answered"


def test_the_frames_sent_are_those_of_the_makers_paper(desk: Desk) -> None:
    desk.ask()
    desk.device.lay(block())
    until(lambda: desk.told)
    sent = {data for way, data in desk.port.tape() if way == ">"}
    assert sent == {
        bytes.fromhex("AA AA AA 96 69" + one)
        for one in ("0003 11FF ED", "0003 2001 22", "0003 2002 21", "0003 3001 32")
    }


def test_a_read_reply_is_1295_bytes(desk: Desk) -> None:
    desk.ask()
    before = sum(len(data) for way, data in desk.port.tape() if way == "<")
    desk.device.lay(block())
    until(lambda: desk.told)
    heard = sum(len(data) for way, data in desk.port.tape() if way == "<") - before
    idle = desk.device.asked.count(FIND) - 1
    # No card is 11 bytes each time, then found 15, selected 19, and the card.
    assert heard == 11 * idle + 15 + 19 + 1295


@pytest.mark.fault
def test_nothing_of_a_card_is_on_the_tape_or_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.ask()
    desk.device.lay(block())
    until(lambda: desk.told)
    logging.getLogger("control").info("%s", desk.told)
    heard = b"".join(data for way, data in desk.port.tape() if way == "<")
    assert len(heard) > 1295
    assert not any(heard)
    secrets = [*SAMPLE.values(), desk.told[0].card.mark]  # type: ignore[union-attr]
    assert "CardRead" in caplog.text, "the control: the event was logged"
    assert not any(one in caplog.text for one in secrets if len(one) > 2)


def request_of(command: str) -> Callable[[Port], bytes]:
    """Work that sends one command and gives the whole reply."""
    size = {"2001 22": 15, "2002 21": 19}.get(command, 1295)

    def work(line: Port) -> bytes:
        line.write(bytes.fromhex("AA AA AA 96 69 0003" + command))
        return line.read(5, size)

    return work


@pytest.mark.fault
def test_the_same_bytes_on_a_line_that_is_not_private_are_on_its_tape() -> None:
    """The control of the test above: without `private` the card would be there."""
    device = VirtualIdReader("open", TABLE)
    port = Port(device.line.plug_in(), name="open")
    port.start()
    until(lambda: port.up)
    device.lay(block())
    heard = [
        port.submit(request_of(one), b"").result(9) for one in ("2001 22", "2002 21", "3001 32")
    ]
    port.close()
    device.line.unplug()
    assert SAMPLE["number"].encode("utf-16-le") in heard[-1]
    taped = b"".join(data for way, data in port.tape() if way == "<")
    assert SAMPLE["number"].encode("utf-16-le") in taped


def test_a_reader_will_not_stand_on_an_open_line_nor_be_spied_on() -> None:
    with pytest.raises(ValueError, match="private"):
        IdReader(Port("/dev/none"), TABLE, key=KEY, tell=lambda _: None)
    with pytest.raises(ValueError, match="private"):
        Port("spy:///dev/none?file=x", private=True)
    with pytest.raises(ValueError, match="key"):
        IdReader(Port("x", private=True), TABLE, key=b"short", tell=lambda _: None)


def test_nobody_asks_no_card_is_looked_for(desk: Desk) -> None:
    until(lambda: desk.reader.health.state is State.READY)
    desk.device.lay(block())
    until(lambda: desk.device.asked)
    assert desk.reader.cancel().result(5) is False
    assert FIND not in desk.device.asked


def test_no_card_is_neither_an_event_nor_a_trouble(desk: Desk) -> None:
    desk.ask()
    desk.looked(2)
    assert desk.reader.cancel().result(5) is True
    assert desk.told == []
    assert [health.state for health in desk.seen] == [State.READY]


def test_a_question_ends_with_its_time(desk: Desk) -> None:
    until(lambda: desk.reader.health.state is State.READY)
    assert desk.reader.ask(0.001).result(5)
    until(lambda: STATUS in desk.device.asked[1:])  # it looks after itself again
    assert desk.reader.cancel().result(5) is False
    for seconds in (0, 301):
        with pytest.raises(ValueError, match="seconds"):
            desk.reader.ask(seconds)


def test_a_card_left_lying_is_not_read_for_the_next_citizen(desk: Desk) -> None:
    desk.ask()
    desk.device.lay(block())
    until(lambda: desk.told)
    desk.ask()
    desk.looked(2)
    assert len(desk.told) == 1
    desk.device.lift()
    desk.device.lay(block())
    until(lambda: len(desk.told) == 2)


@pytest.mark.parametrize("step", [FIND, SELECT, READ], ids=["find", "select", "read"])
@pytest.mark.parametrize(("status", "reason"), REASONS.items(), ids=lambda one: str(one))
def test_a_status_about_the_card_is_its_reason_and_the_next_try_may_succeed(
    desk: Desk, step: tuple[int, int], status: int, reason: Reason
) -> None:
    desk.ask()
    desk.device.status = {step: status}
    desk.device.lay(block())
    until(lambda: desk.told)
    assert desk.told == [CardUnread(reason)]
    desk.device.status = {}
    desk.device.lift()
    desk.device.lay(block())
    until(lambda: len(desk.told) == 2)
    assert isinstance(desk.told[1], CardRead)
    assert {health.state for health in desk.seen} == {State.READY}


def test_a_reason_that_stays_is_told_once(desk: Desk) -> None:
    desk.ask()
    desk.device.status = {SELECT: 0x81}
    desk.device.lay(block())
    desk.looked(3)
    assert desk.told == [CardUnread(Reason.MOVED)]


@pytest.mark.parametrize("status", NOISE)
def test_a_request_spoiled_on_its_way_is_asked_again(desk: Desk, status: int) -> None:
    desk.ask()
    desk.device.status = {FIND: status}
    desk.looked(2)
    assert desk.told == []
    desk.device.status = {}
    desk.device.lay(block())
    until(lambda: desk.told)
    assert isinstance(desk.told[0], CardRead)


@pytest.mark.fault
@pytest.mark.parametrize("status", [0x21, 0x23, 0x24, 0x60, 0x66, 0x00, 0xFF])
def test_a_status_about_the_reader_is_a_fault_until_it_is_well(desk: Desk, status: int) -> None:
    desk.ask()
    desk.device.status = {FIND: status, STATUS: status}
    until(lambda: desk.reader.health.state is State.FAULT)
    assert desk.reader.health.trouble is Trouble.DEVICE_ERROR
    assert desk.reader.ask().result(5) is False
    desk.device.status = {}
    desk.device.lay(block())
    until(lambda: desk.told)  # the question outlived the fault
    assert isinstance(desk.told[0], CardRead)


@pytest.mark.fault
@pytest.mark.parametrize("at", [SELECT, READ], ids=["select", "read"])
def test_a_card_lifted_in_the_middle_is_moved_and_may_be_laid_again(
    desk: Desk, at: tuple[int, int]
) -> None:
    desk.ask()
    desk.device.lift_at = at
    desk.device.lay(block())
    until(lambda: desk.told)
    assert desk.told == [CardUnread(Reason.MOVED)]
    desk.device.lay(block())
    until(lambda: len(desk.told) == 2)
    assert isinstance(desk.told[1], CardRead)


@pytest.mark.fault
@pytest.mark.parametrize("answer_seconds", [0.3])
@pytest.mark.parametrize("cut_at", [1294, 300, 270, 11, 10, 7, 5, 1])
def test_a_reply_cut_short_is_no_card_and_the_next_one_is_read(desk: Desk, cut_at: int) -> None:
    desk.ask()
    desk.device.lay(block())
    desk.device.cut_at = cut_at
    until(lambda: any(health.state is State.OFFLINE for health in desk.seen))
    assert not any(isinstance(one, CardRead) for one in desk.told)
    desk.device.cut_at = None
    desk.device.lift()
    desk.device.lay(block())
    until(lambda: any(isinstance(one, CardRead) for one in desk.told))


@pytest.mark.fault
def test_noise_before_each_reply_is_skipped(desk: Desk) -> None:
    desk.device.noise = b"\x00\xff\xaa\xaa\xaa\x96\xaa\xaa"
    desk.ask()
    desk.device.lay(block())
    until(lambda: desk.told)
    assert isinstance(desk.told[0], CardRead)


@pytest.mark.fault
@pytest.mark.parametrize("answer_seconds", [0.3])
def test_a_silent_or_unplugged_reader_is_offline_and_comes_back(desk: Desk) -> None:
    until(lambda: desk.reader.health.state is State.READY)
    desk.device.silent = True
    assert desk.reader.ask(60).result(5)
    until(lambda: desk.reader.health.trouble is Trouble.NO_ANSWER)
    desk.device.silent = False
    until(lambda: desk.reader.health.state is State.READY)
    desk.device.line.unplug()
    until(lambda: desk.reader.health.state is State.OFFLINE)
    assert desk.reader.ask().result(5) is False
    desk.port.url = desk.device.line.plug_in()
    until(lambda: desk.reader.health.state is State.READY)
