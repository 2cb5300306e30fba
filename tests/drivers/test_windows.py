"""What can be proved elsewhere of the agent on Windows: what it needs, and what is said there."""

import subprocess
import sys

import pytest
import serial

from drivers.health import State, Trouble
from drivers.port import Port
from tests.drivers.bench import DEVICES, until

# pyserial chooses its own half for the system; it is let in before the rest is shut out.
WITHOUT = """
import sys, asyncio, subprocess, serial
from importlib.abc import MetaPathFinder

class NotHere(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {names!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NotHere())
for name in {names!r}:
    sys.modules.pop(name, None)
import drivers.__main__
drivers.__main__.main(["check", {table!r}])
"""


def test_the_agent_starts_without_what_only_unix_has() -> None:
    names = ("tty", "pty", "termios", "fcntl", "pwd", "grp", "resource")
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(names=names, table=str(DEVICES / "rs485_box.toml"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "rs485_box" in ended.stdout


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (
            "could not open port 'COM3': PermissionError(13, '拒绝访问。', None, 5)",
            Trouble.PORT_TAKEN,
        ),
        ("could not open port 'COM3': FileNotFoundError(2, '', None, 2)", Trouble.NO_PORT),
        ("ClearCommError failed (PermissionError(13, '', None, 22))", Trouble.UNPLUGGED),
    ],
)
def test_what_windows_says_of_a_port_is_understood(
    said: str, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(said)

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    port = Port("COM3")
    port.start()
    until(lambda: port.health.state is State.OFFLINE)
    assert port.health.trouble is trouble
    port.close()
