"""Who has a paper: where am I, again on paper, given up, back in the queue, rated; then nothing
stays."""

from typing import Any

import pytest

from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.flow import Flow, Intent, Notice, Purpose, Question, Wish
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def holder(state: str = "waiting", purpose: Purpose = Purpose.MINE) -> Visit:
    """A citizen whose ticket is on the screen."""
    visit = Visit()
    visit.show(purpose, **halls.HELD[state])
    return visit


def test_number_and_code_are_typed_in_one_go() -> None:
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.MINE)
    for key in "F012":
        visit.do(Intent.TYPE, key)
        assert visit.do(Intent.CHECK) is None
    for key in "7K3F":
        visit.do(Intent.TYPE, key)
    asked = visit.do(Intent.CHECK)
    assert isinstance(asked, Question)
    assert (asked.view, asked.args) == ("held_ticket", {"number": "F012", "code": "7K3F"})
    assert visit.do(Intent.CHECK) is None, "once is enough while the hall is asked"


def test_on_few_keys_a_letter_is_chosen_from_its_group() -> None:
    visit = Visit()
    visit.flow.few_keys = True
    visit.do(Intent.SHOW, Purpose.MINE)

    def keys() -> list[str]:
        return [key.words.main for key in body(visit).keys][10:]

    groups = keys()
    assert groups == ["ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"]
    visit.do(Intent.TYPE, "DEF")
    assert (keys(), body(visit).typed) == (["D", "E", "F", "A–Z"], "")
    visit.do(Intent.TYPE, "F")
    assert (keys(), body(visit).typed) == (groups, "F")
    for elsewhere in ("", "1"):
        visit.do(Intent.TYPE, "PQRS")
        visit.do(Intent.TYPE, elsewhere)
        assert keys() == groups
    assert body(visit).typed == "F1"


def test_a_wrong_code_is_told_and_may_be_corrected() -> None:
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.MINE)
    for key in "F0127K3E":
        visit.do(Intent.TYPE, key)
    visit.flow.refuse(visit.do(Intent.CHECK).id, Refused(Refusal.TICKET_UNKNOWN))
    assert "没有找到这个号码" in body(visit).note
    visit.do(Intent.ERASE)
    assert (body(visit).note, body(visit).typed) == ("", "F0127K3")
    visit.do(Intent.TYPE, "f")
    assert visit.do(Intent.CHECK).args["code"] == "7K3F"


@pytest.mark.parametrize(
    ("state", "said", "offered"),
    [
        ("waiting", "前面 7 人", ["reprint", "cancel"]),
        ("called", "请到 12 号窗口", []),
        ("serving", "12 号窗口正在", []),
        ("held", "附近等候", []),
        ("passed", "可以重新排队", ["return", "cancel"]),
        ("finished", "已经办完", ["rate", "leave"]),
        ("rated", "也已评价", ["leave"]),
        ("cancelled", "已经取消", []),
        ("expired", "已经过期", []),
    ],
)
def test_every_state_is_said_plainly_with_what_can_be_done(
    state: str, said: str, offered: list[str]
) -> None:
    view = body(holder(state))
    assert said in view.text
    assert [choice.intent for choice in view.other] == offered


def test_the_same_number_is_printed_again() -> None:
    visit = holder()
    wish = visit.do(Intent.REPRINT)
    assert isinstance(wish, Wish)
    assert wish.ticket == halls.held()["ticket"]
    assert body(visit).title.main == "正在打印小票"
    visit.flow.taken(wish.id, halls.reply(prints=2))
    assert body(visit).number == "F012"


def test_a_reprint_that_is_refused_is_told_as_such() -> None:
    visit = holder()
    wish = visit.do(Intent.REPRINT)
    visit.flow.refuse(wish.id, Refused(Refusal.REPRINT_LIMIT, number="F012"))
    assert body(visit).title.main == "没有补打"
    assert "补打到上限" in body(visit).text


def test_a_number_is_given_up_only_after_a_second_question() -> None:
    visit = holder()
    assert visit.do(Intent.CANCEL_SURE) is None
    visit.do(Intent.CANCEL)
    assert "取消后不能恢复" in body(visit).text
    visit.do(Intent.BACK)
    assert "前面 7 人" in body(visit).text
    visit.do(Intent.CANCEL)
    deed = visit.do(Intent.CANCEL_SURE)
    assert (deed.command, deed.facts) == ("cancel_ticket", {"ticket": halls.held()["ticket"]})
    assert visit.do(Intent.CANCEL_SURE) is None
    visit.flow.answered(deed.id, {"ticket": "t", "number": "F012"})
    assert visit.flow.notice is Notice.CANCELLED


def test_who_was_passed_over_comes_back_with_the_same_number() -> None:
    visit = holder("passed")
    deed = visit.do(Intent.RETURN)
    assert deed.command == "return_passed"
    visit.flow.answered(deed.id, {"ticket": "t", "number": "F012", "after": 3})
    assert "号码不变" in body(visit).text
    assert holder("waiting").do(Intent.RETURN) is None


def test_what_the_hall_refuses_is_told_on_the_ticket() -> None:
    visit = holder("passed")
    deed = visit.do(Intent.RETURN)
    visit.flow.refuse(deed.id, Refused(Refusal.RETURN_LIMIT, number="F012"))
    assert "不能再重排" in body(visit).note
    assert visit.flow.page == "mine"


def test_who_came_to_rate_too_early_sees_where_the_number_stands() -> None:
    visit = holder("waiting", Purpose.RATE)
    assert visit.flow.page == "mine"
    assert "前面 7 人" in body(visit).text


def test_leaving_without_a_rating_is_one_touch() -> None:
    visit = holder("finished", Purpose.RATE)
    visit.do(Intent(body(visit).leave.intent))
    assert visit.flow.page == "home"


@pytest.mark.parametrize("how", ["home", "time-out", "done"])
def test_nothing_of_a_shown_paper_stays(how: str) -> None:
    visit = holder("finished", Purpose.RATE)
    if how == "home":
        visit.do(Intent.HOME)
    elif how == "done":
        visit.flow.answered(visit.do(Intent.PICK_LEVEL, "1").id, {})
        visit.do(Intent.PICK_TAG, "108")
        visit.flow.answered(visit.do(Intent.EXPLAIN).id, {})
        visit.do(Intent.DONE)
    else:
        visit.flow.tick(visit.clock + 61)
    assert visit.flow.holding == Flow({}).holding
    assert visit.flow.rating == Flow({}).rating
    late = halls.held(**halls.HELD["finished"])
    visit.flow.answered("an answer that comes too late", late)
    assert visit.flow.page == "home"
    assert visit.flow.holding.ticket is None
