"""A hall's own papers are proved on paper: none too long to print, no word broken unsaid."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Picture

from config.language import languages
from drivers.__main__ import main
from drivers.compose import Style, compose
from drivers.escpos import encode
from drivers.fitting import WIDTHS, fitting, papers_in_force, remarks
from drivers.miswritten import Miswritten
from drivers.profile import Profile
from drivers.sheets import FACTS, SHIPPED, read_sheets, shipped
from drivers.wording import remarked, said

REST = "\n".join(f"{paper} = [{{space = 1}}]" for paper in FACTS if paper != "ticket")


def papers(folder: Path, *lines: str) -> Path:
    """A hall's file whose ticket has these lines below its number, from line 3 on."""
    file = folder / "papers.toml"
    every = "".join(f"    {line},\n" for line in ("{number = true}", *lines))
    file.write_text(f"ticket = [\n{every}]\n{REST}\n", "utf-8")
    return file


def noted(file: Path, lang: str = "en") -> list[str]:
    """What the check would have somebody look at."""
    return [remarked(file, remark, lang) for remark in remarks(fitting(file))]


def test_the_papers_of_the_sample_hall_fit_everywhere() -> None:
    assert remarks(fitting(SHIPPED)) == []


LONG = '{say = "paper.item", size = 8}', *(('{text = "。"}', "{space = 100}") * 8), '{text = "。"}'


@pytest.mark.fault
def test_papers_longer_than_a_printer_takes_are_refused_by_their_longest_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = papers(tmp_path, *LONG)
    with pytest.raises(Miswritten) as refused:
        fitting(file)
    for lang in languages():
        assert said(refused.value, lang).startswith("papers.toml:3 ticket[2] ")
    assert "[≤ 1500 mm]" in said(refused.value, "en")
    caplog.set_level(logging.ERROR)
    assert papers_in_force(file) == shipped()
    assert "papers not taken" in caplog.text
    # The control: this layout would have kept people from their numbers.
    style = Style(sheets=read_sheets(file))
    lines = compose("ticket", {"number": "A012", "item": "国" * 200}, style)
    with pytest.raises(ValueError, match="longer than two metres"):
        encode(lines, Profile(title="any", width_dots=384))
    assert papers_in_force(papers(tmp_path, *LONG[1:])) != shipped()


def test_a_picture_as_narrow_as_a_ribbon_makes_no_endless_paper(tmp_path: Path) -> None:
    Picture.new("1", (10, 4000)).save(tmp_path / "logo.png")
    with pytest.raises(Miswritten) as refused:
        fitting(papers(tmp_path, '{picture = "logo.png"}'))
    assert said(refused.value, "zh").startswith("papers.toml:3 ticket[2] ")


NOTES = {
    '{text = "{url}"}': (
        "papers.toml:3 ticket[2] 'https://hall.example/t/sample-ticket-0000000000' at size 1 is "
        "wider than the paper and is broken in two (58 mm, Chinese; 58 mm in large print, "
        "Chinese; 58 mm, English; 58 mm in large print, English)"
    ),
    '{text = "No.{phone}", size = 3, large = 5}': (
        "papers.toml:3 ticket[2] 'No.0632-0000100' at size 3 is wider than the paper and is broken "
        "in two (58 mm, Chinese; 58 mm in large print, Chinese; 80 mm in large print, Chinese; "
        "58 mm, English; 58 mm in large print, English; 80 mm in large print, English)"
    ),
    '{qr = "url", mm = 60}': (
        "papers.toml:3 ticket[2] is 60 mm, and the paper has room for 48 mm: it is made narrower "
        "(58 mm, Chinese; 58 mm in large print, Chinese; 58 mm, English; 58 mm in large print, "
        "English)"
    ),
}


@pytest.mark.parametrize("line", NOTES)
def test_what_does_not_look_right_is_said_by_line_and_paper(line: str, tmp_path: Path) -> None:
    file = papers(tmp_path, line)
    assert noted(file) == [NOTES[line]]
    (told,) = noted(file, "zh")
    assert told.startswith("papers.toml:3 ticket[2] ")
    assert "58 毫米纸" in told
    fits = '{qr = "url", mm = 40}', '{text = "No.{phone}", size = 2}'
    assert noted(papers(tmp_path, *fits)) == [], "the control"


def test_a_ticket_too_long_for_a_hand_is_said(tmp_path: Path) -> None:
    file = papers(
        tmp_path, *(["{space = 100}", '{text = "。"}'] * 3), '{text = "{hall}", size = 2}'
    )
    (told,) = noted(file)
    assert told.startswith("papers.toml:3 ticket[2] the sample ticket is 3")
    assert "this line takes most of it, 100 mm (58 mm, Chinese; 80 mm, Chinese; " in told


def test_check_and_preview_say_it_and_preview_only_of_its_own_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = papers(tmp_path, '{text = "{url}"}')
    assert main(["check", str(file)]) == 0
    assert "注意：papers.toml:3 ticket[2] " in capsys.readouterr().out
    out = ["--papers", str(file), "--out", str(tmp_path / "out.png")]
    devices = SHIPPED.parents[1] / "devices" / "printers"
    for profile, notes in (("clone_58", 1), ("gb18030_80", 0)):
        assert main(["preview", str(devices / f"{profile}.toml"), *out]) == 0
        assert capsys.readouterr().out.count("注意：") == notes
    assert main(["preview", *out, "--paper", "notice", "--large"]) == 0
    assert "注意" not in capsys.readouterr().out
    papers(tmp_path, *LONG)
    assert main(["preview", *out]) == 1
    assert "papers.toml:3" in capsys.readouterr().err


def test_a_head_of_another_width_is_judged_by_its_own(tmp_path: Path) -> None:
    sheets = fitting(papers(tmp_path, '{text = "{url}"}'))
    wide = Style(width_dots=832, sheets=sheets)
    assert remarks(sheets, [wide]) == []
    assert len(remarks(sheets, [replace(wide, width_dots=384)])) == 1
    assert set(WIDTHS) == {58, 80}
