"""A hall's files: taken whole, or refused with every fault at its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.hall_files import EXAMPLE, decode, texts_in
from hall_server.wire.files import FileFault, HallFilesRefused, diff, read_hall
from hall_server.wire.files.toml_lines import lines_of, nearest

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "real_items.csv"
HALL = """\
[hall]
id = "demo"
name = "示例"
division = "370499"

[[windows]]
id = "1"
name = "综合"
queues = ["general"]

[[queues]]
id = "general"
prefix = "A"
name = "综合业务"
departments = ["审批局"]

[[hours.weekly]]
days = [1, 2, 3, 4, 5]
start = "09:00"
end = "17:00"
last_ticket = "16:30"
"""
YEAR = "year = 2026\npublished = true\nworkdays = [\n{date=2026-01-04},\n]\n"
HEADING = "事项编码,事项名称,实施部门"

ITEMS = f"{HEADING},申报材料,承诺时限,业务队列\nA-1,事项,局,身份证|1|必需|原件；照片,即办,general\n"


def faults_of(lang: str = "zh", **texts: str) -> list[FileFault]:
    names = {"hall": "hall.toml", "items": "items.csv", "year": "calendars/2026.toml"}
    return refusal({"hall.toml": HALL} | {names[key]: text for key, text in texts.items()}, lang)


def refusal(files: dict[str, str], lang: str = "zh") -> list[FileFault]:
    try:
        read_hall(files, lang)
    except HallFilesRefused as refused:
        return refused.faults
    return []


def spots(faults: list[FileFault]) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.field) for fault in faults]


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


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("A_1,事项,局,", "code"),
        ("A-1\n,事项,局,", ""),
        (f"{'A' * 65},事项,局,", "code"),
        (f"A-1,{'长' * 201},局,", "name"),
        ("A-1,事项\x07,局,", "name"),
        ("A-1,事项,局,javascript:alert(1)", "online_url"),
        ("A-1,事项,局", ""),
        ("A-1,事项,局,,", ""),
        ('A-1,"事项,局,', ""),
    ],
)
def test_a_bad_row_refuses_the_whole_table(row: str, field: str) -> None:
    items = f"{HEADING},网办地址\nA-0,好的,局,\n{row}\n"
    told = faults_of(items=items)
    assert told
    assert {fault.file for fault in told} == {"items.csv"}
    assert field in {fault.field for fault in told}
    assert all(fault.line >= 3 for fault in told)


def test_a_code_twice_and_a_queue_nobody_has_are_told() -> None:
    items = f"{HEADING},业务队列\nA-1,甲,局,general\nA-1,乙,局,综合业务\nA-2,丙,局,税务\n"
    assert spots(faults_of(items=items)) == [("items.csv", 3, "code"), ("items.csv", 4, "queue")]


def test_unknown_missing_and_repeated_headings_are_told() -> None:
    told = faults_of(items="事项编码,code,颜色\nA-1,A-1,red\n")
    assert [fault.field for fault in told] == ["颜色", "name", "department", "code"]


def test_a_row_is_understood_as_a_clerk_writes_it() -> None:
    heading = f"{HEADING},承诺时限,申报材料,常用名,事项类型"
    row = "A-1,事项,审批局,即办,身份证|1|必需|原件；照片｜2；委托书||非必需,身份证；换证,行政许可"
    item = read_hall(
        {"hall.toml": HALL, "items.csv": f"\ufeff{heading}\r\n{row}\r\n"}
    ).catalogue.items[0]
    assert (item.queue, item.promised_days, item.task_type) == ("general", 0, "1")
    assert item.common_names == ("身份证", "换证")
    materials = [(m.name, m.copies, m.required, m.note) for m in item.materials]
    assert materials == [
        ("身份证", 1, True, "原件"),
        ("照片", 2, True, ""),
        ("委托书", 1, False, ""),
    ]


def test_materials_that_cannot_be_understood_are_told() -> None:
    items = (
        f"{HEADING},申报材料,承诺时限\nA-1,甲,局,照片|两张,很快\nA-2,乙,局,照片|99|也许,5个工作日\n"
    )
    assert {(fault.line, fault.field) for fault in faults_of(items=items)} == {
        (2, "materials[1].copies"),
        (2, "promised_days"),
        (3, "materials[1].copies"),
        (3, "materials[1].required"),
    }


def test_the_same_items_have_the_same_version_and_others_another() -> None:
    one, two = (f"{HEADING}\nA-1,{name},审批局\n" for name in ("甲", "乙"))
    versions = [
        read_hall({"hall.toml": HALL, "items.csv": items}).catalogue.version
        for items in (one, one, two)
    ]
    assert versions[0] == versions[1] != versions[2]


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


def test_an_unchanged_hall_has_no_differences() -> None:
    hall = read_hall(texts_in(EXAMPLE))
    assert diff(hall.layout, hall.layout) == []
    assert diff(hall.catalogue, hall.catalogue) == []


def test_differences_are_told_in_sentences() -> None:
    texts = texts_in(EXAMPLE)
    old = read_hall(texts)
    before = 'name = "税务"\nname_en = "Tax"\nzone = "b"\nquota = 300'
    texts["hall.toml"] = texts["hall.toml"].replace(before, 'name = "税费"\nquota = 250', 1)
    texts["items.csv"] = texts["items.csv"].replace(",税务,", ",税费,")
    texts["items.csv"] = "\n".join(texts["items.csv"].split("\n")[:-2])
    new = read_hall(texts)
    assert diff(old.layout, new.layout) == [
        "业务队列 税费 (tax)：名称 税务 → 税费",
        "业务队列 税费 (tax)：name_en Tax → —",
        "业务队列 税费 (tax)：所在区 b → —",
        "业务队列 税费 (tax)：限号 300 → 250",
    ]
    last = old.catalogue.items[-1]
    assert diff(old.catalogue, new.catalogue, lang="en") == [
        f"gone: item {last.name} ({last.code})"
    ]


def test_changed_hours_and_policies_are_told_without_brackets() -> None:
    old = read_hall({"hall.toml": HALL})
    text = HALL.replace('"17:00"', '"18:00"').replace("[[hours", "policy = {ratio = 1}\n[[hours")
    new = read_hall({"hall.toml": text})
    assert diff(old.layout, new.layout, "en") == [
        "queue 综合业务 (general) policy: ratio 2 → 1",
        "hours: weekly hours 1, 2, 3, 4, 5 09:00 17:00 16:30 normal → "
        "1, 2, 3, 4, 5 09:00 18:00 16:30 normal",
    ]


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


@pytest.mark.skipif(not REAL.is_file(), reason="the real catalogue is not kept in the repository")
def test_a_real_district_catalogue_is_taken_whole() -> None:
    texts = {"hall.toml": HALL, "items.csv": decode(REAL.read_bytes())}
    hall = read_hall(texts)
    assert len(hall.catalogue.items) == 1135
    assert len(hall.catalogue.without_guidance()) == 1135
    assert any("1135" in remark for remark in hall.remarks)
    assert {item.task_type for item in hall.catalogue.items} == {
        "1",
        "5",
        "7",
        "8",
        "9",
        "10",
        "20",
    }
    changes = diff(read_hall({"hall.toml": HALL}).catalogue, hall.catalogue)
    assert len(changes) == 51  # fifty by name, and a count of the rest
