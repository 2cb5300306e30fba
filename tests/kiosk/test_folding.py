"""Lines end where Chinese print ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.widgets.folding import even, fold


def cells(text: str) -> float:
    return sum(1 if one.isascii() else 2 for one in text)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("您好请选择要办的事", 8, ["您好请选", "择要办的", "事"]),
        ("您好请选，要办", 8, ["您好请", "选，要办"]),  # no line begins with a comma
        ("您好请（要办）", 8, ["您好请", "（要办）"]),  # none ends with an opening bracket
        ("Please wait in Zone D", 12, ["Please wait", "in Zone D"]),
        ("Zoneaboutlong", 8, ["Zoneabou", "tlong"]),
        ("您好请选——要", 10, ["您好请", "选——要"]),  # a long dash is not parted from its word
        ("一\n二", 8, ["一", "二"]),
        ("", 8, [""]),
    ],
)
def test_a_text_is_folded(text: str, room: float, lines: list[str]) -> None:
    assert fold(text, room, cells).split("\n") == lines


def test_what_is_too_long_ends_with_dots_within_its_lines() -> None:
    assert fold("一二三四五六七八九十", 8, cells, 2).split("\n") == ["一二三四", "五六七…"]


@given(st.text("一二三abc ，。（）《》", max_size=60), st.integers(4, 20))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, room: int) -> None:
    lines = fold(text, room, cells).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line) <= room for line in lines)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("请稍候，或到导办台取号。", 20, ["请稍候，或到导办", "台取号。"]),
        ("Welcome. What would you like to do?", 30, ["Welcome. What would you", "like to do?"]),
        ("您好请选择要办的事", 18, ["您好请选择要办的事"]),
        ("您好请选择要办的事", 12, ["您好请选择要", "办的事"]),  # half a line may stand
        ("a。。a", 4, ["a", "。。", "a"]),  # and not narrower, where 。 would begin a line
    ],
)
def test_no_line_is_left_with_a_word_or_two(text: str, room: float, lines: list[str]) -> None:
    assert even(text, room, cells).split("\n") == lines


@given(st.text("一二三abc ，。（）《》", max_size=60), st.integers(4, 20))
def test_an_even_text_has_no_more_lines_and_loses_nothing(text: str, room: int) -> None:
    lines = even(text, room, cells).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line) <= room for line in lines)
    assert len(lines) == len(fold(text, room, cells).split("\n"))
