"""A hall edits what stands on its papers; what it wrote wrong is told by file, line and field."""

from pathlib import Path

import pytest
from PIL import Image as Picture

from config.language import facts_of, languages, say
from drivers.__main__ import main
from drivers.compose import Style, compose
from drivers.escpos import Align, Cut, Feed, Image, Line, Qr, Text
from drivers.miswritten import Misshapen, Miswritten
from drivers.preview import preview, sample
from drivers.profile import Mode, Profile
from drivers.sheets import FACTS, SHIPPED, Part, Sheets, read_sheets, shipped
from drivers.wording import faults, said

FACTS_OF_A_TICKET = {
    "number": "A012",
    "hall": "市民中心",
    "people": "7",
    "url": "https://hall.example/t/1",
}
WHOLE = """ticket = [
{lines}
]
notice = [
    {{space = 1}},
]
appointment = [
    {{space = 1}},
]
receipt = [
    {{space = 1}},
]
"""


def layouts(folder: Path, *lines: str) -> Sheets:
    file = folder / "papers.toml"
    file.write_text(WHOLE.format(lines="\n".join(f"    {line}," for line in lines)), "utf-8")
    return read_sheets(file)


def printed(folder: Path, *lines: str, lang: str = "zh", large: bool = False) -> list[Line]:
    style = Style(lang, large, sheets=layouts(folder, *lines))
    return compose("ticket", FACTS_OF_A_TICKET, style)


def test_a_hall_changes_words_order_and_size(tmp_path: Path) -> None:
    lines = printed(
        tmp_path,
        '{text = "欢迎来{hall}", text_en = "Welcome to {hall}", size = 2, align = "right"}',
        "{number = true, bold = true}",
        '{say = "paper.ahead", large = 2}',
        '{qr = "url", mm = 30, align = "left"}',
    )
    assert lines == [
        Text("欢迎来市民中心", 2, Align.RIGHT),
        Text("A012", 4, bold=True),
        Text("前面还有 7 人"),
        Qr("https://hall.example/t/1", 30, Align.LEFT),
        Cut(),
    ]


def test_english_and_large_print_have_their_own_words_and_sizes(tmp_path: Path) -> None:
    lines = printed(
        tmp_path,
        '{text = "欢迎", text_en = "Welcome"}',
        '{text = "OK"}',
        "{number = true}",
        '{say = "paper.ahead", large = 2}',
        lang="en",
        large=True,
    )
    assert lines[:2] == [Text("Welcome"), Text("OK")]
    assert lines[3] == Text("7 people ahead of you", 2)


def test_a_line_whose_facts_are_empty_is_left_out_and_so_is_the_space_round_it(
    tmp_path: Path,
) -> None:
    lines = printed(
        tmp_path,
        "{space = 3}",
        "{number = true}",
        "{space = 1}",
        '{say = "paper.wait_at"}',
        "{space = 2}",
        '{say = "paper.first", without = "people"}',
        '{text = "扫一扫", only = "url"}',
        '{text = "{address}"}',
        "{space = 4}",
    )
    assert lines == [Text("A012", 4), Feed(16), Text("扫一扫"), Cut()]


def test_a_logo_is_drawn_where_it_stands(tmp_path: Path) -> None:
    logo = Picture.new("RGBA", (100, 50), (0, 0, 0, 0))
    logo.paste((200, 0, 0, 255), (0, 0, 50, 50))
    logo.save(tmp_path / "logo.png")
    image = printed(
        tmp_path, '{picture = "logo.png", mm = 25, align = "centre"}', "{number = true}"
    )[0]
    assert isinstance(image, Image)
    rows = [*image.dots.rows()]
    assert (image.dots.width, len(rows)) == (384, 100)
    ink = [at for at in range(384) if rows[50][at // 8] >> (7 - at % 8) & 1]
    assert (ink[0], ink[-1], len(ink)) == (92, 191, 100)
    style = Style(sheets=layouts(tmp_path, '{picture = "logo.png"}', "{number = true}"))
    slip = preview(sample(style), Profile(title="drawn", mode=Mode.RASTER)).slip
    assert slip.bits.strip(b"\0")


SECOND = "papers.toml:3 ticket[2]"
FAULTS = {
    '{number = true, size = "big"}': "papers.toml:2 ticket[1].size",
    "{number = true, colour = 1}": "papers.toml:2 ticket[1].colour",
    "{number = true},\n    {space = 0}": f"{SECOND}.space ",
    '{number = true},\n    {say = "paper.nothing"}': f"{SECOND}.say ",
    '{number = true},\n    {text = "{password}"}': f"{SECOND} ",
    '{number = true},\n    {text = "{hall.name}"}': f"{SECOND}.text ",
    '{number = true},\n    {text = "{hall!r}"}': f"{SECOND}.text ",
    '{number = true},\n    {text = "{hall"}': f"{SECOND}.text ",
    '{number = true},\n    {text = "a", space = 1}': f"{SECOND} ",
    "{number = true},\n    {bold = true}": f"{SECOND} ",
    '{number = true},\n    {qr = "url", mm = 20}': f"{SECOND}.mm ",
    '{number = true},\n    {picture = "../logo.png"}': f"{SECOND}.picture ",
    '{number = true},\n    {picture = "gone.png"}': f"{SECOND}.picture ",
    '{number = true},\n    {say = "paper.material", each = "materials"}': f"{SECOND} ",
    '{number = true},\n    {say = "paper.material"}': f"{SECOND} ",
    '{text = "no number"}': "papers.toml:1 ticket ",
    '{number = true},\n    {text = "open}': "papers.toml:3 ",
}


@pytest.mark.parametrize("written", FAULTS)
def test_every_fault_is_told_by_file_line_and_field(written: str, tmp_path: Path) -> None:
    with pytest.raises(Miswritten) as refused:
        layouts(tmp_path, written)
    assert said(refused.value, "zh").startswith(FAULTS[written])


def test_all_faults_are_told_at_once_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "papers.toml"
    lines = '    {say = "paper.nothing"},\n    {text = "{password}"},'
    file.write_text(WHOLE.format(lines=lines), "utf-8")
    told = []
    for lang in languages():
        with pytest.raises(Misshapen) as refused:
            read_sheets(file)
        told.append(said(refused.value, lang))
        assert len(faults(refused.value, lang)) == 3
    assert told[0] != told[1]


def test_a_file_that_is_no_text_or_not_there_is_said(tmp_path: Path) -> None:
    for data in (None, b"\xff" * 300_000):
        file = tmp_path / "papers.toml"
        if data:
            file.write_bytes(data)
        with pytest.raises(Miswritten, match=r"papers\.toml"):
            read_sheets(file)


def test_hall_agent_check_proves_the_layouts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(SHIPPED)]) == 0
    assert "号票" in capsys.readouterr().out
    file = tmp_path / "papers.toml"
    file.write_text(WHOLE.format(lines="    {space = 0},"), "utf-8")
    assert main(["check", str(file)]) == 1
    assert "papers.toml:2 ticket[1].space" in capsys.readouterr().err


@pytest.mark.parametrize("paper", FACTS)
def test_every_sentence_of_the_sample_hall_can_be_said_with_the_facts_of_its_paper(
    paper: str,
) -> None:
    sheet: tuple[Part, ...] = getattr(shipped().layouts, paper)
    for part in sheet:
        if part.say is not None:
            facts = dict.fromkeys(facts_of(part.say), "7")
            assert len({say(part.say, lang, **facts) for lang in languages()}) >= 1
