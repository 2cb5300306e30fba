"""What went over a line last is there for who mends it, and nothing personal is in it."""

import asyncio
import logging
import os
import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from config.language import say
from drivers import simulator, tapes
from drivers.__main__ import main
from drivers.bus import Bus
from drivers.escpos import Cut, Qr, Text
from drivers.framing import load_table
from drivers.health import State, Trouble
from drivers.id_reader import CardRead, CardUnread, IdReader
from drivers.port import Port
from drivers.rating_pad import RatingPad, load_pad_table
from drivers.simulator.box import VirtualBox
from drivers.simulator.id_reader import VirtualIdReader, block
from drivers.tape import TAPE_BYTES, Tape
from tests.drivers.bench import DEVICES, LINK, PrinterBench, until


def test_a_row_says_when_which_way_and_what_and_pieces_of_one_frame_stand_together() -> None:
    tape = Tape(private=False)
    tape.record(">", bytes.fromhex("FF 68 03"), 1_763_780_400.0)
    tape.record("<", b"\xff\x68", 1_763_780_400.2)
    tape.record("<", b"\x03", 1_763_780_400.21)
    tape.record("<", bytes(range(26)), 1_763_780_401.0)
    rows = [row.partition(" ")[2] for row in tape.rows()]
    assert [row[12:] for row in rows] == [
        " > FF 68 03",
        " < FF 68 03",
        f" < {bytes(range(24)).hex(' ').upper()}",
        " < 18 19",
    ]
    assert rows[1].startswith(rows[0][:8])
    assert rows[1][9:12] == "200"


def test_the_log_gets_what_it_was_not_given_yet() -> None:
    tape = Tape(private=False)
    assert tape.news() == ""
    tape.record(">", b"\x10\x04\x01", 1.0)
    tape.record("<", b"\x16", 1.1)
    assert tape.news() == "> 10 04 01  < 16"
    assert tape.news() == ""
    tape.record("<", bytes(TAPE_BYTES - 9), 2.0)
    tape.record(">", b"\x01", 3.0)
    assert tape.news() == f"< {bytes(24).hex(' ')}  > 01"


@pytest.mark.fault
def test_no_paper_is_on_the_tape_and_the_questions_to_the_printer_are(
    make_printer: Callable[..., PrinterBench],
) -> None:
    bench = make_printer()
    bench.ready()
    bench.printer.print("ticket-1", [Text("A012 7F3C"), Qr(LINK), Cut()])
    sent = b"".join(data for way, data in bench.port.tape() if way == ">")
    assert b"\x10\x04\x02" in sent
    assert b"7F3C" not in sent
    assert LINK.encode() not in sent
    assert any(row.endswith(" B]") for row in bench.port.tape_rows())
    assert bench.device.slips[0].lines[0] == "A012 7F3C", "the control: it was sent"


@pytest.mark.fault
def test_a_fault_is_logged_with_the_last_bytes(
    make_printer: Callable[..., PrinterBench], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bench = make_printer()
    bench.ready()
    assert "last bytes" not in caplog.text, "the control: all is well"
    bench.device.cover_open = True
    until(lambda: bench.printer.health.trouble is Trouble.COVER_OPEN)
    until(lambda: "printer on test: last bytes: " in caplog.text)
    told = next(one for one in caplog.messages if "last bytes" in one)
    assert told.endswith("> 10 04 02  < 16")


@pytest.mark.fault
def test_of_a_card_only_how_much_was_heard_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = "sim://id_reader/taped"
    port = Port(url, private=True, baud=115_200, retry=(0.02, 0.05))
    told: queue.SimpleQueue[CardRead | CardUnread] = queue.SimpleQueue()
    table = load_table(DEVICES / "id_reader.toml")
    reader = IdReader(port, table, key=bytes(16), tell=told.put, answer_seconds=0.5)
    port.start()
    until(lambda: reader.health.state is State.READY)
    device = simulator.device(url)
    assert isinstance(device, VirtualIdReader)
    device.lay(block())
    until(lambda: reader.ask(10).result(5))
    assert isinstance(told.get(timeout=10), CardRead)
    simulator.faults(url).set(["silent"])
    until(lambda: reader.ask(10).result(5) or reader.health.state is State.OFFLINE)
    until(lambda: reader.health.state is State.OFFLINE)
    port.close()
    device.line.unplug()
    heard = [row.partition(" < ")[2] for row in port.tape_rows() if " < " in row]
    assert heard
    assert all(row.startswith("[") for row in heard)
    name = "张三".encode("utf-16-le").hex(" ").upper()
    assert "last bytes" in caplog.text
    assert name not in caplog.text + "".join(port.tape_rows())


@pytest.mark.fault
@pytest.mark.parametrize("pad", [True, False], ids=["pad", "control"])
def test_how_somebody_rated_is_not_in_the_log(pad: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    file = DEVICES / "rs485_box.toml"
    table = load_pad_table(file)
    device = VirtualBox("test", table, address=3)
    port = Port(device.line.plug_in(), name="line", retry=(0.02, 0.05))
    bus = Bus(port, table.frames)
    if pad:
        RatingPad(bus, table, address=3, tell=lambda _: None)
    port.start()
    until(lambda: port.up)
    device.rate(3)
    until(lambda: any(way == "<" for way, _ in port.tape()))
    device.line.unplug()
    until(lambda: "line: last bytes" in caplog.text)
    port.close()
    assert ("03 11 03" in caplog.text) is not pad
    assert "03 11 03" in "".join(port.tape_rows()), "who mends the pad sees its frames"


async def test_hall_agent_tape_shows_the_lines_of_the_agent_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "agent.toml"
    settings.write_text(f'secret = "a secret of the hall"\nspool = "{tmp_path}"\n', "utf-8")
    assert main(["--file", str(settings), "tape", "--lang", "en"]) == 1
    assert "no agent has run here" in capsys.readouterr().err
    url = "sim://scanner/kept"
    known, gone = Port(url, name="line known"), Port("/dev/no-such-port", name="line gone")
    (tmp_path / "tapes").mkdir()
    (tmp_path / "tapes" / "09-of-yesterday.json").write_text("{}", "utf-8")
    work = asyncio.create_task(tapes.keep([known, gone], tmp_path))
    for port in (known, gone):
        port.start()
    try:
        async with asyncio.timeout(10):
            while not known.up:
                await asyncio.sleep(0.01)
            assert await asyncio.wrap_future(known.submit(lambda line: line.write(b"\x05"), False))
        assert await asyncio.to_thread(main, ["--file", str(settings), "tape"]) == 0
        heard = capsys.readouterr()
    finally:
        work.cancel()
        for port in (known, gone):
            await asyncio.to_thread(port.close)
        simulator.device(url).line.unplug()
    told = heard.out.splitlines()
    assert (heard.err, len(told)) == ("", 4)
    assert told[0].startswith("line known，9600 波特，")
    assert told[1].endswith(" > 05")
    assert not any(file.stat().st_mode & 0o077 for file in (tmp_path / "tapes").iterdir())
    assert told[2].endswith(say("device.trouble.no_port"))
    assert told[3].strip() == say("device.tape.silent")
    lines, there = tapes.kept(tmp_path, patience=0.2)
    assert (len(lines), there) == (2, False), "the agent is gone, and what it wrote is not"


async def test_a_disk_that_fails_stops_no_agent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tapes").write_text("in the way", "utf-8")
    work = asyncio.create_task(tapes.keep([Port("", name="off")], tmp_path))
    async with asyncio.timeout(10):
        while "tapes not written" not in caplog.text:
            await asyncio.sleep(0.01)
    assert not work.done()
    os.remove(tmp_path / "tapes")
    work.cancel()
