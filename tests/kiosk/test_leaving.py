"""办不成事、吐槽找茬 at the kiosk: a few touches, a record with a number, and nothing stays."""

from dataclasses import replace
from typing import Any

import pytest

from config.language import say
from hall_server.wire.entries import LeaveEntry
from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import Deed, EntryKind, Flow, Intent, Page, Purpose, Receipt
from kiosk.flow.leaving import TROUBLES
from tests.builders import HALL
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def told(kind: EntryKind = EntryKind.UNSOLVED, trouble: str = "again") -> Visit:
    """A citizen who said what went wrong."""
    visit = Visit()
    visit.do(Intent.LEAVE, kind)
    visit.do(Intent.PICK_TROUBLE, trouble)
    return visit


def typed(visit: Visit, phone: str) -> Visit:
    for key in phone:
        visit.do(Intent.TYPE, key)
    return visit


@pytest.mark.parametrize("kind", EntryKind)
def test_every_trouble_has_words_and_makes_a_record_that_the_hall_takes(kind: EntryKind) -> None:
    for trouble in TROUBLES[kind]:
        visit = told(kind, trouble)
        deed = visit.do(Intent(body(visit).main.intent))
        assert isinstance(deed, Deed)
        entry = LeaveEntry.model_validate({"hall": HALL, **deed.facts})
        assert (entry.entry_kind, entry.words) == (kind, say(f"trouble.{trouble}"))
        assert entry.ticket is None


def test_a_telephone_number_goes_with_it_and_the_record_is_shown() -> None:
    visit = typed(told(), "13800000000")
    deed = visit.do(Intent.SEND)
    assert deed.facts["words"] == "来了几次没办成\n联系电话：13800000000"
    assert visit.do(Intent.SEND) is None, "once is enough while the hall is asked"
    visit.flow.answered(deed.id, halls.left())
    assert body(visit).number == "编号 20261121-001"
    assert body(visit).text == "最晚 11月27日 星期五 打电话答复您。凭证码 7K3F，来问结果时用。"
    visit.do(Intent.DONE)
    assert visit.flow.leaving == Flow({}).leaving


def test_its_receipt_is_printed_with_the_number_and_without_what_was_said() -> None:
    visit = typed(told(), "13800000000")
    deed = visit.do(Intent.SEND)
    paper = visit.flow.answered(deed.id, halls.left())
    assert paper == Receipt(paper.id, halls.left(), by_phone=True)
    assert "138" not in str(paper)
    assert body(visit).other[0].words.main == "正在打印回执"
    assert visit.do(Intent.REPRINT) is None, "one paper at a time"
    visit.flow.printed(paper.id, PrintState.PRINTED)
    assert (body(visit).note, body(visit).other[0].intent) == ("", Intent.REPRINT)
    again = visit.do(Intent.REPRINT)
    assert again == replace(paper, id=again.id) != paper


@pytest.mark.parametrize(
    ("trouble", "said"), [("paper_out", "打印纸用完了"), ("", "可能没有打印出来")]
)
def test_where_no_paper_came_the_number_stays_large_and_says_to_note_it(
    trouble: str, said: str
) -> None:
    visit = told()
    paper = visit.flow.answered(visit.do(Intent.SEND).id, halls.left())
    visit.flow.printed(paper.id, PrintState.FAILED, trouble)
    assert said in body(visit).note
    assert body(visit).number == "编号 20261121-001"
    assert "7K3F" in body(visit).text


def test_a_record_that_the_hall_may_have_is_sent_again_as_it_was_and_is_never_a_second_one() -> (
    None
):
    visit = typed(told(), "1380000000")
    first = visit.do(Intent.SEND)
    visit.flow.refuse(first.id, Refused(Refusal.TOO_BUSY))
    assert {key.intent for key in body(visit).keys} == {""}
    typed(visit, "0")
    assert visit.do(Intent.SEND) == first, "the same id and the same words"
    visit.flow.refuse(first.id, Refused(Refusal.TOO_BUSY))
    visit.do(Intent.BACK)
    visit.do(Intent.PICK_TROUBLE, "again")
    assert visit.do(Intent.SEND) == first
    visit.flow.refuse(first.id, Refused(Refusal.TOO_BUSY))
    visit.do(Intent.BACK)
    visit.do(Intent.PICK_TROUBLE, "nobody")
    assert visit.do(Intent.SEND).id != first.id, "another trouble is another record"


def test_a_record_that_was_refused_may_be_changed_and_sent() -> None:
    visit = typed(told(), "1380000000")
    first = visit.do(Intent.SEND)
    visit.flow.refuse(first.id, Refused(Refusal.ENTRIES_FULL))
    typed(visit, "0")
    assert (visit.flow.leaving.phone, visit.do(Intent.SEND).id == first.id) == (
        "13800000000",
        False,
    )


def test_words_are_in_chinese_whatever_the_citizen_reads() -> None:
    visit = Visit(lang="en")
    visit.do(Intent.LEAVE, EntryKind.REMARK)
    assert body(visit).troubles[0].words.main == "The wait was too long"
    visit.do(Intent.PICK_TROUBLE, "waiting")
    assert visit.do(Intent.SEND).facts["words"] == "排队等得太久"


@pytest.mark.parametrize(("phone", "may"), [("", True), ("138", False), ("0632123", True)])
def test_half_a_telephone_number_is_not_sent(phone: str, may: bool) -> None:
    visit = typed(told(), phone)
    assert (visit.do(Intent.SEND) is not None) is may
    assert typed(told(), "1" * 40).flow.leaving.phone == "1" * 12
    assert typed(told(), "a１x").flow.leaving.phone == ""


def test_a_telephone_number_can_be_corrected() -> None:
    visit = typed(told(), "1390")
    visit.do(Intent.ERASE)
    assert visit.flow.leaving.phone == "139"
    visit.do(Intent.CLEAR)
    assert visit.flow.leaving.phone == ""
    visit.do(Intent.BACK)
    assert visit.flow.page is Page.ENTRY


def test_who_showed_a_ticket_has_it_go_with_the_record() -> None:
    visit = Visit()
    visit.show(Purpose.MINE, **halls.HELD["rated"])
    assert [choice.intent for choice in body(visit).other] == [Intent.LEAVE]
    visit.do(Intent.LEAVE, EntryKind.UNSOLVED)
    visit.do(Intent.PICK_TROUBLE, "overdue")
    assert visit.do(Intent.SEND).facts["ticket"] == halls.held()["ticket"]


def test_the_way_there_is_on_the_first_page_and_under_help() -> None:
    visit = Visit()
    assert Intent.LEAVE in [choice.intent for choice in body(visit).papers]
    visit.do(Intent.HELP)
    (way,) = (choice for choice in body(visit).other if choice.intent == Intent.LEAVE)
    visit.do(Intent(way.intent), way.value)
    assert visit.flow.page is Page.ENTRY
    visit.do(Intent.PICK_TROUBLE, "waiting")
    assert visit.flow.page is Page.ENTRY, "that one belongs to the other kind"


def test_what_the_hall_refuses_is_told_and_may_be_sent_again() -> None:
    visit = typed(told(), "13800000000")
    visit.flow.refuse(visit.do(Intent.SEND).id, Refused(Refusal.ENTRIES_FULL))
    assert body(visit).note
    assert isinstance(visit.do(Intent.SEND), Deed)


@pytest.mark.parametrize("how", ["home", "time-out"])
def test_nothing_of_it_stays(how: str) -> None:
    visit = typed(told(), "13800000000")
    if how == "home":
        visit.do(Intent.HOME)
    else:
        visit.flow.tick(visit.clock + 61)
    assert visit.flow.leaving == Flow({}).leaving
    assert "138" not in str(pages.view(visit.flow, NOW))
