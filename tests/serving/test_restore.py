"""A backup comes back: no number twice, nothing lost that was there, everybody resynced."""

import asyncio
import shutil
from pathlib import Path

import pytest

from config.settings import HallSettings
from hall_server.hall import Hall
from hall_server.serve import MARK, utc_now
from hall_server.store import tickets
from hall_server.store.store import Store
from hall_server.wire.commands import TakeTicket
from hall_server.wire.link import Link
from hall_server.words import Refused, Role
from tests.builders import who
from tests.faults.hall_process import NAME, QUEUE, VILLAGE, HallProcess, furnish, new_day
from tests.serving.command_line import hall

KIOSK = who(Role.KIOSK, "kiosk-1", NAME)
JOINS_IN = 20.0


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder to copy, and the kiosk's secret."""
    data = tmp_path_factory.mktemp("furnished")
    return data, furnish(data, {"kiosk-1": "kiosk"})["kiosk-1"]


@pytest.fixture
def data(furnished: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(furnished[0], tmp_path / "data"))


@pytest.fixture
def copy(data: Path) -> Path:
    """A backup, made before any number was given."""
    assert hall("backup", data / "copy.db", "--data", data)[0] == 0
    return data / "copy.db"


def numbers(data: Path, n: int) -> set[str]:
    """The numbers of n tickets, taken now, while no server runs."""

    async def taking() -> set[str]:
        running = Hall(Store(HallSettings(data=data).database_url()), utc_now)
        await running.start()
        try:
            take = [TakeTicket(hall=NAME, queue=QUEUE) for _ in range(n)]
            return {(await running.handle(command, KIOSK))["number"] for command in take}
        finally:
            await running.stop()

    return asyncio.run(taking())


def test_a_killed_server_goes_on_from_its_backup(furnished: tuple[Path, str], data: Path) -> None:
    """No number twice, who listens gets a snapshot of the new epoch, and the lost file keeps
    what stood in its WAL alone."""
    secret = furnished[1]
    with HallProcess(data) as served:
        served.start()
        served.wait()
        first = {served.take(secret)[1]["number"] for _ in range(3)}
        assert hall("backup", data / "copy.db", "--data", data)[0] == 0
        lost = {served.take(secret)[1]["number"] for _ in range(4)}
        before = asyncio.run(seen(served, secret))
        served.kill()
        status, said = hall("restore", data / "copy.db", "--data", data)
        assert (status, "+4" in said) == (0, True)
        served.start()
        served.wait()
        later = {served.take(secret)[1]["number"] for _ in range(2)}
        assert len(first | lost | later) == 9
        after = asyncio.run(seen(served, secret, before))
        assert after.epoch != before.epoch
        assert after.seq < before.seq
        assert after.state[f"queue/{QUEUE}"]["taken"] == 9
    aside = next(data.glob("hall.db.set-aside-*[0-9]"))
    kept = Store(f"sqlite:///{aside}")
    taken = kept.read(lambda cursor: tickets.every_sum(cursor, NAME, 1))
    kept.close()
    assert [row.taken for row in taken] == [7]


async def seen(served: HallProcess, secret: str, before: Link | None = None) -> Link:
    """Join (again, where `before` left off), hear how things stand, and leave."""
    link = Link(f"ws://127.0.0.1:{served.port}/link", NAME, secret)
    if before is not None:
        link.epoch, link.seq, link.state = before.epoch, before.seq, before.state
    running = asyncio.create_task(link.run())
    async with asyncio.timeout(JOINS_IN):
        await link.joined()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return link


def test_a_queue_that_began_after_the_backup_goes_on_beyond_its_numbers(
    data: Path, copy: Path
) -> None:
    lost = numbers(data, 3)
    assert hall("restore", copy, "--data", data)[0] == 0
    assert not lost & numbers(data, 3)


def test_a_day_that_opened_after_the_backup_goes_on_beyond_its_numbers(
    data: Path, copy: Path
) -> None:
    new_day(data)
    lost = numbers(data, 3)
    assert hall("restore", copy, "--data", data)[0] == 0
    new_day(data)
    assert not lost & numbers(data, 3)


def test_where_the_lost_file_cannot_be_read_the_numbers_leave_a_gap(data: Path, copy: Path) -> None:
    lost = numbers(data, 3)
    (data / "hall.db").write_bytes(b"burnt " * 1000)
    status, said = hall("restore", copy, "--data", data)
    assert (status, "+200" in said) == (0, True)
    assert not lost & numbers(data, 3)


def test_numbers_that_a_gap_left_out_do_not_eat_the_quota(
    furnished: tuple[Path, str], data: Path
) -> None:
    """A quota of 10 on a day with 3 tickets: 7 are left, though the next number is 204."""
    few = Path(shutil.copytree(VILLAGE, data / "few"))
    plan = few / "hall.toml"
    plan.write_text(plan.read_text().replace("minutes = 12", "minutes = 12\nquota = 10"))
    assert hall("import", few, "--data", data)[0] == 0
    given = numbers(data, 3)
    assert hall("backup", data / "copy.db", "--data", data)[0] == 0
    (data / "hall.db").write_bytes(b"burnt " * 1000)
    assert hall("restore", data / "copy.db", "--data", data)[0] == 0
    given |= numbers(data, 7)
    assert (len(given), max(given)) == (10, "A210")
    with pytest.raises(Refused, match="quota_used_up"):
        numbers(data, 1)


@pytest.mark.parametrize("source", ["absent.db", "empty.db", "text.db"])
def test_what_is_no_backup_leaves_the_hall_as_it_is(data: Path, source: str) -> None:
    for name in ("empty.db", "hall.lock"):
        (data / name).touch()
    (data / "text.db").write_text("not a database " * 500)
    before = {part.name: part.read_bytes() for part in data.iterdir()}
    assert hall("restore", data / source, "--data", data)[0] == 1
    assert {part.name: part.read_bytes() for part in data.iterdir()} == before
    assert len(numbers(data, 1)) == 1


def test_a_restore_without_a_backup_asks_for_one(data: Path) -> None:
    assert hall("restore", "--data", data) == (1, "which backup? hall restore BACKUP\n")


def test_a_backup_of_a_folder_without_a_hall_makes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / MARK).touch()
    assert hall("backup", tmp_path / "copy.db", "--data", data)[0] == 1
    assert [part.name for part in data.iterdir()] == [MARK]
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_that_has_no_place_says_so(data: Path) -> None:
    status, said = hall("backup", "/nowhere/copy.db", "--data", data)
    assert (status, "/nowhere/copy.db" in said) == (1, True)
