"""A hall set up by hand: first start, accounts and files given to a running server."""

import io
import shutil
import sys
from pathlib import Path

import pytest

from config.settings import HallSettings
from hall_server.serve import app_of
from hall_server.setup import run_in
from hall_server.store import accounts
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import ChangePolicy, TakeTicket
from hall_server.wire.policy import QueueWish
from hall_server.words import Role
from tests.builders import sqlite_url, who
from tests.faults.hall_process import NAME, QUEUE, VILLAGE, HallProcess, furnish
from tests.serving.command_line import hall


def hand_over(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """What a script does: the password comes in a line, as often as it is asked for."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n" * 9))


def test_accounts_and_files_are_given_to_a_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Path(shutil.copytree(VILLAGE, tmp_path / "files"))
    with HallProcess(tmp_path / "data") as served:
        served.start()
        served.wait()
        password = served.said().split("(shown once): ")[1].split()[0]
        hand_over(monkeypatch, password)
        there = "--server", served.url
        beside = hall("account", NAME, "x", "--role", "kiosk", "--data", tmp_path / "data")
        assert (beside[0], "--server" in beside[1]) == (1, True)
        status, said = hall("account", NAME, "kiosk-9", "--role", "kiosk", *there)
        assert status == 0
        secret = said.strip()
        assert served.ask("GET", "/api/me", secret)[1]["name"] == "kiosk-9"
        assert hall("account", NAME, "kiosk-9", "--role", "kiosk", *there)[0] == 1
        plan = files / "hall.toml"
        plan.write_text(plan.read_text().replace("Village services", "Everything"))
        status, said = hall("import", files, *there)
        assert status == 0
        assert "没有变化" not in said
        _, state = served.ask("GET", "/api/state", secret)
        assert state["hall"]["layout_version"] == 2
        assert "Everything" in str(state["hall"])
        take = {"hall": NAME, "id": new_id(), "name": "x", "role": "admin", "secret_hash": "a" * 64}
        status, said = served.ask("POST", "/api/commands/add_account", secret, take)
        assert (status, said["code"]) == (403, "not_permitted")
        hand_over(monkeypatch, "another")
        status, said = hall("import", files, *there)
        assert (status, "sign_in_failed" in said) == (1, True)
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        assert hall("import", files, *there)[0] == 1
        assert password not in served.said().split("(shown once): ")[1][len(password) :]


def test_a_check_says_the_sign_and_names_a_policy_that_cannot_be(tmp_path: Path) -> None:
    files = Path(shutil.copytree(VILLAGE, tmp_path / "files"))
    status, said = hall("check", files)
    assert (status, "叫号 3 次不到，按过号处理。" in said) == (0, True)
    assert "A number is called 3 times" in hall("check", files, "--lang", "en")[1]
    plan = files / "hall.toml"
    text = plan.read_text()
    plan.write_text(f"[policy]\ndue_before_minutes = 11\n\n{text}")
    status, said = hall("check", files)
    assert (status, "hall.toml:2 policy.due_before_minutes" in said, "[≤ 10]" in said) == (
        1,
        True,
        True,
    )
    plan.write_text(text.replace("minutes = 12", "minutes = 12\npolicy = { ratio = -1 }"))
    status, said = hall("check", files)
    assert (status, "policy.ratio" in said, "[≥ 1]" in said) == (1, True, True)
    assert hall("import", files, "--data", tmp_path / "data")[0] == 1


def test_an_import_tells_that_it_takes_a_policy_changed_by_command_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    supervisor = who(Role.SUPERVISOR, "li", NAME)
    wish = ChangePolicy(hall=NAME, queues={QUEUE: QueueWish(ratio=5)})
    assert hall("import", VILLAGE, "--data", data)[0] == 0
    settings = HallSettings(data=data, files=VILLAGE)
    run_in(app_of(settings).hall, lambda hall: hall.handle(wish, supervisor))
    said = hall("import", VILLAGE, "--data", data)[1]
    assert "穿插比例 5 → 2\n注意：叫号规则以文件为准。" in said
    renamed = Path(shutil.copytree(VILLAGE, tmp_path / "files")) / "hall.toml"
    renamed.write_text(renamed.read_text().replace("Village services", "Everything"))
    said = hall("import", renamed.parent, "--data", data)[1]
    assert "Everything" in said
    assert "注意" not in said


def test_an_import_into_a_fresh_folder_makes_that_hall_and_no_other(tmp_path: Path) -> None:
    status, said = hall("import", VILLAGE, "--data", tmp_path / "data")
    assert (status, said.count("shown once")) == (0, 1)
    store = Store(sqlite_url(tmp_path / "data"))
    found = store.read(accounts.every)
    store.close()
    assert [(account.hall, account.name) for account in found] == [(NAME, "admin")]


def test_a_server_that_is_not_there_or_no_address_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(monkeypatch, "-")
    for address in ("http://127.0.0.1:1", "127.0.0.1:8600"):
        status, said = hall("account", NAME, "x", "--role", "kiosk", "--server", address)
        assert status == 1
        assert said.strip()


@pytest.mark.parametrize(
    ("name", "value"), [("HALL_PORT", "99999"), ("HALL_ORIGINS", "http://x"), ("HALL_FILE", "")]
)
def test_settings_that_cannot_be_read_are_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("port = = 3")
    monkeypatch.setenv(name, value or str(bad))
    status, said = hall("serve", "--data", tmp_path / "data")
    assert status == 1
    assert 0 < len(said) < 300
    assert not (tmp_path / "data").exists()


def test_a_verify_where_no_hall_is_makes_none(tmp_path: Path) -> None:
    assert hall("verify", "--data", tmp_path)[0] == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("address", "link"), [(None, ""), ("https://hall.example.cn/", "https://hall.example.cn/t/")]
)
def test_paper_has_a_link_only_where_a_phone_reaches_the_hall(
    tmp_path: Path, address: str | None, link: str
) -> None:
    furnish(tmp_path, {})
    app = app_of(HallSettings(data=tmp_path, files=VILLAGE, public_url=address))
    kiosk = who(Role.KIOSK, hall=NAME)
    take = TakeTicket(hall=NAME, queue=QUEUE)
    reply = run_in(app.hall, lambda running: running.handle(take, kiosk))
    assert reply["url"] == (link and link + reply["token"])
