"""Tickets on a real serial path: what is said to be printed is printed, and once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.escpos import Cut, Image, Job, Text, encode
from drivers.health import State, Trouble
from drivers.port import Port
from drivers.printed import KEPT, Ledger, Outcome, PrintResult
from drivers.printer import Printer
from drivers.profile import Proof, QrKind, StatusKind
from drivers.raster import Dots, text_dots
from drivers.simulator.paper import Slip
from tests.drivers.bench import (
    FONT,
    LINES,
    LINK,
    QUICK,
    TICKET,
    PrinterBench,
    drawn,
    until,
)
from tests.drivers.codes import read_codes

Make = Callable[..., PrinterBench]
DOTS = Dots(384, b"\x55" * 48 * 186)
LONG: Job = [Image(DOTS), Cut()]  # 9,000 bytes


def found(slip: Slip, words: str, size: int, bold: bool) -> bool:
    """Whether the dots of a line are on the slip, anywhere across it."""
    line = text_dots(words, font=FONT, size=size, bold=bold, width=384, share=0.0)
    rows = [int.from_bytes(row, "big") for row in line.rows()]
    inked = [at for at, row in enumerate(rows) if row]
    rows = rows[inked[0] : inked[-1] + 1]
    # The left edge of the ink, so that a centred line is compared with a left one.
    edge = min((row & -row).bit_length() for row in rows if row)
    want = [row >> (edge - 1) for row in rows]
    paper = Dots(slip.width, slip.bits)
    have = [int.from_bytes(row, "big") for row in paper.rows()]
    for at in range(len(have) - len(want) + 1):
        part = have[at : at + len(want)]
        if not all(bool(one) == bool(row) for one, row in zip(part, want, strict=True)):
            continue
        edge = min((row & -row).bit_length() for row in part if row)
        if [row >> (edge - 1) for row in part] == want:
            return True
    return False


@pytest.mark.parametrize("qr", list(QrKind))
@pytest.mark.parametrize("mode", ["native", "hybrid", "raster"])
def test_chinese_and_qr_are_read_back_from_the_paper(
    make_printer: Make, mode: str, qr: QrKind
) -> None:
    bench = make_printer(replace(drawn(mode), qr=qr))
    bench.ready()
    assert bench.printer.print("ticket-1", TICKET) == PrintResult(Outcome.PRINTED)
    (slip,) = bench.device.slips
    assert slip.cut
    assert bench.device.unknown == []
    assert bench.device.lost == 0
    assert read_codes(slip.picture()) == [LINK]
    if mode == "raster":
        printed = [line for line in TICKET if isinstance(line, Text)]
        assert all(found(slip, line.text, line.size, line.bold) for line in printed)
        assert not found(slip, "青岛市市民中忠", 1, False), "the comparison can say no"
    else:
        assert tuple(line for line in slip.lines if not line.startswith("[qr")) == LINES


def test_a_rare_name_is_on_paper_in_hybrid_mode(make_printer: Make) -> None:
    bench = make_printer()
    bench.ready()
    bench.printer.print("ticket-1", [Text("王䶮𠮷"), Text("A012"), Cut()])
    (slip,) = bench.device.slips
    assert slip.lines == ("A012",)
    assert found(slip, "王䶮𠮷", 1, False)


def test_the_same_job_id_twice_prints_once(make_printer: Make) -> None:
    bench = make_printer()
    bench.ready()
    first = bench.printer.print("ticket-1", TICKET)
    assert bench.printer.print("ticket-1", [Text("another"), Cut()]) == first
    assert len(bench.device.slips) == 1
    bench.printer.print("ticket-2", TICKET)
    assert len(bench.device.slips) == 2, "the control: another id prints"


def test_a_job_printed_before_a_restart_is_not_printed_again(
    make_printer: Make, tmp_path: Path
) -> None:
    for again in range(2):
        bench = make_printer(ledger=tmp_path / "printed.txt")
        bench.ready()
        assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.PRINTED
        assert len(bench.device.slips) == 1 - again


def test_a_job_cut_short_by_a_crash_stays_unknown(make_printer: Make, tmp_path: Path) -> None:
    path = tmp_path / "printed.txt"
    Ledger(path).record("ticket-1", PrintResult(Outcome.UNKNOWN, Trouble.CLOSED))
    with path.open("a") as file:
        file.write("ticket-2 prin")  # and the power went here
    bench = make_printer(ledger=path)
    bench.ready()
    assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.UNKNOWN
    assert bench.printer.print("ticket-2", TICKET).outcome is Outcome.PRINTED
    assert len(bench.device.slips) == 1


def test_the_ledger_keeps_the_last_256_jobs(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "printed.txt")
    for number in range(KEPT + 1):
        ledger.record(f"job-{number}", PrintResult(Outcome.PRINTED))
    again = Ledger(tmp_path / "printed.txt")
    assert again.result("job-0") is None
    assert again.result("job-1") == again.result(f"job-{KEPT}") == PrintResult(Outcome.PRINTED)


@pytest.mark.parametrize("job_id", ["", "two words", "line\nbreak", "x" * 65, "号"])
def test_a_job_id_that_could_spoil_the_ledger_is_refused(make_printer: Make, job_id: str) -> None:
    with pytest.raises(ValueError, match="job id"):
        make_printer().printer.print(job_id, TICKET)


@pytest.mark.fault
def test_a_9000_byte_job_paced_loses_nothing_where_the_same_job_unpaced_does(
    make_printer: Make,
) -> None:
    slow = {"speed": 120, "buffer": 2048}  # prints at half of what the line brings
    paced = make_printer(replace(drawn("raster"), pace=110), **slow)
    paced.ready()
    assert paced.printer.print("ticket-1", LONG).outcome is Outcome.PRINTED
    assert (paced.device.lost, paced.device.slips[0].bits) == (0, DOTS.bits + b"\0" * 768)

    control = make_printer(replace(drawn("raster"), pace=4000), **slow)
    control.ready()
    assert control.printer.print("ticket-1", LONG).outcome is not Outcome.PRINTED
    assert control.device.lost > 1000


@pytest.mark.fault
@pytest.mark.parametrize("mode", ["native", "raster"])
def test_paper_that_ends_in_a_job_is_never_a_printed_ticket(make_printer: Make, mode: str) -> None:
    bench = make_printer(replace(drawn(mode), pace=1500), speed=2000, paper=30)
    bench.ready()
    result = bench.printer.print("ticket-1", TICKET)
    assert result.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    assert result.trouble is Trouble.PAPER_OUT
    assert bench.printer.health.state is State.FAULT
    assert not bench.device.slips

    bench.device.paper_mm = 30_000
    assert bench.printer.print("ticket-1", TICKET) == result, "never sent again by itself"
    until(lambda: bench.printer.health.state is State.READY)
    assert bench.printer.print("ticket-1-again", TICKET).outcome is Outcome.PRINTED
    whole = bench.device.slips[-1]
    assert whole.cut
    assert read_codes(whole.picture()) == [LINK]
    if mode == "native":
        assert whole.lines[0] == LINES[0], "the remains of the first are on a slip of their own"


FAULTS = {
    "paper_mm": (0, State.FAULT, Trouble.PAPER_OUT),
    "cover_open": (True, State.FAULT, Trouble.COVER_OPEN),
    "cutter_jammed": (True, State.FAULT, Trouble.CUTTER),
    "overheated": (True, State.FAULT, Trouble.OVERHEAT),
    "silent": (True, State.OFFLINE, Trouble.NO_ANSWER),
}


@pytest.mark.fault
@pytest.mark.parametrize("switch", FAULTS)
def test_a_printer_in_trouble_refuses_early_and_prints_once_it_is_well(
    make_printer: Make, switch: str
) -> None:
    value, state, trouble = FAULTS[switch]
    bench = make_printer(replace(QUICK, answer_seconds=0.1))
    bench.ready()
    was = getattr(bench.device, switch)
    setattr(bench.device, switch, value)
    before = bench.device.received
    assert bench.printer.print("ticket-1", TICKET) == PrintResult(Outcome.FAILED, trouble)
    assert bench.printer.health.state is state
    assert bench.device.received - before <= 12, "nothing but questions was sent"

    setattr(bench.device, switch, was)
    assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.PRINTED
    assert len(bench.device.slips) == 1


def test_little_paper_is_said_and_still_prints(make_printer: Make) -> None:
    bench = make_printer(paper=1000)
    bench.ready()
    assert bench.printer.health.state is State.DEGRADED
    assert bench.printer.print("ticket-1", TICKET) == PrintResult(
        Outcome.PRINTED, Trouble.PAPER_LOW
    )
    assert bench.printer.health.trouble is Trouble.PAPER_LOW


@pytest.mark.fault
def test_a_cable_pulled_in_a_job_is_failed_and_offline_and_heals(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("raster"), pace=120), speed=120)
    bench.ready()
    waiting = bench.printer.submit("ticket-1", LONG)
    until(lambda: bench.device.received > 2500)
    bench.device.line.unplug()
    assert waiting.result(10) == PrintResult(Outcome.FAILED, Trouble.UNPLUGGED)
    until(lambda: bench.printer.health.state is State.OFFLINE)
    assert bench.printer.print("ticket-2", TICKET).outcome is Outcome.FAILED

    bench.port.url = bench.device.line.plug_in()
    bench.ready()
    assert bench.printer.print("ticket-2", [Text("A013"), Cut()]).outcome is Outcome.PRINTED
    assert bench.device.slips[-1].cut
    assert bench.device.slips[-1].width == 384
    assert found(bench.device.slips[-1], "A013", 1, False)


@pytest.mark.fault
def test_a_cover_opened_in_a_job_stops_the_sending(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("raster"), pace=110), speed=120)
    bench.ready()
    waiting = bench.printer.submit("ticket-1", LONG)
    until(lambda: bench.device.received > 2000)
    bench.device.cover_open = True
    assert waiting.result(10) == PrintResult(Outcome.FAILED, Trouble.COVER_OPEN)
    assert bench.device.received < 8000


def test_a_port_closed_in_a_job_ends_the_job_at_once(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("raster"), pace=110), speed=120)
    bench.ready()
    waiting = bench.printer.submit("ticket-1", LONG)
    until(lambda: bench.device.received > 500)
    bench.port.close()
    assert waiting.result(0) == PrintResult(Outcome.FAILED, Trouble.CLOSED)


@pytest.mark.fault
def test_a_job_is_in_the_ledger_before_its_first_byte_is_sent(
    make_printer: Make, tmp_path: Path
) -> None:
    path = tmp_path / "printed.txt"
    bench = make_printer(replace(drawn("raster"), pace=2000), speed=2400, ledger=path)
    bench.ready()
    asked = bench.device.received + 24  # two rounds of status questions
    waiting = bench.printer.submit("ticket-1", LONG)
    until(lambda: bench.device.received > asked)
    as_after_a_crash = Ledger(path).result("ticket-1")
    assert as_after_a_crash is not None
    assert waiting.result(10).outcome is Outcome.PRINTED


@pytest.mark.fault
def test_a_cable_pulled_after_the_last_ink_leaves_it_unknown(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("native"), pace=60, feed_before_cut=120), speed=2400)
    bench.ready()
    waiting = bench.printer.submit("ticket-1", [Text("A012"), Cut()])
    until(lambda: bench.device._head._lines)
    bench.device.line.unplug()
    assert waiting.result(10).outcome is Outcome.UNKNOWN


@pytest.mark.fault
def test_a_power_cycle_in_a_job_is_never_a_printed_ticket(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("native"), pace=4000), speed=60)
    bench.ready()
    waiting = bench.printer.submit("ticket-1", TICKET)
    until(lambda: bench.device.received > 250)  # all is sent, the head is still at the top
    bench.device.power_cycle()
    assert waiting.result(10).outcome is Outcome.UNKNOWN
    assert not any(slip.cut for slip in bench.device.slips)


def test_noise_around_a_status_byte_is_not_a_status_and_proves_no_ticket(
    make_printer: Make,
) -> None:
    bench = make_printer()
    bench.ready()
    bench.device.noise = b"\xff\x00\x7d"
    assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.UNKNOWN
    assert bench.printer.health.state is State.READY
    bench.device.noise = b""
    assert bench.printer.print("ticket-2", TICKET).outcome is Outcome.PRINTED


@pytest.mark.fault
def test_the_banner_of_a_printer_that_lost_its_power_is_no_proof(make_printer: Make) -> None:
    bench = make_printer(replace(drawn("native"), pace=4000), speed=60)
    bench.ready()
    job = b"".join(piece.data for piece in encode(TICKET, drawn("native"), FONT))
    asked, proof = 12, 3
    bench.device.line.trip(">", asked + len(job) + proof, bench.device.power_cycle)
    result = bench.printer.print("ticket-1", TICKET)
    assert result == PrintResult(Outcome.UNKNOWN, Trouble.NO_ANSWER)
    assert not any(slip.cut for slip in bench.device.slips)


def test_a_printer_that_cannot_tell_is_never_said_to_have_printed(make_printer: Make) -> None:
    bench = make_printer(replace(QUICK, status=StatusKind.NONE, proof=Proof.NONE))
    bench.ready()
    assert bench.printer.health.trouble is Trouble.NO_STATUS
    assert bench.printer.print("t-1", TICKET) == PrintResult(Outcome.UNKNOWN, Trouble.NO_STATUS)
    until(lambda: len(bench.device.slips) == 1)  # nothing told us when it was out


@pytest.mark.fault
def test_a_printer_that_is_well_but_proves_nothing_is_not_said_to_have_printed(
    make_printer: Make,
) -> None:
    """It says that all is well, and has lost half of the ticket: only GS r could have told."""
    bench = make_printer(replace(drawn("native"), proof=Proof.NONE, pace=4000), speed=30, buffer=64)
    bench.ready()
    assert bench.printer.print("t-1", TICKET) == PrintResult(Outcome.UNKNOWN, Trouble.NONE)
    assert bench.device.lost, "the control: it cannot have printed it"
    assert bench.printer.health.state is State.READY
    assert bench.printer.print("t-1", TICKET).outcome is Outcome.UNKNOWN, "never sent again"


def test_a_printer_that_comes_late_is_found(make_printer: Make) -> None:
    bench = make_printer(plugged=False)
    until(lambda: bench.printer.health.state is State.OFFLINE)
    assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.FAILED
    bench.port.url = bench.device.line.plug_in()
    bench.ready()
    assert bench.printer.print("ticket-1", TICKET).outcome is Outcome.PRINTED


def test_each_state_is_told_once(make_printer: Make) -> None:
    bench = make_printer()
    bench.ready()
    bench.printer.print("ticket-1", TICKET)
    until(lambda: bench.printer.health.state is State.READY)
    assert [health.state for health in bench.seen] == [State.READY, State.BUSY, State.READY]


def test_jobs_that_wait_when_the_port_closes_still_end() -> None:
    port = Port("", name="off")
    printer = Printer(port, QUICK, font=FONT)
    waiting = [printer.submit(f"ticket-{number}", TICKET) for number in range(70)]
    port.close()
    assert {one.result(1).outcome for one in waiting} == {Outcome.FAILED}
    assert waiting[-1].result().trouble is Trouble.MAILBOX_FULL


def test_the_pieces_of_a_job_stay_whole_commands() -> None:
    pieces = encode(TICKET, drawn("raster"), FONT)
    assert max(len(piece.data) for piece in pieces) < 2048
    assert sum(piece.rows for piece in pieces) > 400
