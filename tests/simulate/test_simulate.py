"""`hall simulate` as it is started: its table, its files, and what it refuses."""

import csv
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from config.hall_files import EXAMPLE
from hall_server.simulate import run
from hall_server.simulate.svg import picture


def test_rules_are_compared_on_the_same_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, drawing = tmp_path / "figures.csv", tmp_path / "waits.svg"
    asked = ["--hall", "street", "--fast", "--days", "1"]
    asked += ["--rule", "first-come", "ratio-1", "strict"]
    assert run([*asked, "--csv", str(table), "--svg", str(drawing)]) == 0
    assert "street" in capsys.readouterr().out
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows] == ["first-come", "ratio-1", "strict"]
    assert len({row["people"] for row in rows}) == 1
    assert float(rows[2]["priority_mean"]) < float(rows[0]["priority_mean"])
    lines = [one for one in ET.parse(drawing).iter() if one.tag.endswith("polyline")]
    assert len(lines) == 3
    shown = [one.text for one in ET.parse(drawing).iter() if one.tag.endswith("text")]
    assert {"准时 %", "优先 95 %", "窗口忙 %"} <= set(shown)


def test_a_days_figures_come_out_the_same_again(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        run(["--hall", "street", "--rule", "promise", "--csv", str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()


def another(folder: Path, old: str, new: str) -> Path:
    """The sample hall with something else in it."""
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "hall.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "hall.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_two_halls_files_are_compared_on_the_same_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fair = another(tmp_path / "fair", "departments =", "policy = { ratio = 9 }\ndepartments =")
    table = tmp_path / "figures.csv"
    asked = ["--files", str(EXAMPLE), str(fair), "--days", "1", "--fast", "--csv", str(table)]
    assert run(asked) == 0
    assert "demo" in capsys.readouterr().out
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows] == [f"{EXAMPLE.name} own", "fair own"]
    assert len({row["people"] for row in rows}) == 1
    assert rows[0]["plain_mean"] != rows[1]["plain_mean"]


def test_halls_of_other_queues_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    village = EXAMPLE / "village"
    assert run(["--files", str(EXAMPLE), str(village), "--days", "1", "--fast"]) == 2
    assert "village" in capsys.readouterr().out


def test_real_arrivals_are_played_through_the_hall(tmp_path: Path) -> None:
    came, table = tmp_path / "came.csv", tmp_path / "figures.csv"
    lines = [f"9:{n:02d}:30,general,,{'elder' if n % 5 == 0 else ''}," for n in range(60)]
    lines += ["9:10,social,,,9:30"]
    came.write_text("\n".join(["time,queue,item,class,slot", *lines]), encoding="utf-8")
    asked = ["--hall", "street", "--arrivals", str(came), "--csv", str(table)]
    assert run([*asked, "--rule", "promise"]) == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["people"] == "61"
    assert float(row["priority_mean"]) < float(row["plain_mean"])
    assert float(row["punctual"]) == 1.0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9:61x,general,,,", "came.csv:3: time 9:61x"),
        ("5:00,general,,,", "came.csv:3: time 5:00"),
        ("9:00,nowhere,,,", "came.csv:3: queue nowhere"),
        ("9:00,,A-1,,", "came.csv:3: queue A-1"),
        ("9:00,general,,,9:40", "came.csv:3: slot 9:40"),
    ],
)
def test_arrivals_that_cannot_be_read_are_told_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    came = tmp_path / "came.csv"
    came.write_text(f"time,queue,item,class,slot\n9:00,general,,,\n{line}\n", encoding="utf-8")
    assert run(["--hall", "street", "--arrivals", str(came)]) == 2
    assert said in capsys.readouterr().out


def test_a_rule_without_a_bound_is_not_played_in_a_real_hall(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--hall", "street", "--rule", "strict"]) == 2
    assert "--fast" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--rule", "ratio-0"], ["--rule", "ratio-12"], ["--booked", "2"], ["--days", "0"]]
)
def test_what_it_does_not_know_is_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as no:
        run(wrong)
    assert no.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_names_in_a_picture_are_text_and_not_markup() -> None:
    drawn = picture("<script>", ["<b>"], {"a&b": [1.0]})
    assert "<script>" not in drawn
    assert ET.fromstring(drawn) is not None
