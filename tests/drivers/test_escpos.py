"""A job's lines become bytes that any printer reads as meant, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.escpos import (
    Align,
    Cut,
    Feed,
    Image,
    Job,
    Piece,
    Qr,
    Text,
    cells,
    clean,
    encode,
    native_bytes,
    wrap,
)
from drivers.lettering import rare_letters
from drivers.profile import Mode, Profile, QrKind, Repertoire, load_profile
from drivers.raster import Dots, Rare, text_dots, text_measure
from drivers.simulator.paper import Paper, Slip
from tests.drivers.bench import DEVICES, FONT, QUICK, drawn

PROFILES = sorted((DEVICES / "printers").glob("*.toml"))


def paper_of(pieces: list[Piece], width: int = 384) -> tuple[list[Slip], Paper]:
    """What a printer makes of the bytes, all at once."""
    slips: list[Slip] = []
    paper = Paper(width, FONT, lambda _: None, slips.append)
    raw = bytearray(b"".join(piece.data for piece in pieces))
    while raw and (done := paper.take(raw)):
        del raw[: done[0]]
    assert not raw
    return slips, paper


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40))
def test_no_text_can_carry_a_command(text: str) -> None:
    pieces = encode([Text("·"), Text(text), Cut()], drawn("native"))
    slips, paper = paper_of(pieces)
    assert paper.unknown == []
    assert len(slips) == 1
    assert all(clean(line) == line for line in slips[0].lines)


def test_the_bytes_of_a_drawer_kick_in_a_name_are_dropped() -> None:
    pieces = encode([Text("张\x1bp\x00\x19三\x1dV\x00\u202e\x10\x14\x01")], drawn("native"))
    assert b"\x1bp" not in b"".join(piece.data for piece in pieces)
    assert "张p三V\n".encode("gb18030") in pieces[-1].data


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0xFFFF), max_size=80))
def test_wrapping_keeps_every_character_and_no_line_is_too_long(text: str) -> None:
    lines = wrap(text, cells, 16)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line.rstrip()) <= 17 for line in lines)


def test_a_line_never_begins_with_a_comma_and_a_word_is_not_broken() -> None:
    assert wrap("前面还有七人，约十分", cells, 12) == ["前面还有七", "人，约十分"]
    assert wrap("waiting area B", cells, 13) == ["waiting area", "B"]
    assert wrap("或者拨打0632-0000199", cells, 18) == ["或者拨打", "0632-0000199"]
    assert wrap("拨打" + "1" * 20, cells, 8) == ["拨打", "11111111", "11111111", "1111"]
    assert wrap("租房合同（有就带）", cells, 10) == ["租房合同", "（有就带）"]


def test_a_dash_between_figures_is_as_narrow_as_they_are_and_breaks_no_line() -> None:
    assert wrap(clean("Expected wait 15–25 min"), cells, 16) == ["Expected wait", "15-25 min"]


def test_a_character_the_printer_lacks_is_a_geta_in_native_and_drawn_in_hybrid() -> None:
    rare = Text("王䶮𠮷")
    assert "王䶮〓".encode("gb18030") in encode([rare], drawn("native"))[-1].data
    gb2312 = replace(drawn("native"), repertoire=Repertoire.GB2312)
    assert "王〓〓".encode("gb18030") in encode([rare], gb2312)[-1].data
    hybrid = encode([rare], drawn("hybrid"), FONT)
    assert any(b"\x1dv0" in piece.data for piece in hybrid)
    assert not any("王".encode("gb18030") in piece.data for piece in hybrid)


def test_a_name_that_the_first_font_lacks_is_drawn_by_the_second() -> None:
    """Such characters differ from each other; the first font's empty box for them does not."""

    def seen(text: str, rare: Rare | None) -> bytes:
        dots = text_dots(text, font=FONT, rare=rare, size=2, bold=False, width=384, share=0)
        return dots.bits

    second = rare_letters()
    assert len({seen(one, second) for one in "𠮷𧒽𫚉"}) == 3
    assert len({seen(one, None) for one in "𠮷𧒽𫚉"}) == 1, "the control"
    assert text_measure(FONT, 1, second)("王𠮷") == 2 * text_measure(FONT, 1)("王")
    hybrid = encode([Text("王𠮷")], drawn("hybrid"), FONT, second)
    assert hybrid != encode([Text("王𠮷")], drawn("hybrid"), FONT)


def test_every_code_of_the_repertoire_is_two_bytes_and_never_a_control() -> None:
    everything = "".join(map(chr, range(0xA0, 0xFFFF)))
    for repertoire in Repertoire:
        codes = [native_bytes(one, repertoire) for one in clean(everything)]
        assert sum(code is not None for code in codes) > 6000
        assert all(min(code) >= 0x30 for code in codes if code and len(code) == 2)


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("align", list(Align))
def test_a_drawn_line_is_on_paper_dot_for_dot(width: int, align: Align) -> None:
    profile = replace(drawn("raster"), width_dots=width)
    line = Text("青岛䶮 A012", size=2, bold=True, align=align)
    (slip,), paper = paper_of(encode([line, Cut()], profile, FONT), width)
    meant = text_dots(line.text, font=FONT, size=2, bold=True, width=width, share=align.share)
    assert slip.bits.startswith(meant.bits)
    assert not any(slip.bits[len(meant.bits) :])
    assert paper.unknown == []
    other = text_dots("青岛龑 A012", font=FONT, size=2, bold=True, width=width, share=align.share)
    assert not slip.bits.startswith(other.bits)


def test_blank_paper_is_fed_and_not_sent_as_dots() -> None:
    row = b"\x80" + bytes(47)
    picture = Image(Dots(384, row + bytes(48) * 300 + row))
    pieces = encode([picture], drawn("raster"), FONT)
    assert sum(len(piece.data) for piece in pieces) < 100
    (slip,), _ = paper_of([*pieces, Piece(b"\x1dV\x00")])
    assert slip.bits == picture.dots.bits


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_shipped_profile_prints_a_ticket_its_printer_understands(path: Path) -> None:
    profile = load_profile(path)
    job: Job = [Text("青岛市市民中心", size=3), Qr("https://hall.example/t"), Feed(400), Cut()]
    slips, paper = paper_of(encode(job, profile, FONT), profile.width_dots)
    paper.part(cut=False)
    assert paper.unknown == []
    assert len(slips) == 1
    assert profile.slice_rows * profile.width_dots // 8 < 4096, "a slice fits any buffer"


@pytest.mark.parametrize("kind", list(QrKind))
def test_a_qr_code_is_at_least_25_mm_where_the_paper_allows(kind: QrKind) -> None:
    (slip,), _ = paper_of(
        encode([Qr("https://hall.example/t/7f3c"), Cut()], replace(QUICK, qr=kind), FONT)
    )
    left, _, right, _ = slip.picture().point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert 200 <= right - left <= 384


def test_what_is_out_of_bounds_is_refused() -> None:
    for wrong in (
        lambda: Text("x", size=9),
        lambda: Text("x" * 513),
        lambda: Qr(""),
        lambda: Qr("x" * 513),
        lambda: Feed(0),
        lambda: encode([Text("x")] * 401, QUICK),
        lambda: encode([Feed(1600)] * 11, QUICK),
        lambda: encode([Text("x")], drawn("raster")),
        lambda: encode([Image(Dots(576, bytes(72)))], QUICK),
        lambda: Dots(384, bytes(47)),
        lambda: Profile(title="x", width_dots=380),
        lambda: Profile(title="x", pace=0),
    ):
        with pytest.raises(ValueError, match=r".+"):
            wrong()


@pytest.mark.parametrize("line", ['mode = "magic"', "no_such = 1", "pace = 0", 'cut = "XY"'])
def test_a_profile_with_a_mistake_is_refused_by_its_file_name(tmp_path: Path, line: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'title = "mine"\n{line}\n', "utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml"):
        load_profile(file)


def test_a_profile_says_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "mine"\nmode = "native"\ncut = "1B 69"\n', "utf-8")
    profile = load_profile(file)
    assert (profile.mode, profile.cut) == (Mode.NATIVE, b"\x1bi")
