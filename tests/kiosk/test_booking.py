"""Booking at the kiosk: a day, a half hour, once more asked; then what may be done with it."""

from typing import Any

import pytest

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import Deed, Intent, Narrow, Notice, Page, Purpose, Question, Slip, Wish
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

ITEM = next(item.code for item in halls.sample()[1].items if item.queue)
SLOT = "2026-11-24 10:30"


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def has_booked() -> Visit:
    visit = Visit().proofs()
    wish = visit.book(ITEM)
    visit.flow.taken(wish.id, halls.booked(item=ITEM))
    visit.flow.printed(wish.id, PrintState.PRINTED)
    return visit


def test_from_home_over_day_and_half_hour_to_one_wish() -> None:
    visit = Visit()
    visit.slots(ITEM)
    days = body(visit).days
    assert [day.value for day in days] == halls.DAYS
    assert days[1].words.main == "11月23日 星期一"
    assert (days[-1].intent, days[-1].note) == ("", "已约满")
    visit.do(Intent.PICK_DAY, "2026-11-24")
    times = {time.words.main: time for time in body(visit).times}
    assert (times["10:30"].intent, times["10:30"].note) == ("pick_slot", "余 3")
    assert (times["09:30"].intent, times["09:30"].note) == ("", "已约满")
    visit.do(Intent.PICK_SLOT, SLOT)
    assert (body(visit).day, body(visit).time) == ("11月24日 星期二", "上午 10:30")
    wish = visit.do(Intent.CONFIRM)
    assert isinstance(wish, Wish)
    assert (wish.item, wish.book, wish.moves) == (ITEM, SLOT, "")
    assert wish.title
    assert body(visit).title.main == "正在为您预约"
    assert visit.do(Intent.CONFIRM) is None, "once"


def test_a_full_half_hour_cannot_be_touched() -> None:
    visit = Visit()
    visit.slots(ITEM)
    visit.do(Intent.PICK_DAY, "2026-11-24")
    visit.do(Intent.PICK_SLOT, "2026-11-24 09:30")
    assert visit.flow.page == Page.SLOTS


def test_back_leads_the_same_way_back_and_others_bookings_are_seen() -> None:
    visit = Visit()
    visit.slots(ITEM)
    visit.do(Intent.PICK_DAY, "2026-11-24")
    visit.do(Intent.PICK_SLOT, SLOT)
    again = visit.do(Intent.BACK)
    assert isinstance(again, Question)
    assert (again.view, visit.flow.page) == ("slots", "slots")
    visit.flow.answered(again.id, halls.slots())
    visit.do(Intent.BACK)
    assert body(visit).days
    visit.do(Intent.BACK)
    assert visit.flow.page == Page.ITEM


def test_who_is_too_late_for_a_half_hour_is_offered_the_next_best() -> None:
    visit = Visit()
    wish = visit.book(ITEM)
    best = {"next_date": "2026-11-25", "next_time": "11:00"}
    no = Refused(Refusal.SLOT_TAKEN, date="2026-11-24", time="10:30", **best)
    visit.flow.refuse(wish.id, no)
    assert "已经约满" in body(visit).note
    assert (body(visit).day, body(visit).time) == ("11月25日 星期三", "上午 11:00")
    offer = body(visit).main
    assert (offer.words.main, offer.words.under) == ("约这个时间", "Book this time")
    other = visit.do(Intent(offer.intent), offer.value)
    assert other.book == "2026-11-25 11:00"
    assert other.id != wish.id


@pytest.mark.parametrize("code", [Refusal.NO_SLOT_FREE, Refusal.SLOT_UNKNOWN, Refusal.TOO_BUSY])
def test_who_cannot_book_reads_why_and_may_choose_another_time(code: Refusal) -> None:
    visit = Visit()
    wish = visit.book(ITEM)
    visit.flow.refuse(wish.id, Refused(code, date="2026-11-24", time="10:30", queue="q"))
    assert body(visit).note
    assert visit.do(Intent(body(visit).main.intent)).view == "slots"


def test_what_is_booked_is_large_with_its_code_and_can_be_printed_again() -> None:
    visit = has_booked()
    view = body(visit)
    assert (view.code.main, view.qr) == ("4071 8265", "appointment:40718265")
    assert "预约单" in view.title.main
    paper = visit.do(Intent.REPRINT)
    assert isinstance(paper, Slip)
    assert paper.appointment["code"] == "40718265"
    assert visit.do(Intent.REPRINT) is None, "one at a time"
    visit.flow.printed(paper.id, PrintState.FAILED, "paper_out")
    assert "打印纸用完了" in body(visit).note
    visit.do(Intent.DONE)
    assert visit.flow.page == Page.HOME
    assert visit.flow.booked.appointment is None


@pytest.mark.parametrize("way", ["phone", "card"])
def test_phone_or_card_is_left_as_a_hash_and_nothing_of_it_stays(way: str) -> None:
    visit = has_booked()
    if way == "phone":
        visit.do(Intent.LEAVE_PHONE)
        for key in "13579":
            visit.do(Intent.TYPE, key)
        deed = visit.do(Intent.CHECK)
        facts = {"phone": "phone:1357"}
    else:
        assert visit.flow.wants_card
        deed = visit.flow.carded("m" * 64, visit.clock)
        facts = {"person": "m" * 64}
    assert isinstance(deed, Deed)
    assert (deed.command, deed.facts) == ("leave_proof", {"code": "40718265", **facts})
    assert visit.flow.holding.typed == ""
    visit.flow.answered(deed.id, {})
    assert "已记下" in body(visit).hint
    assert visit.flow.page == Page.BOOKED
    assert not (way == "card" and visit.flow.wants_card)


def test_out_of_hours_booking_is_the_main_action_and_no_number_is_given() -> None:
    visit = Visit()
    visit.flow.hall.state = {k: v for k, v in visit.flow.hall.state.items() if k != "day"}
    home = body(visit)
    assert (home.main.intent, home.can_take) == (Intent.BOOK, True)
    assert home.why_not
    visit.do(Intent.NARROW, Narrow.LETTERS)
    visit.do(Intent.PICK_ITEM, ITEM)
    assert (body(visit).main.intent, len(body(visit).more)) == (Intent.SLOTS, 1)


def test_without_the_hall_nothing_is_booked() -> None:
    visit = Visit()
    visit.pick(ITEM)
    visit.flow.joined(False)
    assert visit.do(Intent.SLOTS, ITEM) is None
    assert visit.flow.notice is Notice.OFFLINE
    visit = Visit()
    visit.pick(ITEM)
    question = visit.do(Intent.SLOTS, ITEM)
    visit.flow.refuse(question.id, Refused(Refusal.TOO_BUSY))
    assert (visit.flow.page, bool(body(visit).empty)) == ("slots", True)


def test_four_figures_or_a_card_find_the_appointment_and_one_touch_checks_in() -> None:
    for card in (False, True):
        visit = Visit().proofs()
        if card:
            visit.do(Intent.SHOW, Purpose.CHECK_IN)
            question = visit.flow.carded("m" * 64, visit.clock)
            assert question.args == {"person": "m" * 64}
            told = halls.booked(state="booked", date="2026-11-21", ticket=None)
            visit.flow.answered(question.id, told)
        else:
            visit.shows(date="2026-11-21", code=None)
            assert body(visit).other == (), "the last four neither move nor give up"
        assert body(visit).main.intent == Intent.CHECK_IN
        wish = visit.do(Intent.CHECK_IN)
        # Wrong codes that others typed here do not keep him waiting.
        assert wish.check_in == halls.booked()["appointment"]
        visit.flow.taken(wish.id, halls.reply(appointment="a", slot=1_795_231_800_000))
        assert body(visit).number == "F012"


def test_four_figures_of_several_ask_for_the_code() -> None:
    visit = Visit().proofs()
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    for key in "1234":
        visit.do(Intent.TYPE, key)
    question = visit.do(Intent.CHECK)
    assert (question.view, question.args) == ("appointment", {"phone": "phone:1234"})
    assert visit.do(Intent.CHECK) is None, "once is enough while the hall is asked"
    visit.flow.refuse(question.id, Refused(Refusal.APPOINTMENT_SEVERAL))
    assert "八位预约码" in body(visit).note
    for key in "5678":
        visit.do(Intent.TYPE, key)
    assert visit.do(Intent.CHECK).check_in == "12345678"


def test_a_card_that_cannot_be_read_is_told() -> None:
    visit = Visit().proofs()
    assert not visit.flow.wants_card
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    assert visit.flow.wants_card
    visit.flow.unread("moved", visit.clock)
    assert "没有读到" in body(visit).note


def test_an_appointment_is_moved_and_keeps_its_code() -> None:
    visit = Visit().proofs()
    visit.shows()
    question = visit.do(Intent.MOVE)
    assert question.args == {"queue": "household"}
    visit.flow.answered(question.id, halls.slots())
    visit.do(Intent.PICK_DAY, "2026-11-25")
    visit.do(Intent.PICK_SLOT, "2026-11-25 10:30")
    assert body(visit).main.words.main == "确定改约"
    wish = visit.do(Intent.CONFIRM)
    assert (wish.book, wish.moves) == ("2026-11-25 10:30", "40718265")
    visit.flow.taken(wish.id, halls.booked(date="2026-11-25"))
    assert body(visit).day == "11月25日 星期三"


def test_an_appointment_is_given_up_after_a_second_question() -> None:
    visit = Visit().proofs()
    visit.shows()
    assert visit.do(Intent.CANCEL_SURE) is None
    visit.do(Intent.CANCEL)
    visit.do(Intent.BACK)
    assert visit.do(Intent.CANCEL_SURE) is None
    visit.do(Intent.CANCEL)
    deed = visit.do(Intent.CANCEL_SURE)
    assert (deed.command, deed.facts) == ("cancel_appointment", {"code": "40718265"})
    visit.flow.answered(deed.id, {"late": False})
    assert (visit.flow.page, visit.flow.notice) == ("notice", Notice.UNBOOKED)


def test_who_is_early_may_look_at_his_appointment_and_move_it() -> None:
    visit = Visit().proofs()
    wish = visit.scan("appointment:40718265")
    visit.flow.refuse(wish.id, Refused(Refusal.CHECK_IN_EARLY, date="d", time="t", opens="o"))
    (look,) = body(visit).other
    question = visit.do(Intent(look.intent), look.value)
    assert question.args == {"code": "40718265"}
    visit.flow.answered(question.id, {"state": "booked", **halls.booked()})
    assert [one.intent for one in body(visit).other] == [Intent.MOVE, Intent.CANCEL]


def test_a_booking_that_comes_after_the_citizen_went_home_is_shown_there_and_time_wipes_it() -> (
    None
):
    visit = Visit()
    visit.flow.taken("of a restart", halls.booked())
    assert visit.flow.page == Page.BOOKED
    visit.flow.tick(visit.clock + 100)
    assert visit.flow.page == Page.HOME
    assert (visit.flow.booked.appointment, visit.flow.booking.slots) == (None, None)
