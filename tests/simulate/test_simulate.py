"""`hall simulate` as it is started: its table, its files, and what it refuses."""

import csv
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
    asked = ["--hall", "street", "--days", "1", "--rule", "first-come", "ratio-1", "strict"]
    assert run([*asked, "--csv", str(table), "--svg", str(drawing)]) == 0
    assert "street" in capsys.readouterr().out
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows] == ["first-come", "ratio-1", "strict"]
    assert len({row["people"] for row in rows}) == 1
    assert float(rows[2]["priority_mean"]) < float(rows[0]["priority_mean"])
    lines = [one for one in ET.parse(drawing).iter() if one.tag.endswith("polyline")]
    assert len(lines) == 3


def test_a_days_figures_come_out_the_same_again(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        run(["--hall", "street", "--days", "1", "--rule", "promise", "--csv", str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_halls_own_files_are_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--files", str(EXAMPLE), "--days", "1", "--rule", "promise"]) == 0
    assert "demo" in capsys.readouterr().out


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
