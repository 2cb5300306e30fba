"""The catalogue as a table: understood as a clerk writes it, or refused whole."""

from pathlib import Path

import pytest

from config.hall_files import decode
from hall_server.wire.files import diff, read_hall
from tests.wire.files.texts import HALL, HEADING, faults_of, spots

REAL = Path(__file__).parents[4] / "shared" / "data" / "real_items.csv"


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
