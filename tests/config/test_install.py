"""What an installer copies: units, rules and settings that the programs really take."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from config.settings import AgentSettings, DisplaySettings, HallSettings, KioskSettings
from drivers.check import explain
from drivers.devices import read_devices

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "config" / "install"
UNITS = sorted([*INSTALL.glob("*.service"), *INSTALL.glob("*.timer")])
SCREEN = INSTALL / "hall-screen.service"
ONCE = INSTALL / "hall-kiosk-restart.service"  # a timer starts it, and it does one thing
STAYING = [unit for unit in UNITS if unit.suffix == ".service" and unit != ONCE]
PROGRAMS = [unit for unit in STAYING if unit != SCREEN]
RULE = re.compile(r'[A-Z]+(\{\w+\})?(==|!=|=|\+=|:=)"[^"]*"')
SETTINGS = {
    "server": HallSettings,
    "agent": AgentSettings,
    "kiosk": KioskSettings,
    "display": DisplaySettings,
}


def lines(file: Path) -> list[str]:
    text = file.read_text("utf-8").splitlines()
    return [line for line in text if line and not line.startswith("#")]


def programs(unit: Path) -> list[str]:
    """Every program of ours that a unit starts, with the settings file it is given."""
    start = next(line for line in lines(unit) if line.startswith("ExecStart="))
    return re.findall(r"/opt/hall/bin/(\S+)", start)


def _stubbed(text: str) -> str:
    return re.sub(r"/(opt/hall/bin|usr/bin)/\S+", "/bin/true", text)


def verified(folder: Path, unit: Path, text: str) -> str:
    """What systemd says against a unit; its programs are not installed here, so /bin/true stands
    for them."""
    copy = folder / unit.name
    for other in UNITS:  # units name each other
        told = other.read_text("utf-8")
        (folder / other.name).write_text(_stubbed(told), "utf-8")
    copy.write_text(_stubbed(text), "utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return "\n".join(line for line in told.stderr.splitlines() if unit.stem in line)


@pytest.mark.parametrize("unit", STAYING, ids=lambda unit: unit.stem)
def test_each_unit_starts_and_is_started_again(unit: Path) -> None:
    told = lines(unit)
    assert [line for line in told if line.startswith("[")] == ["[Unit]", "[Service]", "[Install]"]
    assert all(re.fullmatch(r"\[\w+\]|\w+=.+", line) for line in told)
    assert {"User=hall", "Restart=always", "StartLimitIntervalSec=0"} <= set(told)


@pytest.mark.parametrize("unit", PROGRAMS, ids=lambda unit: unit.stem)
def test_each_unit_starts_a_program_there_is_with_settings_it_takes(unit: Path) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert set(programs(unit)) <= {*scripts, "hall-session"}
    settings = re.search(r"/etc/hall/(\w+)\.toml", unit.read_text("utf-8"))
    assert settings is not None
    assert settings[1] in SETTINGS
    assert (INSTALL / f"{settings[1]}.toml").is_file()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_each_unit(tmp_path: Path, unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here; the units were parsed above")
    text = unit.read_text("utf-8")
    assert verified(tmp_path, unit, text) == ""
    broken = text.replace("[Service]", "[Service]\nRestart=sometimes").replace(" 03:", " 33:")
    assert verified(tmp_path, unit, broken) != "", "the control: it does look"


@pytest.mark.parametrize("name", SETTINGS)
def test_each_settings_file_is_taken(name: str) -> None:
    made = SETTINGS[name](file=INSTALL / f"{name}.toml")
    assert made.file == INSTALL / f"{name}.toml"


def test_the_devices_file_is_good_and_names_lines_by_their_socket() -> None:
    file = INSTALL / "devices.toml"
    assert len(explain(file, "zh", ROOT / "config" / "devices")) == 5
    listed = read_devices(file)
    urls = [one.url for one in (*listed.lines, *listed.scanners, *listed.printers)]
    assert all(url.startswith("/dev/serial/by-path/") for url in urls)


def test_the_udev_rules_are_rules() -> None:
    file = INSTALL / "60-hall-devices.rules"
    rules = lines(file)
    example = file.read_text("utf-8").splitlines()[-1]
    assert example.startswith("# SUBSYSTEM")
    for rule in (*rules, example.removeprefix("# ")):
        assert all(RULE.fullmatch(part.strip()) for part in rule.split(", ")), rule
    assert 'ENV{ID_MM_DEVICE_IGNORE}="1"' in rules[0]


def test_the_kiosk_tells_systemd_that_it_lives_outside_any_session() -> None:
    told = lines(INSTALL / "hall-kiosk.service")
    assert {"Type=notify", "WatchdogSec=30", "Requires=hall-screen.service"} <= set(told)
    assert not [line for line in told if line.startswith("PAMName=")]
    assert "PAMName=login" in lines(SCREEN)


def test_every_night_the_kiosk_is_asked_to_start_anew() -> None:
    (asked,) = (line for line in lines(ONCE) if line.startswith("ExecStart="))
    assert asked.endswith("--signal=HUP hall-kiosk.service")
    assert ONCE.with_suffix(".timer") in UNITS


def test_the_session_is_a_shell_script_that_can_be_started() -> None:
    script = INSTALL / "hall-session"
    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_the_account_has_no_shell_and_may_open_serial_lines() -> None:
    told = lines(INSTALL / "hall.sysusers")
    assert told[0].endswith("/usr/sbin/nologin")
    assert "m hall dialout" in told


def test_every_file_to_copy_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [file.name for file in INSTALL.iterdir() if file.name not in readme] == []
