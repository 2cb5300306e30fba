"""Who booked checks in by the code: in time, late, early or on another day, each said plainly."""

from typing import Any

import pytest

from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.flow import Intent, Purpose, Wish
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def checking_in() -> tuple[Visit, Wish]:
    """A citizen who typed the eight figures."""
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    for key in "12345678":
        assert visit.do(Intent.CHECK) is None
        visit.do(Intent.TYPE, key)
    return visit, visit.do(Intent.CHECK)


def test_eight_figures_become_a_wish_and_only_figures_are_offered() -> None:
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    assert "".join(key.value for key in body(visit).keys) == "1234567890"
    for key in "1A2 ":
        visit.do(Intent.TYPE, key)
    assert visit.flow.holding.typed == "12", "and no letter is taken, whoever types it"
    visit, wish = checking_in()
    assert (wish.check_in, wish.item, wish.ticket) == ("12345678", "", "")
    assert body(visit).title.main == "正在为您签到"


@pytest.mark.parametrize(("slot", "said"), [(1_795_231_800_000, ""), (None, "预约时间已过")])
def test_the_number_comes_and_who_is_late_is_told_so(slot: int | None, said: str) -> None:
    visit, wish = checking_in()
    visit.flow.taken(wish.id, halls.reply(appointment="a1", slot=slot))
    assert body(visit).number == "F012"
    assert said in body(visit).note
    assert bool(body(visit).note) is bool(said)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            Refused(Refusal.CHECK_IN_EARLY, date="2026-11-21", time="15:00", opens="14:30"),
            "下午 14:30 以后签到",
        ),
        (
            Refused(Refusal.CHECK_IN_OTHER_DAY, date="2026-11-24", time="15:00"),
            "11月24日 星期二 下午 15:00–15:30",
        ),
        (Refused(Refusal.APPOINTMENT_UNKNOWN), "没有找到这个预约码"),
        (Refused(Refusal.APPOINTMENT_OVER, date="2026-11-21", time="09:00"), "现在取号"),
    ],
)
def test_who_cannot_check_in_is_told_why_and_offered_a_number(refused: Refused, said: str) -> None:
    visit, wish = checking_in()
    visit.flow.refuse(wish.id, refused)
    assert body(visit).title.main == "还没有签到"
    assert said in body(visit).text
    offer = body(visit).done
    assert offer.words.main == "取号"
    visit.do(Intent(offer.intent), offer.value)
    assert visit.flow.page == "items"
