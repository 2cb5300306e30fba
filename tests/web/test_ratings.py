"""Ratings on the supervisor's and the inspector's page: read, followed step by step, erased."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.actions.callers import password_hash
from hall_server.rules.permits import Who
from hall_server.wire.commands import (
    AddAccount,
    CallNext,
    Finish,
    OpenWindow,
    Rate,
    StartService,
    TakeTicket,
)
from hall_server.wire.ratings import ExplainRating
from hall_server.words import Role
from tests.builders import ADMIN, CLERK, HALL, KIOSK
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import PASSWORD, Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser


def rated(served: Served, level: int, words: str | None = None) -> None:
    """Somebody is served at window 1 and rates by phone."""
    ticket = served.do(TakeTicket(hall=HALL, item="A-1"), KIOSK)["ticket"]
    lease = served.do(OpenWindow(hall=HALL, window="1"), CLERK)
    for deed in (CallNext, StartService, Finish):
        done = served.do(deed(hall=HALL, **lease), CLERK)
    holder = Who(Role.CITIZEN, ticket, HALL, ticket=ticket)
    served.do(Rate(hall=HALL, service=done["service"], level=level), holder)
    if words is not None:
        tags = (f"{level}15",) if level == 1 else ()
        served.do(ExplainRating(hall=HALL, service=done["service"], tags=tags, words=words), holder)


def panel(person: Person) -> None:
    summary = person.until(lambda: person.all("#ratings > summary"))[0]
    person.run("arguments[0].focus()", summary)
    person.press(Keys.ENTER)


def test_the_supervisor_reads_a_bad_rating_with_its_whole_story(
    person: Person, served: Served
) -> None:
    signs_in(person, "/manager", "zhao")
    panel(person)
    person.sees("还没有差评。")
    rated(served, 5)
    rated(served, 1, "问了三次都不理")
    person.touch("ratings-again")
    person.sees("非常不满意 · A002 · 1 号窗口 · wang · 身份证换领 · 手机 · 2026-11-23 09:00")
    assert "A001" not in person.text("ratings-list")
    person.sees("服务态度差效率低\n问了三次都不理")
    person.until(lambda: person.all("#ratings-list summary"))[0].click()
    person.sees("取号：社保，前面 0 人（取号机 kiosk-1）")
    person.sees("评价：非常不满意（持号人）")
    person.sees("没有被改动")
    for width in (320, 1366):
        person.wide(width)
        assert faults(person) == []
    person.touch("ratings-bad")
    person.sees("非常满意 · A001")


def test_words_are_erased_on_a_ground_that_stands_in_the_story(
    person: Person, served: Served
) -> None:
    rated(served, 1, "电话 138 0000 0000")
    signs_in(person, "/manager", "zhao")
    panel(person)
    erase = person.until(lambda: person.all("#ratings-list [data-deed=erase_reasons]"))[0]
    person.run("arguments[0].focus()", erase)
    person.press(Keys.ENTER)
    person.sees("等级和评价指标保留")
    person.press("1")
    person.sees("写的话已删除：本人要求。")
    assert "138" not in person.page()
    person.all("#ratings-list summary")[0].click()
    person.sees("删除评价里写的话：本人要求（大厅管理员 zhao）")
    assert "138" not in person.driver.page_source


def test_the_inspector_reads_and_does_not_erase(person: Person, served: Served) -> None:
    secret = password_hash(PASSWORD)
    account = AddAccount(hall=HALL, name="qian", role="inspector", secret_hash=secret)
    served.do(account, ADMIN)
    rated(served, 2, "慢")
    signs_in(person, "/manager", "qian")
    panel(person)
    person.sees("不满意 · A001")
    assert not person.all("#ratings-list [data-deed]")
    assert not person.all("#open-day, #close-day")


def test_a_clerk_has_no_such_panel(person: Person, served: Served) -> None:
    rated(served, 1, "慢")
    signs_in(person, "/manager", CLERK.name)
    person.sees("营业中")
    assert not person.at("ratings").is_displayed()
