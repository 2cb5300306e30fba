"""办不成事、吐槽找茬 at the kiosk: a few touches, a record with a number, and nothing stays."""

from typing import Any

import pytest

from config.language import say
from hall_server.wire.entries import LeaveEntry
from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.flow import Deed, EntryKind, Flow, Intent, Page, Purpose
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
    visit.flow.answered(deed.id, {"record": "20261121-007", "entry": "e", "state": "open"})
    assert body(visit).number == "编号 20261121-007"
    assert "打电话" in body(visit).text
    visit.do(Intent.DONE)
    assert visit.flow.leaving == Flow({}).leaving


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
