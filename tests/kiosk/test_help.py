"""Help from any page: one touch calls somebody, and the page says whether somebody comes."""

from typing import Any

import pytest

from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.flow import Deed, Intent, Page
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

ITEM = next(item for item in halls.sample()[1].items if item.queue)


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def asking() -> tuple[Visit, Deed]:
    """A citizen who called from an item's page."""
    visit = Visit()
    visit.pick(ITEM.code)
    visit.do(Intent.HELP)
    return visit, visit.do(Intent.CALL_HELPER)


def test_back_from_the_help_page_nothing_of_the_call_is_kept_at_the_kiosk() -> None:
    visit = Visit()
    visit.do(Intent.HELP)
    asked = visit.do(Intent.CALL_HELPER)
    visit.do(Intent.BACK)
    assert visit.flow.page is Page.HOME
    assert asked.id not in repr(visit.flow.calling)


def test_one_touch_calls_a_helper_for_the_item_that_is_open() -> None:
    visit, deed = asking()
    assert (deed.command, deed.facts) == ("ask_for_help", {"item": ITEM.code})
    assert visit.do(Intent.CALL_HELPER) is None
    assert body(visit).title.main == "正在呼叫"


@pytest.mark.parametrize(
    ("state", "said"),
    [("called", "已经通知"), ("accepted", "正在过来"), ("arrived", "到了")],
)
def test_the_page_tells_how_the_call_stands(state: str, said: str) -> None:
    visit, _ = asking()
    visit.helper(state)
    assert said in body(visit).title.main
    assert visit.do(Intent.CALL_HELPER) is None


def test_the_call_of_another_kiosk_is_not_ours() -> None:
    visit = Visit()
    visit.helper("accepted")
    visit.flow.joined(True, "kiosk-2")
    visit.do(Intent.HELP)
    assert body(visit).main.intent == Intent.CALL_HELPER


def test_who_needs_nobody_any_more_ends_the_call() -> None:
    visit, _ = asking()
    visit.helper("called")
    (enough,) = body(visit).other
    deed = visit.do(Intent(enough.intent))
    assert (deed.command, deed.facts) == ("end_call", {"call": "c1"})
    visit.helper("")
    assert body(visit).main.intent == Intent.CALL_HELPER


@pytest.mark.parametrize("how", ["refused", "late", "offline"])
def test_a_hall_that_does_not_answer_leaves_the_desk_and_the_telephone(how: str) -> None:
    visit, deed = asking()
    if how == "refused":
        visit.flow.refuse(deed.id, Refused(Refusal.TOO_BUSY))
    elif how == "late":
        visit.flow.tick(visit.clock + 3)
    else:
        visit.flow.joined(False)
    assert "导办台" in body(visit).text
    assert "0632-0000100" in body(visit).phone


def test_a_number_that_comes_meanwhile_waits_under_the_help_page() -> None:
    visit = Visit()
    visit.pick(ITEM.code)
    wish = visit.do(Intent.PICK_CLASS, "")
    visit.do(Intent.HELP)
    visit.flow.taken(wish.id, halls.reply())
    assert visit.flow.page is Page.HELP
    visit.do(Intent.BACK)
    assert visit.flow.page == "ticket"


def test_a_refusal_that_comes_meanwhile_waits_there_too() -> None:
    visit = Visit()
    visit.pick(ITEM.code)
    wish = visit.do(Intent.PICK_CLASS, "")
    visit.do(Intent.HELP)
    visit.flow.refuse(wish.id, Refused(Refusal.QUOTA_USED_UP, queue="税务"))
    visit.do(Intent.BACK)
    assert "号已取完" in body(visit).text


def test_who_sits_lowers_the_screen_until_they_have_gone() -> None:
    visit = Visit()
    visit.do(Intent.LOW)
    assert not visit.flow.low, "on the help page alone"
    visit.do(Intent.HELP)
    assert Intent.LOW not in [choice.intent for choice in body(visit).other]
    visit.flow.high = True  # a screen that reaches higher than they can
    assert body(visit).other[-1].words.main == "放低画面"
    visit.do(Intent.LOW)
    assert pages.view(visit.flow, NOW).low
    assert body(visit).other[-1].words.main == "恢复画面"
    visit.do(Intent.HOME)
    assert visit.flow.low, "it lasts for the whole visit"
    visit.flow.tick(visit.clock + 61)
    assert not visit.flow.low
    assert not visit.flow.in_use
