"""Records of people on the supervisor's page: read, answered, closed and erased by keyboard."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.commands import COMMANDS
from hall_server.wire.entries import AnswerEntry, LeaveEntry
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>\n第二行"


def leave(served: Served, words: str = "材料说不全", **more: str) -> str:
    left = LeaveEntry.model_validate(
        {"hall": HALL, "entry_kind": "unsolved", "words": words} | more
    )
    return str(served.do(left, KIOSK)["entry"])


def press(person: Person, deed: str) -> None:
    """A person with a keyboard comes to the first such button and presses it."""
    assert deed in COMMANDS
    button = person.until(lambda: person.all(f"#entries-list [data-deed={deed}]"))[0]
    person.run("arguments[0].focus()", button)
    person.press(Keys.ENTER)


def states(served: Served) -> list[str]:
    return [fact["state"] for place, fact in served.state().items() if place.startswith("entry/")]


def test_a_record_is_answered_and_closed_by_keyboard(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("没有待处理的记录。")
    leave(served, HOSTILE, item="A-1", window="2")
    person.sees("待反馈 1")
    person.sees("20261123-001 · 办不成事 · 待反馈 · 2026-11-23 09:00 · 取号机登记 · 2 号窗口")
    person.sees("身份证换领")
    person.sees(HOSTILE)
    press(person, "answer_entry")
    assert states(served) == ["open"], "an empty answer is none"
    person.run("document.querySelector('#entries-list textarea').focus()")
    person.press("已补齐", Keys.ENTER, "请到 3 号窗口", Keys.TAB, Keys.ENTER)
    person.sees("zhao 2026-11-23 09:00 反馈：已补齐\n请到 3 号窗口")
    assert states(served) == ["answered"]
    press(person, "close_entry")
    person.sees("没有待处理的记录。")
    person.sees("已销号（1）")
    assert states(served) == []
    person.touch("language")
    person.sees("No record waits for you.")
    person.wide(320)
    assert faults(person) == []


def test_what_is_being_written_stays_while_others_come(person: Person, served: Served) -> None:
    leave(served)
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.all("#entries-list textarea"))
    person.wide(320)
    assert faults(person) == []
    person.all("#entries-list textarea")[0].send_keys("正在写")
    leave(served, "吐槽", entry_kind="remark")
    person.sees("20261123-002 · 吐槽找茬")
    assert person.focused().get_attribute("id") == "answer-20261123-001"
    assert person.focused().get_attribute("value") == "正在写"


def test_words_are_erased_after_a_second_word(person: Person, served: Served) -> None:
    name = leave(served, "电话 138 0000 0000")
    served.do(AnswerEntry(hall=HALL, entry=name, words="打 138 0000 0000 回了"), SUPERVISOR)
    signs_in(person, "/manager", "zhao")
    person.sees("138 0000 0000")
    press(person, "erase_entry")
    person.sees("删除后不能恢复")
    person.press(Keys.ESCAPE)
    person.until(lambda: not person.all("dialog"))
    assert "138" in person.page()
    press(person, "erase_entry")
    person.press("2")
    person.sees("内容已删除：写有他人的个人信息。")
    assert "138" not in person.page()


def test_a_clerk_does_not_see_what_people_wrote(person: Person, served: Served) -> None:
    leave(served)
    signs_in(person, "/manager", CLERK.name)
    person.sees("营业中")
    assert not person.at("entries").is_displayed()
    assert "材料说不全" not in person.driver.page_source
