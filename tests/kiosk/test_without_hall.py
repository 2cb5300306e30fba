"""The kiosk's way while the hall is away: an offline number, its paper, and what is said."""

from typing import Any

from hall_server.words import PrintState
from kiosk import pages
from kiosk.flow import Intent, Narrow, Notice, Page
from kiosk.views import Words
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

ITEM = next(item for item in halls.sample()[1].items if item.queue)


def at_item() -> Visit:
    """A citizen on an item's page, while the hall was there still."""
    visit = Visit()
    visit.pick(ITEM.code)
    return visit


def test_while_the_hall_is_away_a_number_is_taken_where_there_is_an_offline_one() -> None:
    visit = at_item()
    visit.without_hall(frozenset({ITEM.queue}))
    wish = visit.do(Intent.PICK_CLASS, "elder")
    assert (wish.item, wish.queue, wish.priority) == (ITEM.code, ITEM.queue, "elder")
    visit.flow.taken(wish.id, halls.reply(**halls.OFFLINE))
    body: Any = pages.view(visit.flow, NOW).body
    assert (visit.flow.page, body.number) == (Page.TICKET, "F051X")
    assert body.ahead.startswith("离线号")
    visit.flow.merged(wish.id, {"ticket": "t1", "number": "F051X", "ahead": 3})
    merged: Any = pages.view(visit.flow, NOW).body
    assert (merged.number, merged.ahead) == ("F051X", "前面还有 3 人")


def test_an_offline_number_is_printed_again_by_the_kiosk_until_the_hall_has_it() -> None:
    visit = at_item()
    visit.without_hall()
    wish = visit.do(Intent.PICK_CLASS, "")
    visit.flow.taken(wish.id, halls.reply(**halls.OFFLINE))
    visit.flow.printed(wish.id, PrintState.FAILED, "paper_out")
    again = visit.do(Intent.REPRINT)
    assert (again.offline, again.ticket) == (wish.id, "")
    visit.flow.printed(again.id, PrintState.PRINTED)
    visit.flow.merged(wish.id, {"ticket": "t1", "ahead": 3})
    later = visit.do(Intent.REPRINT)
    assert (later.offline, later.ticket) == ("", "t1")


def test_out_of_hours_the_kiosk_gives_none_by_itself() -> None:
    visit = at_item()
    visit.without_hall(in_hours=False)
    assert visit.do(Intent.PICK_CLASS, "") is None
    assert visit.flow.notice is Notice.CLOSED
    visit.do(Intent.HOME)
    body: Any = pages.view(visit.flow, NOW).body
    assert not body.can_take
    assert "不在取号时间" in body.why_not


def test_home_says_what_can_be_had_without_the_hall() -> None:
    visit = Visit()
    visit.without_hall()
    view = pages.view(visit.flow, NOW)
    body: Any = view.body
    assert body.can_take
    assert "离线号" in view.chrome.banner
    assert not body.full  # nobody knows
    visit.without_hall(frozenset())
    view = pages.view(visit.flow, NOW)
    assert "导办台" in view.chrome.banner


def test_behind_home_the_head_says_it_and_on_a_number_the_number_does() -> None:
    visit = Visit()
    visit.without_hall()
    visit.do(Intent.NARROW, Narrow.LETTERS)
    chrome = pages.view(visit.flow, NOW).chrome
    assert (chrome.banner, chrome.lost) == ("", True)
    assert chrome.hall == Words("网络暂时不通，仍可取号")
    visit.do(Intent.HOME)
    visit.take(visit.flow.hall.catalogue.items[0].code, **halls.OFFLINE)
    chrome = pages.view(visit.flow, NOW).chrome
    assert (chrome.banner, chrome.lost) == ("", False)
    visit.flow.joined(True)
    assert pages.view(visit.flow, NOW).chrome.hall.main == visit.flow.hall.layout["name"]


def test_an_item_without_an_offline_number_sends_to_the_guide_desk() -> None:
    visit = at_item()
    visit.without_hall(frozenset({"another"}))
    assert visit.do(Intent.PICK_CLASS, "") is None
    assert visit.flow.notice is Notice.OFFLINE
    for lang, desk in (("zh", "导办台"), ("en", "guide desk")):
        visit.flow.lang = lang
        body: Any = pages.view(visit.flow, NOW).body
        assert desk in body.text
