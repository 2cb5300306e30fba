"""Calls for a helper on the supervisor's and the window page: made, seen, answered, ended."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.commands import COMMANDS
from hall_server.wire.helping import AskForHelp, EndCall, EscalateCalls
from hall_server.words import Role
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR, who
from tests.web.conftest import at_rest, signs_in
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

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


def test_a_clerk_calls_a_helper_by_one_key_and_ends_the_call(clerk: Person, served: Served) -> None:
    assert not clerk.at("helper").is_displayed()
    clerk.press("c")
    at_rest(clerk)
    clerk.sees("呼叫帮办（1）")
    clerk.sees("1 号窗口 · 09:00 · 还没有人接单")
    again = clerk.all("[data-action=ask_for_help]")[0]
    assert again.get_attribute("aria-disabled") == "true", "one open call a place"
    press(clerk, "end_call")
    clerk.press(Keys.ENTER)
    clerk.until(lambda: not clerk.at("helper").is_displayed())
    clerk.until(lambda: again.get_attribute("aria-disabled") == "false")


def test_a_clerk_sees_who_calls_and_goes(clerk: Person, served: Served) -> None:
    served.do(AskForHelp(hall=HALL), KIOSK)
    clerk.sees("取号机 kiosk-1 · 09:00 · 还没有人接单")
    clerk.wide(320)
    assert faults(clerk) == []
    press(clerk, "accept_call")
    clerk.sees("wang 正在赶去")
    [call] = [fact for address, fact in served.state().items() if address.startswith("helper/")]
    assert (call["state"], call["helper"]) == ("accepted", "wang")
    assert clerk.text("number") == "未叫号", "Enter on its button is not the desk's Enter"


def test_a_refusal_is_said_and_goes_with_the_last_call(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    name = served.do(AskForHelp(hall=HALL), KIOSK)["call"]
    person.until(lambda: person.all("#helper-list button"))
    person.run(
        """
        const real = window.fetch;
        const no = { code: "help_accepted", text: { zh: "已经有同事接单" } };
        window.fetch = async (path, options) =>
          path.endsWith("accept_call")
            ? new Response(JSON.stringify(no), { status: 409 })
            : real(path, options);
        """
    )
    press(person, "accept_call")
    person.sees("已经有同事接单")
    served.do(EndCall(hall=HALL, call=name), SUPERVISOR)
    person.until(lambda: not person.at("helper").is_displayed())
    served.do(AskForHelp(hall=HALL), KIOSK)
    person.sees("呼叫帮办（1）")
    assert "已经有同事接单" not in person.page()
