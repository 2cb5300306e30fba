"""The preview is what the encoder makes and the simulated paper shows."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from drivers.__main__ import main
from drivers.compose import Style
from drivers.escpos import Cut, Text
from drivers.preview import preview, sample
from drivers.profile import load_profile
from drivers.sheets import FACTS, SHIPPED
from tests.drivers.bench import DEVICES
from tests.drivers.codes import read_codes

PROFILES = sorted((DEVICES / "printers").glob("*.toml"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("lang", "large"), [("zh", False), ("en", True)])
def test_every_profile_gives_a_picture_whose_qr_code_can_be_read(
    path: Path, lang: str, large: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ticket.png"
    asked = ["preview", str(path), "--out", str(out), "--lang", lang]
    assert main([*asked, "--large"] if large else asked) == 0
    assert str(out) in capsys.readouterr().out
    with Image.open(out) as picture:
        assert picture.width == load_profile(path).width_dots
        assert read_codes(picture) == ["https://hall.example/t/sample-ticket-0000000000"]


@pytest.mark.parametrize("paper", FACTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_paper_of_the_sample_hall_is_shown(paper: str, lang: str, tmp_path: Path) -> None:
    out = tmp_path / "paper.png"
    asked = ["preview", "--paper", paper, "--papers", str(SHIPPED), "--lang", lang]
    assert main([*asked, "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.height > 400


def test_a_preview_of_broken_layouts_says_where_they_are_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    papers = tmp_path / "papers.toml"
    papers.write_text(SHIPPED.read_text("utf-8").replace("space = 2", "space = 0", 1), "utf-8")
    assert main(["preview", "--papers", str(papers), "--out", str(tmp_path / "x.png")]) == 1
    assert "papers.toml:20 ticket[2].space" in capsys.readouterr().err


def test_large_print_is_longer_and_languages_differ() -> None:
    profile = load_profile(DEVICES / "printers" / "raster_80.toml")
    zh, large, en = (
        preview(sample(Style(*how)), profile) for how in (("zh",), ("zh", True), ("en",))
    )
    assert large.size_mm[1] > zh.size_mm[1]
    assert zh.slip.bits != en.slip.bits
    assert zh.size_mm[0] == 72


def test_a_slow_line_is_seen_before_it_is_installed() -> None:
    fast = load_profile(DEVICES / "printers" / "raster_80.toml")
    assert not preview(sample(), fast).slow
    assert preview(sample(), replace(fast, baud=9600)).slow


def test_a_profile_whose_commands_no_printer_knows_is_refused(tmp_path: Path) -> None:
    text = (DEVICES / "printers" / "gb18030_58.toml").read_text("utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace('cut = "1D 56 42 00"', 'cut = "1D 99"'), "utf-8")
    with pytest.raises(ValueError, match="1d 99"):
        preview([Text("A012"), Cut()], load_profile(file))
    assert main(["preview", str(file), "--out", str(tmp_path / "x.png")]) == 1


def test_a_file_that_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    assert main(["preview", str(tmp_path / "gone.toml")]) == 1
    assert main(["preview", "--out", str(tmp_path / "no" / "x.png")]) == 1
