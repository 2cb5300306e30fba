"""The flow: every touch leads somewhere, every page leads home, nothing of a citizen stays."""

from dataclasses import replace
from typing import Any

import pytest

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import EntryKind, Flow, Intent, Narrow, Notice, Page, Purpose, Wish
from kiosk.search import Catalogue
from tests.kiosk import halls
from tests.kiosk.visit import CODE, NOW, Visit

ITEM = next(item for item in halls.sample()[1].items if item.queue)


def at(page: Page) -> Visit:
    """A citizen who came to this page."""
    visit = Visit()
    match page:
        case Page.ITEMS:
            visit.do(Intent.NARROW, Narrow.LETTERS)
        case Page.ITEM:
            visit.pick(ITEM.code)
        case Page.CLASSES:
            visit.priority(ITEM.code)
        case Page.TAKING:
            visit.pick(ITEM.code)
            visit.do(Intent.PICK_CLASS, "")
        case Page.TICKET:
            visit.take(ITEM.code)
        case Page.PROOF:
            visit.do(Intent.SHOW, Purpose.MINE)
            visit.do(Intent.TYPE, "F")
        case Page.MINE:
            visit.show()
        case Page.RATE:
            visit.show(Purpose.RATE, **halls.HELD["finished"])
        case Page.REASONS:
            visit.show(Purpose.RATE, **halls.HELD["finished"])
            visit.flow.answered(visit.do(Intent.PICK_LEVEL, "1").id, {})
            visit.do(Intent.PICK_TAG, "108")
        case Page.ENTRY:
            visit.do(Intent.LEAVE, EntryKind.REMARK)
        case Page.CONTACT:
            visit.do(Intent.LEAVE, EntryKind.UNSOLVED)
            visit.do(Intent.PICK_TROUBLE, "again")
            visit.do(Intent.TYPE, "1")
        case Page.SLOTS:
            visit.slots(ITEM.code)
        case Page.CONFIRM:
            visit.slots(ITEM.code)
            visit.do(Intent.PICK_DAY, "2026-11-24")
            visit.do(Intent.PICK_SLOT, "2026-11-24 10:30")
        case Page.BOOKED:
            visit.flow.taken(visit.book(ITEM.code).id, halls.booked())
        case Page.HELP:
            visit.do(Intent.HELP)
        case Page.DUTY_CODE | Page.DUTY:
            visit.knock("" if page is Page.DUTY_CODE else CODE)
        case Page.NOTICE:
            visit.priority(ITEM.code)
            visit.flow.joined(False)
            visit.do(Intent.PICK_CLASS, "")
            visit.flow.joined(True)
    assert visit.flow.page is page
    return visit


def test_a_number_is_three_touches_away() -> None:
    visit = Visit()
    visit.do(Intent.NARROW, Narrow.LETTERS)
    visit.do(Intent.PICK_ITEM, ITEM.code)
    wish = visit.do(Intent.PICK_CLASS, "")
    assert isinstance(wish, Wish)
    assert (wish.item, wish.priority, wish.title) == (ITEM.code, "", ITEM.name)


def test_one_of_the_ten_most_used_items_is_three_touches_away_by_what_the_pages_offer() -> None:
    visit = Visit()
    main: Any = pages.view(visit.flow, NOW).body
    visit.do(Intent(main.main.intent), main.main.value)
    listed: Any = pages.view(visit.flow, NOW).body
    assert [row.value for row in listed.rows] == list(visit.flow.hall.most_used)
    assert len(listed.rows) == 10
    code = next(c for c in visit.flow.hall.most_used if visit.flow.hall.catalogue.item(c).queue)  # type: ignore[union-attr]
    visit.do(Intent.PICK_ITEM, code)
    item: Any = pages.view(visit.flow, NOW).body
    wish = visit.do(Intent(item.main.intent), item.main.value)
    assert isinstance(wish, Wish)
    assert wish.item == code


def test_an_item_that_is_gone_is_not_offered_and_a_new_hall_offers_none() -> None:
    visit = Visit()
    visit.flow.offered(("gone", ITEM.code))
    visit.do(Intent.NARROW, Narrow.MOST)
    body: Any = pages.view(visit.flow, NOW).body
    assert [row.value for row in body.rows] == [ITEM.code]
    visit.flow.offered(("gone",))
    visit.do(Intent.HOME)
    home: Any = pages.view(visit.flow, NOW).body
    assert home.main.value == Narrow.THEME


def test_a_hall_without_priority_classes_asks_nothing() -> None:
    visit = Visit()
    hall = visit.flow.hall.state["hall"] | {"classes": []}
    visit.flow.hall.state = {**visit.flow.hall.state, "hall": hall}
    visit.do(Intent.NARROW, Narrow.LETTERS)
    visit.do(Intent.PICK_ITEM, ITEM.code)
    body: Any = pages.view(visit.flow, NOW).body
    assert body.main.words.main == "取号"
    assert [choice.intent for choice in body.more] == ["", Intent.SLOTS]
    assert isinstance(visit.do(Intent.PICK_CLASS, ""), Wish)
    assert visit.flow.page is Page.TAKING


def test_a_second_tap_within_a_blink_chooses_nothing_on_the_next_page() -> None:
    visit = at(Page.ITEMS)
    visit.do(Intent.PICK_ITEM, ITEM.code)
    assert visit.flow.do(Intent.PICK_CLASS, "", visit.clock + 0.2) is None
    assert visit.flow.page is Page.ITEM


@pytest.mark.parametrize("page", [page for page in Page if page is not Page.HOME])
def test_after_a_minute_nothing_of_the_citizen_is_left(page: Page) -> None:
    visit = at(page)
    visit.do(Intent.LANGUAGE)
    visit.do(Intent.LARGE)
    visit.flow.tick(visit.clock + 49)
    assert visit.flow.seconds_left is None
    visit.flow.tick(visit.clock + 51)
    assert visit.flow.seconds_left == 9
    visit.flow.tick(visit.clock + 60)
    fresh = vars(Flow(visit.flow.hall.state))
    kept = {"high", "hall", "lock", "time_out", "_touched", "_turned", "_now"}
    assert {k: v for k, v in vars(visit.flow).items() if k not in kept} == {
        k: v for k, v in fresh.items() if k not in kept
    }


def test_a_touch_under_the_warning_keeps_the_page() -> None:
    visit = at(Page.ITEMS)
    visit.flow.tick(visit.clock + 55)
    visit.flow.touched(visit.clock + 55)
    visit.flow.tick(visit.clock + 61)
    assert visit.flow.page is Page.ITEMS
    assert visit.flow.seconds_left is None


def test_language_and_large_text_stay_through_a_visit_and_end_with_it() -> None:
    visit = at(Page.ITEMS)
    visit.do(Intent.LANGUAGE)
    visit.do(Intent.LARGE)
    visit.do(Intent.HOME)
    assert (visit.flow.lang, visit.flow.large) == ("en", True)
    visit.take(ITEM.code)
    visit.do(Intent.DONE)
    assert (visit.flow.page, visit.flow.lang, visit.flow.large) == (Page.HOME, "zh", False)


@pytest.mark.parametrize(
    ("online", "day", "notice"),
    [(False, True, Notice.OFFLINE), (True, False, Notice.CLOSED)],
)
def test_what_cannot_be_taken_is_said_and_not_asked(
    online: bool, day: bool, notice: Notice
) -> None:
    visit = at(Page.ITEM)
    visit.flow.joined(online)
    if not day:
        visit.flow.hall.state = {**visit.flow.hall.state, "day": None}
    assert visit.do(Intent.PICK_CLASS, "") is None
    assert (visit.flow.page, visit.flow.notice) == (Page.NOTICE, notice)


def test_the_line_that_breaks_at_the_last_touch_is_said_too() -> None:
    visit = at(Page.CLASSES)
    visit.flow.joined(False)
    assert visit.do(Intent.PICK_CLASS, "") is None
    assert visit.flow.notice is Notice.OFFLINE


def forecast(queue: str, *, late: bool, old: bool = False) -> dict[str, Any]:
    wait = {"median": 90, "low": 60, "high": 120, "late": late}
    return {"at": 1_795_231_800_000, "old": old, "queues": {queue: wait}}


def test_who_may_be_called_after_closing_is_told_before_and_may_still_take() -> None:
    visit = at(Page.CLASSES)
    visit.flow.hall.state = {**visit.flow.hall.state, "forecast": forecast(ITEM.queue, late=True)}
    assert visit.do(Intent.PICK_CLASS, "elder") is None
    assert (visit.flow.page, visit.flow.notice) == (Page.NOTICE, Notice.LATE)
    body: Any = pages.view(visit.flow, NOW).body
    assert "可能排到下班后" in body.text
    assert body.done.words.main == "仍要取号"
    wish = visit.do(Intent(body.done.intent))
    assert visit.flow.page == "taking"
    assert wish.priority == "elder"


def test_who_leaves_it_at_that_goes_back_to_the_item() -> None:
    visit = at(Page.ITEM)
    visit.flow.hall.state = {**visit.flow.hall.state, "forecast": forecast(ITEM.queue, late=True)}
    visit.do(Intent.PICK_CLASS, "")
    visit.do(Intent.BACK)
    assert visit.flow.page == "item"


@pytest.mark.parametrize(
    "told",
    [
        forecast(ITEM.queue, late=False),
        forecast(ITEM.queue, late=True, old=True),
        forecast("another", late=True),
    ],
)
def test_nobody_is_warned_without_need(told: dict[str, Any]) -> None:
    visit = at(Page.ITEM)
    visit.flow.hall.state = {**visit.flow.hall.state, "forecast": told}
    visit.do(Intent.PICK_CLASS, "")
    assert visit.flow.page == "taking"


def test_the_ticket_says_how_long_it_will_be() -> None:
    visit = at(Page.TICKET)
    body: Any = pages.view(visit.flow, NOW).body
    assert body.ahead == "前面 7 人，约 15–40 分钟"


def test_an_item_without_a_queue_gets_guidance_and_no_number() -> None:
    only = replace(ITEM, code="only", queue="", online_url="https://example.org/only")
    visit = Visit(Catalogue("1", (only,)))
    visit.do(Intent.NARROW, Narrow.LETTERS)
    visit.do(Intent.PICK_ITEM, only.code)
    body: Any = pages.view(visit.flow, NOW).body
    assert body.qr == only.online_url
    assert "不在这台机器取号" in body.note
    assert body.main.intent == Intent.HOME
    assert visit.do(Intent.PICK_CLASS, "") is None


def test_a_refusal_is_told_in_its_own_words() -> None:
    visit = at(Page.TAKING)
    assert visit.flow.taking.wish is not None
    visit.flow.refuse(visit.flow.taking.wish.id, Refused(Refusal.QUOTA_USED_UP, queue="税务"))
    body: Any = pages.view(visit.flow, NOW).body
    assert "号已取完" in body.text


def test_a_refusal_for_somebody_else_changes_nothing() -> None:
    visit = at(Page.TAKING)
    visit.flow.refuse("another", Refused(Refusal.QUOTA_USED_UP, queue="税务"))
    assert visit.flow.page is Page.TAKING


def test_while_the_hall_is_silent_the_way_home_opens() -> None:
    visit = at(Page.TAKING)
    visit.do(Intent.HOME)
    assert visit.flow.page == "taking"
    visit.clock += 3
    visit.flow.tick(visit.clock)
    assert "不会重复" in pages.view(visit.flow, NOW).body.text  # type: ignore[union-attr]
    visit.do(Intent.HOME)
    assert visit.flow.page is Page.HOME


def test_a_late_number_is_shown_at_home_and_disturbs_nobody_elsewhere() -> None:
    visit = at(Page.TAKING)
    assert visit.flow.taking.wish is not None
    wish = visit.flow.taking.wish.id
    visit.flow.tick(visit.clock + 5)
    visit.clock += 5
    visit.do(Intent.HOME)
    visit.do(Intent.NARROW, Narrow.LETTERS)
    visit.flow.taken(wish, halls.reply())
    assert visit.flow.page == "items"
    visit.do(Intent.HOME)
    visit.flow.taken(wish, halls.reply())
    assert visit.flow.page is Page.TICKET


@pytest.mark.parametrize(
    ("state", "trouble", "said"),
    [
        (PrintState.PRINTED, "none", ""),
        (PrintState.UNKNOWN, "no_answer", "可能没有打印"),
        (PrintState.FAILED, "paper_out", "打印纸用完"),
        (PrintState.FAILED, "unplugged", "可能没有打印"),
    ],
)
def test_the_paper_is_told_as_it_is(state: PrintState, trouble: str, said: str) -> None:
    visit = Visit()
    visit.flow.printed(visit.take(ITEM.code), state, trouble)
    body: Any = pages.view(visit.flow, NOW).body
    assert said in body.note
    assert bool(body.note) is bool(said)
    assert (body.number, body.qr) == ("F012", halls.URL)
    assert body.reprint.intent == Intent.REPRINT


def test_nothing_is_reprinted_while_it_prints_and_the_same_ticket_after() -> None:
    visit = Visit()
    wish = visit.take(ITEM.code)
    assert visit.do(Intent.REPRINT) is None
    visit.flow.printed(wish, PrintState.UNKNOWN)
    again = visit.do(Intent.REPRINT)
    assert again.ticket == halls.reply()["ticket"]
    assert again.id != wish
    visit.flow.refuse(again.id, Refused(Refusal.REPRINT_LIMIT, number="F012"))
    assert "补打到上限" in pages.view(visit.flow, NOW).body.note  # type: ignore[union-attr]


def test_help_comes_back_to_the_page_it_was_asked_on() -> None:
    visit = at(Page.CLASSES)
    visit.do(Intent.HELP)
    assert "0632-0000100" in pages.view(visit.flow, NOW).body.phone  # type: ignore[union-attr]
    visit.do(Intent.BACK)
    assert visit.flow.page is Page.CLASSES
