"""The item's page: what to bring is read before anybody queues, and taken home on paper."""

from typing import Any

import pytest

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import Handout, Intent, Question
from kiosk.search import Item
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

GUIDANCE = halls.guidance()
HEADINGS = {
    "zh": ["要带的材料", "多久办好", "收费", "办什么", "怎么办", "咨询电话", "投诉电话",
        "办理依据"],
    "en": [
        "What to bring", "How long it takes", "Fee", "What it is", "How it goes", "Enquiries",
        "Complaints", "Legal basis",
    ],
}  # fmt: skip


def reading(lang: str = "zh", **other: Any) -> Visit:
    """A citizen in front of an item whose guidance has come."""
    visit = Visit(lang=lang)
    question = visit.pick(GUIDANCE["code"])
    visit.flow.answered(question.id, GUIDANCE | other)
    return visit


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def test_an_item_that_is_picked_asks_for_its_guidance() -> None:
    asked = Visit().pick(GUIDANCE["code"])
    assert isinstance(asked, Question)
    assert (asked.view, asked.args) == ("item", {"code": GUIDANCE["code"]})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_eight_public_fields_are_told_and_the_materials_come_first(lang: str) -> None:
    fields = body(reading(lang)).fields
    assert [told.heading for told in fields] == HEADINGS[lang]
    assert all(told.text for told in fields)
    lines = fields[0].text.split("\n")
    assert len(lines) == len(GUIDANCE["materials"]) > 1
    for n, (line, one) in enumerate(zip(lines, GUIDANCE["materials"], strict=True), 1):
        assert line.startswith(f"{n}. {one['name']}")


def test_a_field_that_the_hall_lacks_says_so_and_nothing_is_invented() -> None:
    fields = body(reading(fee="", materials=[], promised_days=None)).fields
    texts = {told.heading: told.text for told in fields}
    assert texts["收费"] == texts["要带的材料"] == texts["多久办好"]
    assert "还没有提供" in texts["收费"]


def test_an_item_that_is_done_at_once_says_so() -> None:
    texts = {told.heading: told.text for told in body(reading(promised_days=0)).fields}
    assert texts["多久办好"] == "当场办好"


def test_guidance_that_does_not_come_keeps_nobody_from_a_number() -> None:
    visit = Visit()
    question = visit.pick(GUIDANCE["code"])
    assert body(visit).fields == ()
    visit.flow.refuse(question.id, Refused(Refusal.STORE_UNAVAILABLE))
    assert "可以直接取号" in body(visit).fields[0].text
    assert visit.do(Intent.PRINT_NOTICE) is None
    assert visit.do(Intent.PICK_CLASS, "").item == GUIDANCE["code"]


def test_guidance_of_another_item_comes_too_late() -> None:
    visit = Visit()
    late = visit.pick(GUIDANCE["code"])
    visit.do(Intent.BACK)
    other = next(i for i in halls.sample()[1].items if i.code != GUIDANCE["code"])
    visit.do(Intent.PICK_ITEM, other.code)
    visit.flow.answered(late.id, GUIDANCE)
    assert body(visit).fields == ()


def test_the_checklist_is_printed_once_at_a_time_under_the_version_it_was_read_in() -> None:
    visit = reading()
    handout = visit.do(Intent.PRINT_NOTICE)
    assert isinstance(handout, Handout)
    assert (handout.item, handout.version) == (GUIDANCE, visit.flow.hall.catalogue.version)
    assert visit.do(Intent.PRINT_NOTICE) is None
    assert body(visit).more[0].words.main == "正在打印"
    visit.flow.printed(handout.id, PrintState.PRINTED)
    assert body(visit).note == ""
    again = visit.do(Intent.PRINT_NOTICE)
    visit.flow.printed(again.id, PrintState.FAILED, "paper_out")
    assert "可能没有打印" in body(visit).note


def test_the_online_way_stands_there_before_the_queue() -> None:
    visit = Visit()
    visit.flow.hall.catalogue = type(visit.flow.hall.catalogue)(
        "1", (Item("A", "网上能办的事", queue="household", online_url="https://example.org/a"),)
    )
    visit.pick("A")
    assert (body(visit).qr, body(visit).main.intent) == ("https://example.org/a", Intent.PICK_CLASS)


def test_one_touch_goes_on_to_the_number_and_one_to_the_priority_question() -> None:
    visit = reading()
    assert body(visit).main.words.main == "普通取号"
    assert [choice.intent for choice in body(visit).more] == ["print_notice", "slots", "priority"]
    visit.do(Intent.PRIORITY)
    assert visit.flow.page == "classes"
    visit.do(Intent.BACK)
    assert visit.flow.page == "item"
    assert len(body(visit).fields) == 8


def test_the_nearest_other_point_is_told_before_anybody_queues_and_costs_no_touch() -> None:
    visit = Visit()
    code = "SL370499-HOU-004"
    guidance = halls.guidance(code)
    visit.flow.answered(visit.pick(code).id, guidance)
    first, then = body(visit).fields[:2]
    assert first.heading == "就近也能办"
    assert first.text.split("\n")[0] == "城关派出所户籍窗口，往南步行 900 米"
    assert "文化路21号" in first.text
    assert then.heading == "要带的材料"
    assert body(visit).main.intent == Intent.PICK_CLASS
    bare = {"name": "村服务站", "name_en": "", "way": "", "address": "", "hours": "", "phone": ""}
    visit = Visit()
    visit.flow.answered(visit.pick(code).id, guidance | {"points": [bare]})
    assert body(visit).fields[0].text == "村服务站"
