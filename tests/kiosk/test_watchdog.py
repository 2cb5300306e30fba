"""The kiosk as systemd sees it: it says that it is ready and lives, and ends when asked."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.watchdog import ALIVE, READY, STOPPING, Watchdog
from tests.robot import PATIENCE

pytestmark = pytest.mark.screen


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, socket.socket]]:
    """A kiosk in a process of its own, without a hall, and the socket on which systemd hears."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(folder / "notify"))
    ear.setblocking(False)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiosk", "--window", "270x480",
        env={
            **os.environ,
            "SDL_VIDEODRIVER": "offscreen",
            "KIOSK_SERVER": "http://127.0.0.1:9",
            "KIOSK_SECRET": "x" * 20,
            "KIOSK_JOURNAL": str(folder),
            "NOTIFY_SOCKET": str(folder / "notify"),
        },
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process, ear
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        ear.close()


async def heard(ear: socket.socket) -> bytes:
    async with asyncio.timeout(PATIENCE):
        return await asyncio.get_running_loop().sock_recv(ear, 100)


async def test_it_is_ready_with_its_first_page_lives_each_second_and_ends_when_nobody_is_there(
    tmp_path: Path,
) -> None:
    async with program(tmp_path) as (process, ear):
        assert await heard(ear) == READY
        assert await heard(ear) == ALIVE
        assert await heard(ear) == ALIVE
        process.send_signal(signal.SIGHUP)
        while (told := await heard(ear)) == ALIVE:
            pass
        assert told == STOPPING
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0


async def test_it_ends_at_once_and_well_when_systemd_stops_it(tmp_path: Path) -> None:
    async with program(tmp_path) as (process, ear):
        assert await heard(ear) == READY
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0


def test_without_systemd_it_says_nothing() -> None:
    for environment in ({}, {"NOTIFY_SOCKET": "vsock:2"}):
        silent = Watchdog(environment)
        silent.ready()
        silent.alive()
        silent.close()


def test_a_systemd_that_does_not_hear_is_told_of_and_does_not_stop_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(tmp_path / "notify"))
    dog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    dog.ready()
    assert ear.recv(100) == READY
    ear.close()
    dog.alive()
    dog.close()
    assert "does not hear" in caplog.text
