"""The window page: a clerk works with the keyboard, and nothing is done twice."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.commands import CallNext, OpenWindow, ReportDevice, ReportPrint, TakeTicket
from hall_server.words import PrintState, Role
from tests.builders import CLERK, HALL, KIOSK, who
from tests.web.conftest import at_rest, signs_in
from tests.web.person import Person
from tests.web.served import Served

pytestmark = pytest.mark.browser


def take(served: Served, **more: str) -> dict[str, str]:
    return served.do(TakeTicket(hall=HALL, **({"queue": "social"} | more)), KIOSK)


def shown(served: Served, window: str = "1") -> dict[str, object]:
    return dict(served.state()[f"window/{window}"])


def presses(clerk: Person, key: str) -> None:
    """One key, and the clerk looks until the page is at rest again."""
    clerk.press(key)
    at_rest(clerk)


def test_a_clerk_works_a_whole_ticket_with_the_keyboard_alone(
    clerk: Person, served: Served
) -> None:
    take(served, item="A-1", priority="elder")
    clerk.sees("A001")
    presses(clerk, " ")
    assert clerk.text("number") == "A001"
    clerk.until(lambda: clerk.text("what") == "身份证换领")  # names come after the call
    assert "老人" in clerk.text("facts")
    presses(clerk, "r")
    assert "已呼叫 2 次" in clerk.text("facts")
    presses(clerk, Keys.ENTER)
    assert clerk.text("state") == "办理中"
    presses(clerk, " ")
    assert clerk.text("number") == "未叫号"
    assert shown(served)["number"] is None
    assert served.state()["pad/1"]["number"] == "A001"


def test_a_double_press_calls_one_person_and_starts_no_service(
    clerk: Person, served: Served
) -> None:
    take(served)
    take(served)
    clerk.sees("等候 2 人")
    clerk.press(" ", " ", " ")
    clerk.until(lambda: clerk.text("number") == "A001")
    at_rest(clerk)
    assert shown(served)["serving"] is False
    assert shown(served)["call"] == 1
    assert served.ticket("A002")["state"] == "waiting"


def test_the_second_half_of_a_double_press_comes_after_the_answer_and_does_nothing(
    clerk: Person, served: Served
) -> None:
    take(served)
    clerk.sees("等候 1 人")
    clerk.run(
        """
        const main = document.getElementById("main-action");
        window.late = 0;
        new MutationObserver(() => {
          if (main.dataset.action !== "start_service" || window.late > 0) return;
          window.late = 1;
          setTimeout(() => {
            main.click();
            window.late = 2;
          }, 100);
        }).observe(main, { attributes: true });
        """
    )
    clerk.press(" ")
    clerk.until(lambda: clerk.run("return window.late === 2"))
    at_rest(clerk)
    assert clerk.text("number") == "A001"
    assert shown(served)["serving"] is False


def test_a_held_key_is_one_press(clerk: Person, served: Served) -> None:
    take(served)
    clerk.sees("等候 1 人")
    key = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    for repeated in (False, True, True, True):
        told = key | {"autoRepeat": repeated, "text": "\r"}
        clerk.driver.execute_cdp_cmd("Input.dispatchKeyEvent", told)
        at_rest(clerk)
    assert clerk.text("number") == "A001"
    assert shown(served)["serving"] is False


def test_an_answer_lost_on_the_way_calls_nobody_twice(clerk: Person, served: Served) -> None:
    take(served)
    take(served)
    clerk.sees("等候 2 人")
    clerk.run(
        """
        const real = window.fetch;
        window.given = [];
        window.fetch = async (path, options) => {
          const answer = await real(path, options);
          if (!path.startsWith("/api/commands/")) return answer;
          window.given.push(JSON.parse(options.body).id);
          if (window.given.length === 1) throw new TypeError("the answer was lost");
          return answer;
        };
        """
    )
    presses(clerk, " ")
    ids = clerk.run("return window.given")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert clerk.text("number") == "A001"
    assert not clerk.at("notice").is_displayed()
    assert served.ticket("A002")["state"] == "waiting"


def test_when_the_hall_never_answers_the_clerk_may_try_the_same_again(
    clerk: Person, served: Served
) -> None:
    take(served)
    clerk.sees("等候 1 人")
    clerk.run(
        """
        const real = window.fetch;
        window.given = [];
        window.cut = true;
        window.fetch = (path, options) => {
          if (path.startsWith("/api/commands/")) window.given.push(JSON.parse(options.body).id);
          return window.cut ? Promise.reject(new TypeError("cut")) : real(path, options);
        };
        """
    )
    presses(clerk, " ")
    assert "大厅没有回答" in clerk.text("notice")
    clerk.run("window.cut = false")
    clerk.touch("again")
    at_rest(clerk)
    assert clerk.text("number") == "A001"
    assert len(set(clerk.run("return window.given"))) == 1


def test_a_refusal_says_what_to_do_next(clerk: Person) -> None:
    presses(clerk, " ")
    assert "现在没有人在等候" in clerk.text("notice")
    assert "no_one_waiting" not in clerk.page()
    clerk.touch("language")
    assert "Nobody is waiting now" in clerk.text("notice")


def test_a_window_taken_over_says_by_whom_and_can_be_taken_back(
    clerk: Person, served: Served
) -> None:
    take(served)
    presses(clerk, " ")
    served.do(OpenWindow(hall=HALL, window="1"), who(Role.STAFF, "li"))
    clerk.sees("li 已在另一处打开 1 号窗口")
    assert not clerk.at("work").is_displayed()
    clerk.press(Keys.ENTER)
    at_rest(clerk)
    assert clerk.text("number") == "A001"
    assert served.state()["desk/1"]["staff"] == "wang"


def test_the_paper_of_the_number_at_hand_is_printed_again_and_its_end_is_told(
    clerk: Person, served: Served
) -> None:
    paper = take(served)
    presses(clerk, " ")
    presses(clerk, "d")
    assert "没有可用的打印机" in clerk.text("notice"), "nobody told of a printer here"
    agent = who(Role.AGENT, "agent-1", window="1")
    told = {"device": "printer-1", "device_kind": "printer", "window": "1", "since": 0}
    told |= {"hall": HALL, "device_state": "ready", "trouble": "none"}
    served.do(ReportDevice.model_validate(told), agent)
    button = clerk.all("[data-action=print_at_window]")[0]
    assert "补打小票" in button.text
    button.click()
    at_rest(clerk)
    assert "小票正在补打" in clerk.text("facts")
    for prints, state, words in ((2, "failed", "小票没有打出"), (3, "printed", "小票已补打")):
        if prints > 2:
            presses(clerk, "d")
        assert served.ticket("A001")["prints"] == prints
        done = {"hall": HALL, "ticket": paper["ticket"], "prints": prints, "state": state}
        served.do(ReportPrint.model_validate(done), agent)
        clerk.until(lambda words=words: words in clerk.text("facts"))
        spoken = clerk.at("spoken").get_attribute("textContent") or ""
        assert words in spoken, "who cannot see it hears it"
    presses(clerk, "d")
    presses(clerk, "d")
    assert "上一张小票还没有打完" in clerk.text("notice")
    clerk.touch("language")
    assert "printing the ticket again" in clerk.text("facts")


def test_a_second_tab_takes_the_window_over_and_the_first_one_says_so(
    clerk: Person, served: Served
) -> None:
    first = clerk.driver.current_window_handle
    clerk.driver.switch_to.new_window("tab")
    clerk.open("/window")
    clerk.until(lambda: "正在使用这个窗口" in clerk.text("choice-note"))
    clerk.touch("open")
    at_rest(clerk)
    clerk.driver.switch_to.window(first)
    clerk.sees("您已在另一处打开 1 号窗口")
    assert served.state()["desk/1"]["generation"] == 2


def test_reloading_the_page_keeps_the_window_and_its_ticket(clerk: Person, served: Served) -> None:
    take(served)
    presses(clerk, " ")
    clerk.driver.refresh()
    at_rest(clerk)
    assert clerk.text("number") == "A001"
    assert served.state()["desk/1"]["generation"] == 1


def test_pausing_asks_for_the_reason_that_the_sign_will_show(clerk: Person, served: Served) -> None:
    clerk.press("b")
    clerk.sees("会显示在窗口屏上")
    clerk.press("1")
    clerk.sees("暂停服务：用餐")
    at_rest(clerk)
    assert shown(served)["reason"] == "用餐"
    presses(clerk, " ")
    assert shown(served)["state"] == "open"


def test_a_question_left_with_escape_does_nothing(clerk: Person, served: Served) -> None:
    clerk.press("b")
    clerk.sees("会显示在窗口屏上")
    clerk.press(Keys.ESCAPE)
    clerk.until(lambda: not clerk.all("dialog"))
    assert shown(served)["state"] == "open"


def test_a_passed_number_returns_and_a_held_one_is_resumed(clerk: Person, served: Served) -> None:
    take(served)
    take(served)
    clerk.sees("等候 2 人")
    presses(clerk, " ")
    presses(clerk, "p")
    clerk.sees("过号（1）")
    clerk.press("2", Keys.ENTER)
    clerk.until(lambda: served.ticket("A001")["state"] == "waiting")
    at_rest(clerk)
    presses(clerk, " ")
    assert clerk.text("number") == "A002"
    presses(clerk, "h")
    clerk.sees("挂起（1）")
    clerk.press("1", Keys.ENTER)
    clerk.until(lambda: clerk.text("number") == "A002")
    at_rest(clerk)
    assert clerk.text("state") == "办理中"


def test_a_number_is_called_out_of_turn_with_a_reason(clerk: Person, served: Served) -> None:
    take(served)
    take(served)
    clerk.sees("等候 2 人")
    clerk.press("3", Keys.ARROW_DOWN, Keys.ENTER)
    clerk.sees("为什么选呼 A002")
    clerk.press("2")
    clerk.until(lambda: clerk.text("number") == "A002")


def test_a_ticket_is_sent_on_to_another_queue_by_its_letter(clerk: Person, served: Served) -> None:
    take(served)
    presses(clerk, " ")
    clerk.press("t")
    clerk.sees("把 A001 转到哪个队列")
    clerk.press("b")
    clerk.until(lambda: clerk.text("number") == "未叫号")
    assert served.ticket("A001")["queue"] == "tax"


def test_a_ticket_without_paper_is_shown_with_what_to_do(clerk: Person, served: Served) -> None:
    taken = take(served)
    printed = ReportPrint(hall=HALL, ticket=taken["ticket"], state=PrintState.FAILED)
    served.do(printed, KIOSK)
    clerk.sees("小票没有打出（1）")
    assert "号码不变" in clerk.page()


def test_closing_leads_back_to_the_choice_of_a_window(clerk: Person, served: Served) -> None:
    clerk.press("q")
    clerk.sees("选择窗口")
    assert shown(served)["state"] == "closed"


def test_shortcut_keys_can_be_switched_off(clerk: Person, served: Served) -> None:
    clerk.touch("keys")
    clerk.press(Keys.TAB, "q")
    clerk.press("b")
    assert not clerk.all("dialog")
    assert shown(served)["state"] == "open"


def test_when_the_line_is_cut_the_page_says_so_and_comes_back_by_itself(
    clerk: Person, served: Served
) -> None:
    take(served)
    clerk.sees("等候 1 人")
    served.stop()
    clerk.sees("与大厅的连接断开")
    assert clerk.at("main-action").get_attribute("aria-disabled") == "true"
    clerk.press(" ")
    served.start()
    take(served)
    clerk.sees("等候 2 人")
    clerk.until(lambda: not clerk.at("lost").is_displayed())
    assert shown(served)["number"] is None
    presses(clerk, " ")
    assert clerk.text("number") == "A001"


def test_a_colleagues_call_is_seen_without_a_touch(clerk: Person, served: Served) -> None:
    take(served)
    clerk.sees("等候（1）")
    generation = served.do(OpenWindow(hall=HALL, window="3"), CLERK)["generation"]
    served.do(CallNext(hall=HALL, window="3", generation=generation), CLERK)
    clerk.sees("暂无等候")


def test_a_wrong_password_is_refused_in_words(person: Person) -> None:
    person.open("/window")
    person.until(lambda: person.focused().get_attribute("id") == "name")
    person.press("wang", Keys.TAB, "not the password", Keys.ENTER)
    person.sees("工号或密码不对")


def test_after_signing_out_the_page_is_closed_to_the_next_person(
    clerk: Person, served: Served
) -> None:
    clerk.touch("sign-out")
    clerk.sees("密码")
    signs_in(clerk, "/window", "li")
    clerk.sees("选择窗口")
    assert served.state()["desk/1"]["staff"] == "wang"


def test_a_session_that_ended_elsewhere_leads_back_to_signing_in(clerk: Person) -> None:
    clerk.run("return fetch('/api/sign_out', {method: 'POST', headers: {'X-Hall': '1'}})")
    clerk.press(" ")
    clerk.sees("登录已失效")
    assert clerk.at("password").is_displayed()
    assert not clerk.at("work").is_displayed()


def test_a_question_is_not_left_to_the_next_person(clerk: Person, served: Served) -> None:
    clerk.press("b")
    clerk.sees("暂停的原因")
    clerk.run("return fetch('/api/sign_out', {method: 'POST', headers: {'X-Hall': '1'}})")
    served.stop()
    served.start()
    clerk.sees("登录已失效")
    assert not clerk.all("dialog")


def test_a_hall_too_busy_to_answer_is_asked_again_with_the_same_id(
    clerk: Person, served: Served
) -> None:
    take(served)
    clerk.sees("等候 1 人")
    clerk.run(
        """
        const real = window.fetch;
        window.given = [];
        window.fetch = (path, options) => {
          if (!path.startsWith("/api/commands/")) return real(path, options);
          window.given.push(JSON.parse(options.body).id);
          if (window.given.length > 1) return real(path, options);
          const busy = { code: "too_busy", facts: {}, text: { zh: "人多", en: "busy" } };
          return Promise.resolve(new Response(JSON.stringify(busy), { status: 429 }));
        };
        """
    )
    presses(clerk, " ")
    assert clerk.text("number") == "A001"
    assert len(set(clerk.run("return window.given"))) == 1
