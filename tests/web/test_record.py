"""The page where the answer to a record is read, by its number and the code on its slip."""

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.entries import AnswerEntry, EraseEntry, LeaveEntry
from hall_server.words import Ground
from tests.builders import HALL, KIOSK, SUPERVISOR
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser
WORDS = "材料说不全，电话 138 0000 0000"


def left(served: Served) -> dict[str, Any]:
    """A record that was answered, as its slip tells of it."""
    given = {"hall": HALL, "entry_kind": "unsolved", "words": WORDS, "item": "A-1"}
    slip = served.do(LeaveEntry.model_validate(given), KIOSK)
    served.do(AnswerEntry(hall=HALL, entry=slip["entry"], words="已补齐。"), SUPERVISOR)
    return slip


def test_the_slip_s_code_is_scanned_and_the_answer_stands_there(
    person: Person, served: Served
) -> None:
    slip = left(served)
    person.driver.get(slip["url"])
    person.sees("已补齐。")
    person.sees("办不成事 · 11月23日 09:00 登记 · 身份证换领")
    assert "138" not in person.driver.page_source
    person.touch("language")
    person.sees("Answer of the hall, 23 November 09:00:")
    for width in (320, 1366):
        person.wide(width)
        assert faults(person) == []
    asked = person.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert not any(slip["code"] in url.partition("#")[0] for url in asked)


def test_number_and_code_are_typed_as_people_type(person: Person, served: Served) -> None:
    slip = left(served)
    person.open("/")
    person.until(lambda: person.all(f"a[href='/record/{HALL}']"))[0].click()
    person.until(lambda: person.all("#record"))
    person.sees("查问题答复")
    person.at("record").send_keys(slip["record"].replace("-", " "))
    person.at("code").send_keys(f" {slip['code'].lower()}", Keys.ENTER)
    person.sees("已补齐。")


def test_a_wrong_code_is_told_kindly_and_opens_nothing(person: Person, served: Served) -> None:
    slip = left(served)
    wrong = "3333" if slip["code"] == "2222" else "2222"
    for code in (wrong, "2", "号"):
        person.open(f"/record/{HALL}")
        person.at("record").send_keys(slip["record"])
        person.at("code").send_keys(code, Keys.ENTER)
        person.sees("没有找到这条记录。请核对编号和凭证码")
        assert not person.at("found").is_displayed()


def test_an_erased_answer_is_told_as_erased(person: Person, served: Served) -> None:
    slip = left(served)
    served.do(EraseEntry(hall=HALL, entry=slip["entry"], ground=Ground.ASKED), SUPERVISOR)
    person.driver.get(slip["url"])
    person.sees("内容已经删除")
    assert "已补齐" not in person.page()
