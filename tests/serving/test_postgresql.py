"""A hall served from PostgreSQL: started, restarted, cut off from it, joined again."""

import asyncio
from pathlib import Path

import pytest

from hall_server.hall import Hall
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import ImportLayout, OpenDay, TakeTicket
from hall_server.words import Role
from tests import postgresql as private
from tests.builders import DATE, NINE, Watch, layout, open_hall, take, who
from tests.faults.hall_process import NAME, QUEUE, WINDOW, HallProcess, furnish
from tests.serving.command_line import hall
from tests.serving.conftest import Line

pytestmark = pytest.mark.postgresql


def test_a_hall_is_served_called_restarted_and_verified(hall_database: str, tmp_path: Path) -> None:
    secrets = furnish(tmp_path, {"kiosk-1": "kiosk", "agent-1": "agent"})
    with HallProcess(tmp_path) as served:
        served.start()
        served.wait()
        first = served.take(secrets["kiosk-1"])[1]
        call = {"hall": NAME, "id": new_id(), "window": WINDOW, "generation": 0}
        way = "/api/commands/call_next", secrets["agent-1"], call
        status, called = served.ask("POST", *way)
        assert (status, called["number"]) == (200, first["number"])
        served.kill()
        served.start()
        served.wait()
        assert served.ask("POST", *way) == (200, called)
        status, state = served.ask("GET", "/api/state", secrets["agent-1"])
        assert state[f"window/{WINDOW}"]["number"] == first["number"]
        assert served.take(secrets["kiosk-1"])[1]["number"] != first["number"]
    status, said = hall("verify", "--data", tmp_path)
    assert (status, NAME in said) == (0, True)


def test_a_database_that_goes_away_is_told_and_comes_back_without_a_loss(
    hall_database: str, line: Line, tmp_path: Path
) -> None:
    secret = furnish(tmp_path, {"kiosk-1": "kiosk"})["kiosk-1"]
    wish = {"hall": NAME, "id": new_id(), "queue": QUEUE}
    with HallProcess(tmp_path) as served:
        served.start()
        served.wait()
        before = served.take(secret)[1]["number"]
        line.cut()
        status, said = served.ask("POST", "/api/commands/take_ticket", secret, wish)
        assert (status, said["code"]) == (503, "store_unavailable")
        status, said = served.ask("GET", "/api/me", "a-secret-that-was-never-seen-here")
        assert (status, said["code"]) == (503, "store_unavailable")
        assert served.ask("GET", "/api/state", secret)[0] == 200  # what is known is still told
        line.mend()
        status, reply = served.ask("POST", "/api/commands/take_ticket", secret, wish)
        assert status == 200
        assert [number[-3:] for number in (before, reply["number"])] == ["001", "002"]
        assert "Traceback" not in served.said()


def test_a_server_without_its_database_says_so_and_shows_no_password(
    hall_database: str, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.cut()
    for wrong in (
        f"postgresql+psycopg://hall:a-secret@127.0.0.1:{line.port}/hall",
        "postgresql+psycopg://hall:a-secret@127.0.0.1:a-secret/hall",
    ):
        monkeypatch.setenv("HALL_DATABASE", wrong)
        status, said = hall("serve", "--data", tmp_path)
        assert status == 1
        assert "database" in said
        assert "a-secret" not in said


def test_an_emptied_database_where_a_hall_was_is_never_begun_anew(
    hall_database: str, postgresql: private.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(tmp_path, {})
    name = postgresql.create()
    monkeypatch.setenv("HALL_DATABASE", postgresql.url(name))
    status, said = hall("serve", "--data", tmp_path)
    postgresql.drop(name)
    assert status == 1
    assert "vanished" in said


def test_after_pg_restore_a_new_epoch_leaves_a_gap(hall_database: str, tmp_path: Path) -> None:
    secret = furnish(tmp_path, {"kiosk-1": "kiosk"})["kiosk-1"]
    assert hall("restore", "dump", "--data", tmp_path)[0] == 1
    status, said = hall("restore", "--data", tmp_path)
    assert (status, "+200" in said) == (0, True)
    with HallProcess(tmp_path) as served:
        served.start()
        served.wait()
        assert served.take(secret)[1]["number"].endswith("201")


async def test_a_hall_that_another_process_made_is_served_here_too(
    postgresql: private.Server,
) -> None:
    name = postgresql.create()
    url = postgresql.url(name)
    async with open_hall(url) as here:
        there = Hall(Store(url), Watch(NINE), "http://hall.test")
        await there.start()
        await there.add_hall("second")
        admin = who(Role.ADMIN, hall="second")
        await there.handle(ImportLayout(hall="second", layout=layout("second")), admin)
        await there.handle(OpenDay(hall="second", date=DATE), admin)
        kiosk = who(Role.KIOSK, hall="second")
        async with asyncio.timeout(10):  # nobody who asked is left without an answer
            replies = await asyncio.gather(
                here.handle(TakeTicket(hall="second", queue="social"), kiosk), take(here)
            )
        assert [reply["number"] for reply in replies] == ["A001", "A001"]
        await there.handle(TakeTicket(hall="second", queue="social"), kiosk)
        await here.catch_up_all()
        assert here.hubs["second"].state["queue/social"]["taken"] == 2
        await there.stop()
    postgresql.drop(name)
