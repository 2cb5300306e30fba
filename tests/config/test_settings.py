"""Settings: typed, bounded, and what is said nearest wins."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import AgentSettings, DisplaySettings, HallSettings, KioskSettings

SECRET = "x" * 43


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("HALL_", "KIOSK_", "DISPLAY_", "AGENT_")):
            monkeypatch.delenv(name)


def test_a_hall_starts_with_no_settings_at_all() -> None:
    hall = HallSettings()
    assert hall.database_url() == "sqlite:///var/hall.db"
    assert hall.host == "127.0.0.1"
    assert hall.public_url is None


def test_the_call_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hall.toml"
    file.write_text('port = 1001\nhost = "0.0.0.0"\norigins = ["https://a.example"]\n')
    monkeypatch.setenv("HALL_FILE", str(file))
    assert HallSettings().port == 1001
    monkeypatch.setenv("HALL_PORT", "1002")
    assert HallSettings().port == 1002
    hall = HallSettings(port=1003)
    assert (hall.port, hall.host, hall.origins) == (1003, "0.0.0.0", ("https://a.example",))


def test_a_file_that_is_named_but_missing_stops_the_program(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.toml"):
        HallSettings(file=tmp_path / "gone.toml")


def test_a_misspelt_setting_in_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text("prot = 1001\n")
    with pytest.raises(ValidationError, match="prot"):
        HallSettings(file=file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALL_PORT", "0"),
        ("HALL_PORT", "70000"),
        ("HALL_PUBLIC_URL", "javascript:alert(1)"),
        ("HALL_PUBLIC_URL", "http://user@host"),
        ("HALL_DATABASE", "mysql://root@localhost/hall"),
        ("HALL_PROFILE", "wild"),
        ("HALL_HOST", "a b"),
    ],
)
def test_a_setting_out_of_bounds_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        HallSettings()


def test_a_program_that_joins_needs_a_secret_of_some_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ValidationError, match="secret"):
        KioskSettings()
    monkeypatch.setenv("KIOSK_SECRET", "short")
    with pytest.raises(ValidationError, match="secret"):
        KioskSettings()
    monkeypatch.setenv("KIOSK_SECRET", SECRET)
    kiosk = KioskSettings(size="tablet")
    assert kiosk.pixels() == (1280, 800)
    assert SECRET not in repr(kiosk)
    assert SECRET not in str(kiosk.model_dump())


def test_a_screen_with_no_room_for_fingertips_is_refused() -> None:
    assert KioskSettings(secret=SECRET, size="tablet", inches=10).diagonal() == 10
    with pytest.raises(ValidationError, match="inches"):
        KioskSettings(secret=SECRET, size="tablet", inches=8)


def test_a_kiosk_speaks_to_who_chose_large_text_unless_it_is_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert KioskSettings(secret=SECRET).speaks == "large_text"
    monkeypatch.setenv("KIOSK_SPEAKS", "always")
    monkeypatch.setenv("KIOSK_PROMPTS", "/etc/hall/prompts")
    alone = KioskSettings(secret=SECRET)
    assert (alone.speaks, alone.prompts) == ("always", Path("/etc/hall/prompts"))
    monkeypatch.setenv("KIOSK_SPEAKS", "sometimes")
    with pytest.raises(ValidationError, match="speaks"):
        KioskSettings(secret=SECRET)


def test_a_password_in_the_database_url_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_DATABASE", "postgresql+psycopg://hall:open-sesame@db/hall")
    hall = HallSettings()
    assert "open-sesame" in hall.database_url()
    assert "open-sesame" not in repr(hall)


def test_a_wrong_database_url_is_refused_without_showing_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HALL_DATABASE", "mysql://hall:open-sesame@db/hall")
    with pytest.raises(ValidationError) as refused:
        HallSettings()
    assert "open-sesame" not in str(refused.value)


def test_a_window_sign_needs_its_window() -> None:
    with pytest.raises(ValidationError, match="window"):
        DisplaySettings(secret=SECRET, layout="window_sign")
    assert DisplaySettings(secret=SECRET, layout="window_sign", window="3").window == "3"


def test_an_agent_finds_its_tables() -> None:
    assert AgentSettings(secret=SECRET).tables.is_dir()
