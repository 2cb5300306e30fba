"""The supervisor's page: it watches, and opens and closes the day after a second word."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.commands import CallNext, CloseDay, OpenWindow, ReportPrint, TakeTicket
from hall_server.words import PrintState
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served

pytestmark = pytest.mark.browser


def row(person: Person, table: str, first: str) -> str:
    """The row of a table that begins with these words."""
    person.sees(first)
    found = [each.text for each in person.all(f"#{table} tr")]
    return next((text for text in found if text.startswith(first)), "")


def test_the_supervisor_sees_the_hall_as_it_changes(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("2026-11-23 营业中")
    taken = served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    waiting = row(person, "queues", "A 社保 1 0 分钟")  # then the forecast, as soon as there is one
    assert waiting.endswith("1 不限")
    generation = served.do(OpenWindow(hall=HALL, window="1"), CLERK)["generation"]
    served.do(CallNext(hall=HALL, window="1", generation=generation), CLERK)
    person.until(lambda: "A001 wang" in row(person, "windows", "1 "))
    failed = ReportPrint(hall=HALL, ticket=taken["ticket"], state=PrintState.FAILED)
    served.do(failed, KIOSK)
    person.sees("小票没有打出（1）")


def test_the_day_is_closed_and_opened_after_a_confirmation(person: Person, served: Served) -> None:
    served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    signs_in(person, "/manager", "zhao")
    person.touch("close-day")
    person.sees("还有 1 个号码没有办结")
    person.press(Keys.ESCAPE)
    person.until(lambda: not person.all("dialog"))
    assert "day" in served.state()
    person.touch("close-day")
    person.press(Keys.ENTER)
    person.sees("大厅现在没有营业")
    assert "day" not in served.state()
    person.touch("open-day")
    person.sees("号码将从 1 号重新开始")
    person.press(Keys.ENTER)
    person.until(lambda: "day" in served.state())


def test_who_may_not_close_the_day_has_no_button_for_it(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "wang")
    person.sees("营业中")
    assert not person.all("#open-day, #close-day")


def test_the_supervisor_sees_how_long_a_number_taken_now_would_wait(
    person: Person, served: Served
) -> None:
    for window in ("1", "2"):
        served.do(OpenWindow(hall=HALL, window=window), CLERK)
    for _ in range(9):
        served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    signs_in(person, "/manager", "zhao")
    served.watch.forward(minutes=7)
    person.until(lambda: "7 分钟" in row(person, "queues", "A 社保"))
    person.sees("超过目标 45 分钟：约")
    assert "0 约 0 分钟，九成在" in row(person, "queues", "B 税务")
    assert [each.text[:4] for each in person.all("#queues .over")] == ["超过目标"]


def test_the_supervisor_sees_how_good_the_forecast_was(person: Person, served: Served) -> None:
    generation = served.do(OpenWindow(hall=HALL, window="1"), CLERK)["generation"]
    signs_in(person, "/manager", "zhao")
    served.watch.forward(seconds=20)
    person.until(lambda: "九成在" in row(person, "queues", "A 社保"))
    served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    served.watch.forward(minutes=3)
    served.do(CallNext(hall=HALL, window="1", generation=generation), CLERK)
    assert not person.at("score").is_displayed()
    served.do(CloseDay(hall=HALL), SUPERVISOR)
    person.sees("预计等候准不准：2026-11-23")
    person.until(lambda: row(person, "score-table", "社保").split()[:2] == ["社保", "1"])
