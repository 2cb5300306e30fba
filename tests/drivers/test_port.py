"""A line has one owner, is opened again for ever, and its trouble is a state."""

import logging
import os
import socket
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import serial
from serial.rfc2217 import PortManager

from drivers.health import Health, State, Trouble
from drivers.port import MAILBOX, MOST_UNREAD, Port
from drivers.simulator.line import VirtualLine
from drivers.tape import TAPE_BYTES
from tests.drivers.bench import until


class Recorder:
    """A device that writes down what the port tells it."""

    def __init__(self) -> None:
        self.got = b""
        self.opens = 0
        self.downs: list[Health] = []
        self.rounds = 0
        self.hurt: Exception | None = None

    def opened(self, line: Port) -> None:
        self.opens += 1

    def received(self, line: Port, data: bytes) -> None:
        self.got += data
        if self.hurt is not None:
            raise self.hurt

    def idle(self, line: Port) -> None:
        self.rounds += 1

    def down(self, health: Health) -> None:
        self.downs.append(health)


class Wire:
    """The far end of a line."""

    def __init__(self) -> None:
        self.got = b""
        self.line = VirtualLine("far end", 460_800, self._heard, lambda _: None)

    def _heard(self, data: bytes) -> None:
        self.got += data


Start = Callable[..., tuple[Port, Recorder]]


@pytest.fixture
def start() -> Iterator[Start]:
    ports: list[Port] = []

    def make(url: str) -> tuple[Port, Recorder]:
        port, device = Port(url, name="test", retry=(0.01, 0.02)), Recorder()
        port.attach(device)
        port.start()
        ports.append(port)
        return port, device

    yield make
    for port in ports:
        port.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    wire.line.plug_in()
    yield wire
    wire.line.unplug()


def test_bytes_go_both_ways_and_are_on_the_tape(start: Start, wire: Wire) -> None:
    port, device = start(wire.line.path)
    until(lambda: port.up)
    assert port.submit(lambda line: line.write(b"hello"), False).result(5)
    until(lambda: wire.got == b"hello")
    wire.line.say(b"you")
    until(lambda: device.got == b"you")
    assert port.tape()[0] == (">", b"hello")
    assert b"".join(data for way, data in port.tape() if way == "<") == b"you"


def test_the_tape_keeps_only_the_last_bytes(start: Start, wire: Wire) -> None:
    port, _ = start(wire.line.path)
    until(lambda: port.up)
    assert port.submit(lambda line: line.write(bytes(20_000)), False).result(5)
    assert sum(len(data) for _, data in port.tape()) <= TAPE_BYTES


def test_a_second_owner_is_refused_and_gets_the_line_when_it_is_free(
    start: Start, wire: Wire
) -> None:
    first, _ = start(wire.line.path)
    until(lambda: first.up)
    second, _ = start(wire.line.path)
    until(lambda: second.health.trouble is Trouble.PORT_TAKEN)
    assert second.health.state is State.OFFLINE
    first.close()
    until(lambda: second.up)


def test_a_missing_port_is_a_state_that_is_told_and_logged_once(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    port, device = start(str(tmp_path / "ttyNONE"))
    until(lambda: len(device.downs) > 3)
    assert port.health.state is State.OFFLINE
    assert {health.trouble for health in device.downs} == {Trouble.NO_PORT}
    assert len({health.since for health in device.downs}) == 1
    why, state = (record.getMessage() for record in caplog.records)
    assert "ttyNONE" in why
    assert "no_port" in state


def test_a_name_that_no_simulated_device_has_is_told(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    port, _ = start("sim://toaster/kitchen")
    until(lambda: port.health.trouble is Trouble.NO_PORT)
    assert any("toaster" in record.getMessage() for record in caplog.records)


@pytest.mark.fault
def test_a_cable_pulled_and_put_back_is_reopened_without_the_old_bytes(
    start: Start, wire: Wire
) -> None:
    port, device = start(wire.line.path)
    until(lambda: device.opens == 1)
    wire.line.unplug()
    until(lambda: port.health == Health(State.OFFLINE, Trouble.UNPLUGGED, port.health.since))
    assert port.submit(lambda line: line.write(b"lost"), True).result(5) is False
    path = wire.line.plug_in()
    wire.line.say(b"stale")  # said before anyone had opened
    port.url = path
    until(lambda: device.opens == 2)
    wire.line.say(b"fresh")
    until(lambda: device.got)
    assert device.got == b"fresh"


def test_a_serial_server_is_a_port_like_any_other(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port, device = start(f"socket://127.0.0.1:{server.getsockname()[1]}")
        far, _ = server.accept()
        with far:
            until(lambda: port.up)
            assert port.submit(lambda line: line.write(b"hello"), False).result(5)
            far.settimeout(5)
            assert far.recv(10) == b"hello"
            far.sendall(b"you")
            until(lambda: device.got == b"you")
        until(lambda: port.health.state is State.OFFLINE)


# pyserial's own rfc2217 calls what Python has renamed.
@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
def test_a_serial_server_that_carries_the_settings_is_a_port_too(start: Start) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        serial.serial_for_url("loop://", timeout=0, baudrate=300) as far,
    ):
        port, device = start(f"rfc2217://127.0.0.1:{server.getsockname()[1]}")
        near, _ = server.accept()
        with near:
            served = Thread(target=serve_rfc2217, args=(near, far), daemon=True)
            served.start()
            until(lambda: port.up)
            assert far.baudrate == 9600, "the settings were carried"
            assert port.submit(lambda line: line.write(b"hello"), False).result(5)
            until(lambda: device.got == b"hello")  # the far port is a loop
            port.close()
            served.join(10)


def serve_rfc2217(near: socket.socket, far: serial.SerialBase) -> None:
    """A serial server's work: bytes and settings both ways, until the host is gone."""

    class Answers:
        def write(self, data: bytes) -> None:
            near.sendall(data)

    manager = PortManager(far, Answers())
    near.settimeout(0.01)
    while True:
        try:
            data = near.recv(1024)
        except TimeoutError:
            data = None
        except OSError:
            return
        if data == b"":
            return
        if data:
            far.write(b"".join(manager.filter(data)))
        if waiting := far.read(1024):
            near.sendall(b"".join(manager.escape(waiting)))


def test_a_name_that_stays_with_the_plug_is_opened_like_the_port_itself(
    start: Start, wire: Wire, tmp_path: Path
) -> None:
    by_path = tmp_path / "pci-0000:00:14.0-usb-0:1.3:1.0-port0"
    by_path.symlink_to(wire.line.path)
    port, device = start(str(by_path))
    until(lambda: device.opens == 1)
    wire.line.unplug()
    until(lambda: port.health.state is State.OFFLINE)
    again = wire.line.plug_in()  # under another number, as USB gives
    by_path.unlink()
    by_path.symlink_to(again)
    until(lambda: device.opens == 2)


@pytest.mark.parametrize("url", ["COM3", "\\\\.\\COM17"])
def test_a_windows_name_is_a_name_like_any_other(start: Start, url: str) -> None:
    port, _ = start(url)
    until(lambda: port.health.trouble is Trouble.NO_PORT)


def test_a_private_line_keeps_how_much_it_heard_and_not_what(wire: Wire) -> None:
    port, device = Port(wire.line.path, name="private", private=True), Recorder()
    port.attach(device)
    port.start()
    until(lambda: port.up)
    wire.line.say(b"11010519491231002X")
    until(lambda: len(device.got) == 18)
    kept = b"".join(data for _, data in port.tape())
    port.close()
    assert kept == bytes(18)


# pyserial never closes the file it spies into.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_line_can_be_spied_on_for_a_repair(start: Start, wire: Wire, tmp_path: Path) -> None:
    port, _ = start(f"spy://{wire.line.path}?file={tmp_path / 'spy.txt'}")
    until(lambda: port.up)
    assert port.submit(lambda line: line.write(b"hello"), False).result(5)
    until(lambda: wire.got == b"hello")
    port.close()
    assert "68 65 6C 6C 6F" in (tmp_path / "spy.txt").read_text()


def test_no_url_is_a_port_switched_off(start: Start) -> None:
    port, device = start("")
    until(lambda: device.downs)
    assert (port.health.state, port.health.trouble) == (State.DISABLED, Trouble.SWITCHED_OFF)
    assert port.submit(lambda line: line.write(b"x"), True).result(5) is False
    assert len(device.downs) == 1


@pytest.mark.parametrize("url", ["no-such-scheme://x", "sim://printer?no_such=1", "sim://toaster"])
def test_a_url_that_means_nothing_is_a_state_too(start: Start, url: str) -> None:
    port, _ = start(url)
    until(lambda: port.health.state is State.OFFLINE)
    assert port.health.trouble is Trouble.NO_PORT


def test_a_flood_nobody_reads_is_bounded(start: Start, wire: Wire) -> None:
    port, _ = start(wire.line.path)
    until(lambda: port.up)

    def flooded(line: Port) -> bytes:
        for _ in range(5):
            wire.line.say(bytes(2000) + b"end")
            line.pause(0.1)
        return line.read(0)

    assert port.submit(flooded, b"").result(10).endswith(b"end")
    assert len(port.submit(flooded, b"").result(10)) == MOST_UNREAD


def test_a_bug_in_a_device_is_logged_and_the_line_lives_on(
    start: Start, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    port, device = start(wire.line.path)
    until(lambda: port.up)
    device.hurt = RuntimeError("a bug")
    wire.line.say(b"1")
    until(lambda: any(record.exc_info for record in caplog.records))
    device.hurt = None
    wire.line.say(b"2")
    until(lambda: device.got == b"12")


def test_more_work_than_the_mailbox_holds_is_answered_at_once() -> None:
    port = Port("", name="not started")
    waiting = [port.submit(lambda line: "done", "full") for _ in range(MAILBOX + 1)]
    assert waiting[-1].result(0) == "full"
    port.close()
    assert {one.result(1) for one in waiting[:-1]} == {"done"}
    assert port.submit(lambda line: "late", "full").result(1) == "late"


def test_work_cancelled_before_its_turn_is_not_done() -> None:
    port, done = Port("", name="not started"), []
    work = port.submit(lambda line: done.append(1), None)
    assert work.cancel()
    port.close()
    assert done == []


@pytest.mark.fault
def test_a_device_that_takes_no_more_bytes_does_not_hold_the_thread_for_ever(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.port._WRITE", 0.1)
    far, near = os.openpty()
    tty.setraw(near)
    try:
        port, device = start(os.ttyname(near))
        until(lambda: port.up)
        # Nobody reads the far end: the pty is full after some kilobytes.
        assert port.submit(lambda line: line.write(bytes(200_000)), True).result(5) is False
        assert [health.trouble for health in device.downs] == [Trouble.NO_ANSWER]
    finally:
        os.close(far)
        os.close(near)
