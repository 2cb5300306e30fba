"""Faults of simulated devices are switched while they run: by URL, by program, by a file."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from drivers import simulator
from drivers.bus import Bus
from drivers.framing import load_table
from drivers.health import State, Trouble
from drivers.id_card import Reason
from drivers.id_reader import CardRead, CardUnread, IdReader
from drivers.port import Port
from drivers.printed import Outcome, PrintResult
from drivers.printer import Printer
from drivers.rating_pad import Rated, RatingPad, load_pad_table
from drivers.scanner import Scanned, Scanner
from drivers.simulator.box import VirtualBox
from drivers.simulator.faults import known
from drivers.simulator.id_reader import VirtualIdReader, block
from drivers.simulator.printer import VirtualPrinter
from drivers.simulator.scanner import VirtualScanner
from tests.drivers.bench import DEVICES, FONT, QUICK, TICKET, until


@contextmanager
def line(url: str, **how: Any) -> Iterator[Port]:
    """A port before a simulated device; closed and unplugged with the block."""
    port = Port(url, retry=(0.02, 0.05), **how)
    try:
        yield port
    finally:
        port.close()
        simulator.device(url).line.unplug()


def test_a_device_begins_with_the_faults_of_its_url() -> None:
    box = simulator.device("sim://call_box/born-deaf?faults=deaf,echo")
    assert isinstance(box, VirtualBox)
    assert (box.deaf, box.echo) == (True, True)
    gone = "sim://scanner/born-away?faults=unplugged"
    with pytest.raises(OSError, match="unplugged"):
        simulator.plug(gone)


# The status bytes 1 to 4 that the standard gives for each; what they mean is test_printer's.
STATUS = {
    "cover_open": [0x1A, 0x16, 0x12, 0x12],
    "cutter_jammed": [0x1A, 0x52, 0x1A, 0x12],
    "overheated": [0x1A, 0x52, 0x52, 0x12],
    "paper_out": [0x1A, 0x32, 0x12, 0x7E],
    "paper_low": [0x12, 0x12, 0x12, 0x1E],
}
WELL = [0x12] * 4


@pytest.mark.parametrize("fault", STATUS)
def test_a_fault_is_switched_on_and_off_by_program(fault: str) -> None:
    url = f"sim://printer/switched-{fault}"
    device = simulator.device(url)
    assert isinstance(device, VirtualPrinter)
    for words, status in (([fault], STATUS[fault]), ([], WELL)):
        simulator.faults(url).set(words)
        assert [device.status(number) for number in range(1, 5)] == status
    simulator.faults(url).set([fault, "silent"])
    simulator.faults(url).set(["silent"])
    assert (device.silent, [device.status(n) for n in range(1, 5)]) == (True, WELL)


# What the driver makes of faults of the line and of the printer's speech.
SPEECH = {
    "garbled": (State.OFFLINE, Outcome.FAILED, Trouble.NO_ANSWER),
    "late": (State.OFFLINE, Outcome.FAILED, Trouble.NO_ANSWER),
    "merged": (State.OFFLINE, Outcome.FAILED, Trouble.NO_ANSWER),
    "dtr_low": (State.OFFLINE, Outcome.FAILED, Trouble.NO_ANSWER),
    "taken": (State.OFFLINE, Outcome.FAILED, Trouble.PORT_TAKEN),
    "unplugged": (State.OFFLINE, Outcome.FAILED, Trouble.NO_PORT),
    "slow": (State.READY, Outcome.UNKNOWN, Trouble.NO_ANSWER),  # its proof comes too late
    "noisy": (State.READY, Outcome.UNKNOWN, Trouble.NO_ANSWER),
    "repeats": (State.READY, Outcome.UNKNOWN, Trouble.NO_ANSWER),  # nobody asked for the second
    "dripping": (State.READY, Outcome.PRINTED, Trouble.NONE),
}


@pytest.mark.parametrize("fault", SPEECH)
def test_a_fault_of_speech_is_understood_and_heals(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.port._WRITE", 0.2)  # only dtr_low keeps a byte so long
    url = f"sim://printer/speech-{fault}?baud={QUICK.baud}&speed=2400"
    with line(url, baud=QUICK.baud) as port:
        printer = Printer(port, QUICK, font=FONT)
        port.start()
        until(lambda: printer.health.state is State.READY)
        simulator.faults(url).set([fault])
        state, outcome, trouble = SPEECH[fault]
        until(lambda: printer.health.state is state)
        if state is State.OFFLINE:
            until(lambda: printer.health.trouble is trouble)
        assert printer.print("during", TICKET) == PrintResult(outcome, trouble)
        simulator.faults(url).set([])
        until(lambda: printer.health.state is State.READY)
        assert printer.print("after", TICKET).outcome is Outcome.PRINTED


def test_a_power_cycle_in_a_job_is_no_printed_ticket() -> None:
    url = f"sim://printer/cycled?baud={QUICK.baud}&speed=2400"
    with line(url, baud=QUICK.baud) as port:
        printer = Printer(port, QUICK, font=FONT)
        port.start()
        until(lambda: printer.health.state is State.READY)
        waiting = printer.submit("cycled", TICKET)
        until(lambda: printer.health.state is State.BUSY)
        simulator.faults(url).set(["power_cycle"])
        assert waiting.result(30).outcome is not Outcome.PRINTED


@pytest.mark.parametrize("fault", [[], ["small_buffer"]], ids=["control", "small"])
def test_a_small_buffer_loses_what_is_sent_too_fast(fault: list[str]) -> None:
    url = f"sim://printer/fast-{len(fault)}?baud={QUICK.baud}"
    simulator.faults(url).set([*fault, "cover_open"])  # so that nothing leaves it meanwhile
    device = simulator.device(url)
    assert isinstance(device, VirtualPrinter)
    with line(url, baud=QUICK.baud) as port:
        port.start()
        until(lambda: port.up)
        assert port.submit(lambda open_line: open_line.write(bytes(500)), False).result(5)
        until(lambda: device.received == 500)
        assert device.lost == (436 if fault else 0)


def test_every_fault_of_a_printer_is_tried_here() -> None:
    assert known("printer") == {*STATUS, *SPEECH, "silent", "power_cycle", "small_buffer"}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("not_genuine", Reason.NOT_GENUINE),
        ("wrong_card", Reason.WRONG_CARD),
        ("moved", Reason.MOVED),
        ("lifted", Reason.MOVED),
        ("cut_short", Reason.MOVED),
        ("unknown_flag", Reason.WRONG_CARD),
    ],
)
def test_a_card_that_cannot_be_taken_is_practised(fault: str, reason: Reason) -> None:
    url = f"sim://id_reader/practice-{fault}?faults={fault}"
    with line(url, baud=115_200, private=True) as port:
        told: queue.SimpleQueue[CardRead | CardUnread] = queue.SimpleQueue()
        table = load_table(DEVICES / "id_reader.toml")
        reader = IdReader(
            port, table, key=bytes(16), tell=told.put, answer_seconds=0.3, seek_seconds=0.02
        )
        port.start()
        until(lambda: reader.health.state is State.READY)
        device = simulator.device(url)
        assert isinstance(device, VirtualIdReader)
        device.lay(block())
        reader.ask(10)
        assert told.get(timeout=10) == CardUnread(reason)
        simulator.faults(url).set([])
        device.lay(block())
        until(lambda: reader.ask(10).result(5))
        assert isinstance(told.get(timeout=10), CardRead)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("long_name", "买**"),
        ("lone_surrogate", "\ufffd**"),
        ("noisy", "张**"),
    ],
)
def test_a_card_with_a_strange_name_or_a_strange_line_is_read(fault: str, name: str) -> None:
    url = f"sim://id_reader/strange-{fault}?faults={fault}"
    with line(url, baud=115_200, private=True) as port:
        told: queue.SimpleQueue[CardRead | CardUnread] = queue.SimpleQueue()
        table = load_table(DEVICES / "id_reader.toml")
        reader = IdReader(port, table, key=bytes(16), tell=told.put)
        port.start()
        device = simulator.device(url)
        assert isinstance(device, VirtualIdReader)
        device.lay(block())
        until(lambda: reader.ask(60).result(5))
        heard = told.get(timeout=10)
        assert isinstance(heard, CardRead)
        assert heard.card.name == name


@pytest.mark.parametrize(
    ("fault", "ratings"),
    [
        *(("bouncing", 1), ("echo", 1), ("deaf", 1), ("dripping", 1), ("storm", 1), ("twin", 1)),
        *(("halved", 0), ("garbled", 0), ("bad_sum", 0)),
    ],
)
def test_a_pad_with_a_fault_rates_once_or_not_at_all(fault: str, ratings: int) -> None:
    url = f"sim://rating_pad/practice-{fault}?address=1"
    table = load_pad_table(DEVICES / "rs485_box.toml")
    told: list[Rated] = []
    with line(url) as port:
        pad = RatingPad(Bus(port, table.frames), table, address=1, tell=told.append)
        port.start()
        assert pad.ask("service-1").result(10)
        box = simulator.device(url)
        assert isinstance(box, VirtualBox)
        simulator.faults(url).set([fault])
        box.rate(0)
        # Acknowledged and then told, or given up.
        until(lambda: not box.waiting and len(told) >= ratings)
        assert told == [Rated("service-1", 5)] * ratings


def test_who_plays_with_the_faces_rates_once_when_asked_and_never_else() -> None:
    url = "sim://rating_pad/played-with?faults=restless"
    table = load_pad_table(DEVICES / "rs485_box.toml")
    told: list[Rated] = []
    with line(url) as port:
        pad = RatingPad(Bus(port, table.frames), table, address=1, tell=told.append)
        port.start()
        until(lambda: pad.ignored)
        assert told == []
        assert pad.ask("service-1").result(10)
        until(lambda: told)
        until(lambda: pad.ignored > 1)
        assert told == [Rated("service-1", 5)]


@pytest.mark.parametrize("late", [False, True], ids=["control", "late"])
def test_a_citizen_who_thinks_too_long_has_not_rated(late: bool) -> None:
    url = f"sim://rating_pad/slow-{late}?answers=100&patience=10"
    table = load_pad_table(DEVICES / "rs485_box.toml")
    told: list[Rated] = []
    with line(url) as port:
        box = simulator.device(url)
        assert isinstance(box, VirtualBox)
        simulator.faults(url).set(["late"] if late else [])
        assert box.hesitates == (65 if late else 0), "longer than an agent lets a pad ask"
        box.hesitates = min(box.hesitates, 0.6)
        pad = RatingPad(Bus(port, table.frames), table, address=1, tell=told.append)
        port.start()
        assert pad.ask("service-1", 0.3).result(10)
        until(lambda: told or pad.ignored)
        assert len(told) == (not late)


def test_every_fault_of_a_pad_a_reader_and_a_scanner_is_tried_here() -> None:
    line_faults = {"unplugged", "taken", "garbled", "dtr_low", "dripping"}
    pad = {"deaf", "echo", "bouncing", "halved", "bad_sum", "twin", "restless", "storm", "late"}
    assert known("rating_pad") == known("call_box") == line_faults | pad
    card = {"not_genuine", "wrong_card", "moved", "lifted", "cut_short", "unknown_flag"}
    strange = {"long_name", "lone_surrogate", "noisy", "silent"}
    assert known("id_reader") == line_faults | card | strange
    assert known("scanner") == line_faults | {"no_suffix", "glued", "endless"}
    assert known("led_strip") == line_faults


@pytest.mark.parametrize(
    ("fault", "codes"),
    [([], ["A012", "A013"]), (["glued"], ["A012A013"]), (["endless"], [])],
    ids=["control", "glued", "endless"],
)
def test_codes_without_an_end_between_them_are_one_and_an_endless_one_is_none(
    fault: list[str], codes: list[str]
) -> None:
    url = f"sim://scanner/glue-{len(codes)}?baud=115200&faults={','.join(fault)}"
    told: list[Scanned] = []
    with line(url, private=True) as port:
        scanner = Scanner(port, tell=told.append)
        port.start()
        until(lambda: scanner.health.state is State.READY)
        gun = simulator.device(url)
        assert isinstance(gun, VirtualScanner)
        gun.scan("A012")
        gun.scan("A013")
        until(lambda: len(told) + scanner.dropped == (len(codes) or 2))
        simulator.faults(url).set([])
        gun.scan("the next")
        until(lambda: Scanned("the next") in told)
        assert told == [Scanned(code) for code in [*codes, "the next"]]


def test_a_scanner_without_a_suffix_still_tells_its_code() -> None:
    url = "sim://scanner/practice?faults=no_suffix"
    told: queue.SimpleQueue[Scanned] = queue.SimpleQueue()
    with line(url, private=True) as port:
        scanner = Scanner(port, tell=told.put)
        port.start()
        until(lambda: scanner.health.state is State.READY)
        gun = simulator.device(url)
        assert isinstance(gun, VirtualScanner)
        gun.scan("A012-7K3F")
        assert told.get(timeout=10) == Scanned("A012-7K3F")


def test_a_trainer_switches_faults_by_writing_words_into_a_file(tmp_path: Path) -> None:
    control = tmp_path / "printer.faults"
    url = f"sim://printer/trained?baud={QUICK.baud}&control={control}"
    with line(url, baud=QUICK.baud) as port:
        printer = Printer(port, QUICK, font=FONT)
        port.start()
        until(lambda: printer.health.state is State.READY)
        control.write_text("cover_open nonsense\n", "utf-8")
        until(lambda: printer.health.trouble is Trouble.COVER_OPEN)
        control.write_text("unplugged\n", "utf-8")
        until(lambda: printer.health.state is State.OFFLINE)
        control.unlink()
        until(lambda: printer.health.state is State.READY)


@pytest.mark.parametrize(
    "url", ["sim://printer/x1?faults=bored", "sim://led_strip/x1?faults=cover_open"]
)
def test_a_fault_that_a_device_cannot_have_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="has no fault"):
        simulator.device(url)
