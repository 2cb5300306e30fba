"""The disk is full, read-only or damaged: the server says so and never begins anew."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hall_server.serve import MARK
from tests.faults.hall_process import HallProcess, furnish

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder to copy, and the kiosk's secret."""
    data = tmp_path_factory.mktemp("furnished")
    return data, furnish(data, {"kiosk-1": "kiosk"})["kiosk-1"]


@pytest.fixture
def data(furnished: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(furnished[0], tmp_path / "data"))


def refused(data: Path, word: str) -> str:
    """The server does not start on this folder, says why, and leaves the file as it is."""
    file = data / "hall.db"
    before = file.read_bytes() if file.exists() else None
    with HallProcess(data) as hall:
        status, said = hall.refuses()
    assert status == 1
    assert word in said
    assert "Traceback" not in said
    assert "shown once" not in said  # no new hall was made
    assert (file.read_bytes() if file.exists() else None) == before
    return said


def test_a_file_that_is_no_database_is_refused(data: Path) -> None:
    (data / "hall.db").write_bytes(b"not a database, but long enough " * 500)
    refused(data, "damaged")


def test_a_file_damaged_in_the_middle_is_refused(data: Path) -> None:
    file = data / "hall.db"
    held = bytearray(file.read_bytes())
    for page in range(1, len(held) // 4096):
        held[page * 4096 : page * 4096 + 64] = os.urandom(64)
    file.write_bytes(held)
    refused(data, "damaged")


def test_a_file_that_was_cut_short_is_refused(data: Path) -> None:
    file = data / "hall.db"
    os.truncate(file, file.stat().st_size // 2)
    refused(data, "damaged")


def test_an_empty_file_where_a_hall_was_is_refused(data: Path) -> None:
    os.truncate(data / "hall.db", 0)
    refused(data, "hall restore")


def test_a_vanished_file_where_a_hall_was_is_refused(data: Path) -> None:
    (data / "hall.db").unlink()
    refused(data, "vanished")


def test_without_its_mark_a_folder_would_begin_anew(
    data: Path, furnished: tuple[Path, str]
) -> None:
    """The control: the mark of `hall serve` is what keeps an empty file from becoming a hall."""
    (data / MARK).unlink()
    os.truncate(data / "hall.db", 0)
    with HallProcess(data) as hall:
        hall.start()
        hall.wait()
        assert "shown once" in hall.said()
        assert hall.ask("GET", "/api/me", furnished[1])[0] == 401


def test_a_read_only_folder_is_refused(data: Path) -> None:
    if os.geteuid() != 0:
        data.chmod(0o555)
        (data / "hall.db").chmod(0o444)
        refused(data, str(data))
        return
    # root may write anywhere but on a read-only mount, which only this child sees.
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    serve = [sys.executable, "-m", "hall_server", "serve", "--data", str(data)]
    command = ["unshare", "--mount", "sh", "-c", mount, str(data), *serve]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mount of our own here: {done.stderr.strip()}")
    assert done.returncode == 1
    assert "Read-only" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_refuses_numbers_reads_go_on_and_nothing_is_lost(
    data: Path, furnished: tuple[Path, str]
) -> None:
    secret = furnished[1]
    with HallProcess(data) as hall:
        hall.start()
        hall.wait()
        status, first = hall.take(secret)
        assert status == 200, first
        # No file may grow beyond what the WAL is now: the next commit finds no room.
        no_more = ((data / "hall.db-wal").stat().st_size, resource.RLIM_INFINITY)
        before = resource.prlimit(hall.pid, resource.RLIMIT_FSIZE, no_more)
        status, told = hall.take(secret)
        assert (status, told["code"]) == (503, "store_unavailable")
        status, state = hall.ask("GET", "/api/state", secret)
        assert status == 200
        assert state["queue/village"]["taken"] == 1
        token = first["token"]
        assert hall.ask("GET", "/api/ticket", token)[1]["number"] == first["number"] == "A001"
        resource.prlimit(hall.pid, resource.RLIMIT_FSIZE, before)
        status, second = hall.take(secret)
        assert (status, second["number"]) == (200, "A002")
        hall.kill()
        hall.start()
        hall.wait()
        status, third = hall.take(secret)
        assert (status, third["number"]) == (200, "A003")
        assert hall.ask("GET", "/api/ticket", token)[0] == 200
