"""A hall's files: taken whole, or refused with every fault at its line."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.hall_files import EXAMPLE, texts_in
from hall_server.wire.files import read_hall
from hall_server.wire.files.toml_lines import lines_of, nearest
from tests.wire.files.texts import HALL, HEADING, ITEMS, YEAR, faults_of, refusal, spots


def test_a_small_hall_is_taken() -> None:
    assert faults_of() == []


def test_every_fault_of_every_file_is_told_at_once_with_its_line() -> None:
    hall = HALL.replace('"370499"', '"37"').replace('prefix = "A"', 'prefix = "a"\ncolour = 1')
    items = f"{HEADING}\nA-1,事项,局\nA_2,,局\n"
    year = "year = 2026\npublished = true\nholidays = [\n  { name = '' },\n]\n"
    told = faults_of(hall=hall, items=items, year=year)
    assert set(spots(told)) == {
        ("hall.toml", 4, "hall.division"),
        ("hall.toml", 13, "queues[1].prefix"),
        ("hall.toml", 14, "queues[1].colour"),
        ("items.csv", 3, "code"),
        ("items.csv", 3, "name"),
        ("calendars/2026.toml", 4, "holidays[1].name"),
        ("calendars/2026.toml", 4, "holidays[1].first"),
        ("calendars/2026.toml", 4, "holidays[1].last"),
    }


def test_a_fault_says_what_is_allowed_in_words_not_in_patterns() -> None:
    hall = HALL.replace('prefix = "A"', 'prefix = "a"').replace('"16:30"', '"4pm"')
    zh = {fault.field: fault for fault in faults_of(hall=hall)}
    assert zh["queues[1].prefix"].allowed == "1–2 个大写字母"
    assert zh["queues[1].prefix"].problem == "“a”的写法不对"
    en = {fault.field: fault for fault in faults_of(lang="en", hall=hall)}
    assert en["hours.weekly[1].last_ticket"].allowed == "hh:mm, such as 16:30"
    assert not any("[a-z" in fault.allowed for fault in zh.values())


def test_parts_that_do_not_fit_are_told_at_the_line_of_their_field() -> None:
    hall = HALL.replace('queues = ["general"]', 'zone = "z"\nqueues = ["general", "fish"]')
    assert spots(faults_of(hall=hall)) == [
        ("hall.toml", 9, "windows[1].zone"),
        ("hall.toml", 10, "windows[1].queues"),
    ]


def test_a_file_that_is_no_toml_is_told_with_its_line() -> None:
    assert spots(faults_of(hall=HALL.replace('id = "1"', "id = "))) == [("hall.toml", 7, "")]
    assert faults_of(hall="") != []


def test_a_calendar_inside_the_hall_file_is_sent_to_its_own_file() -> None:
    assert spots(faults_of(hall=HALL + "[calendar]\nyears = []\n")) == [
        ("hall.toml", 22, "calendar")
    ]


def test_the_sample_halls_are_sound_and_all_their_items_have_full_guidance() -> None:
    for folder, windows, items in ((EXAMPLE, 30, 120), (EXAMPLE / "village", 1, 10)):
        hall = read_hall(texts_in(folder))
        assert len(hall.layout.windows) == windows
        assert len(hall.catalogue.items) >= items
        assert not hall.catalogue.without_guidance()
        assert all(item.queue for item in hall.catalogue.items)
        assert all(item.name_en for item in hall.catalogue.items)
        assert hall.remarks == ["2027 年节假日还没有录入，暂按周一至周五上班计算"]


def test_the_sample_hall_serves_each_of_its_twelve_queues() -> None:
    layout = read_hall(texts_in(EXAMPLE)).layout
    assert len(layout.queues) == 12
    assert {cls.id for cls in layout.classes} == {"elderly", "disabled", "soldier", "pregnant"}


def test_a_calendar_is_named_after_its_year() -> None:
    assert spots(faults_of(year="published = false\nyear = 2027\n")) == [
        ("calendars/2026.toml", 2, "year")
    ]


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 9000, "x = " + "9" * 9000, "x = 2026-13-01", "\x00"]
)
def test_a_text_that_would_break_the_parser_is_only_a_fault(text: str) -> None:
    assert [fault.file for fault in faults_of(hall=text)] == ["hall.toml"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_written_the_answer_is_a_hall_or_a_list_of_faults(data: st.DataObject) -> None:
    """Cut a piece out of a sound file and put anything there."""
    texts = {"hall.toml": HALL, "items.csv": ITEMS, "calendars/2026.toml": YEAR}
    name = data.draw(st.sampled_from(sorted(texts)))
    start = data.draw(st.integers(0, len(texts[name])))
    end = data.draw(st.integers(start, min(len(texts[name]), start + 30)))
    piece = data.draw(
        st.text(max_size=12) | st.sampled_from(["[[", "]", '"', "={}", "\n", ",", "|"])
    )
    texts[name] = texts[name][:start] + piece + texts[name][end:]
    for fault in refusal(texts):
        assert 1 <= fault.line <= 1 + sum(texts[fault.file].count(end) for end in "\r\n")
        assert fault.problem.isprintable()


def test_the_lines_of_a_toml_text_are_found() -> None:
    lines = lines_of(
        "[a]\nx = 1\n\n[[b]]\ny = 1\n[[b]]\ny = 2\n[[b.c]]\nz = 3\nl = [\n {q=1},\n {q=2},\n]\n"
    )
    assert lines[("a", "x")] == 2
    assert lines[("b", 1, "y")] == 7
    assert lines[("b", 1, "c", 0, "z")] == 9
    assert lines[("b", 1, "c", 0, "l", 1)] == 12
    assert nearest(lines, ("b", 1, "y", 3)) == 7
    assert nearest(lines, ("nothing",)) == 1


def test_a_point_with_an_item_that_is_not_there_is_a_remark() -> None:
    point = '[[points]]\nname = "向阳村服务站"\nitems = ["A-1", "A-9"]\n'
    files = read_hall({"hall.toml": f"{HALL}\n{point}", "items.csv": ITEMS}, "en")
    assert "item A-9 of the service point '向阳村服务站' is not in the catalogue" in files.remarks
    assert not [remark for remark in files.remarks if "A-1" in remark]
