"""Calls for a helper on the supervisor's page: seen, answered by keyboard, ended."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.commands import COMMANDS
from hall_server.wire.helping import AskForHelp, EscalateCalls
from hall_server.words import Role
from tests.builders import CLERK, HALL, KIOSK, who
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served

pytestmark = pytest.mark.browser


def press(person: Person, deed: str) -> None:
    """A person with a keyboard comes to the button and presses it."""
    assert deed in COMMANDS
    button = person.until(lambda: person.all(f"#helper-list [data-deed={deed}]"))[0]
    person.run("arguments[0].focus()", button)
    person.press(Keys.ENTER)


def test_a_call_is_seen_answered_and_ended_by_keyboard(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("营业中")
    assert not person.at("helper").is_displayed()
    served.do(AskForHelp(hall=HALL), KIOSK)
    served.do(AskForHelp(hall=HALL, window="2"), CLERK)
    person.sees("呼叫帮办（2）")
    person.sees("取号机 kiosk-1 · 09:00 · 还没有人接单")
    press(person, "accept_call")
    person.sees("取号机 kiosk-1 · 09:00 · zhao 正在赶去")
    press(person, "arrive_at_call")
    person.sees("zhao 已到场")
    press(person, "end_call")
    person.sees("结束取号机 kiosk-1的帮办呼叫？")
    person.press(Keys.ENTER)
    person.sees("呼叫帮办（1）")
    person.touch("language")
    person.sees("Window 2 · 09:00 · nobody has answered yet")


def test_a_call_that_nobody_answers_comes_first_and_says_so(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    served.do(AskForHelp(hall=HALL), KIOSK)
    served.watch.forward(seconds=61)
    served.do(EscalateCalls(hall=HALL), who(Role.CLOCK, "clock"))
    person.sees("超时，请安排人员")
    assert len(person.all("#helper-list .over")) == 1
    press(person, "accept_call")
    person.sees("zhao 正在赶去")
    assert person.all("#helper-list .over") == []
    assert person.all("#helper-list [data-deed=accept_call]") == []
    served.watch.forward(minutes=4)
    served.do(EscalateCalls(hall=HALL), who(Role.CLOCK, "clock"))
    person.sees("超时未到，请另派人")
    press(person, "accept_call")
    person.until(lambda: not person.all("#helper-list .over"))
