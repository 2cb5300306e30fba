"""The calling rule on the supervisor's page: seen, changed, and each fault named."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from hall_server.wire.commands import ChangePolicy
from hall_server.wire.policy import QueueWish
from tests.builders import CLERK, HALL, SUPERVISOR
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser


def opens(person: Person, queue: str) -> None:
    """The supervisor opens the form and chooses a queue, or "*" for the whole hall."""
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.all("#policy summary"))[0].click()
    Select(person.until(lambda: person.all("#policy-of"))[0]).select_by_value(queue)
    person.until(lambda: person.all("#policy-fields input"))


def types(person: Person, field: str, value: str, *keys: str) -> None:
    person.at(f"policy-{field}").clear()
    person.at(f"policy-{field}").send_keys(value, *keys)


def test_a_supervisor_changes_one_queues_ratio_and_the_sign_says_so(
    person: Person, served: Served
) -> None:
    opens(person, "tax")
    assert person.at("policy-ratio").get_attribute("value") == "2"
    person.touch("policy-change")
    person.sees("没有改动。")
    types(person, "ratio", "1", Keys.ENTER)
    person.sees("已采用，从下一次叫号起生效")
    person.sees("税务：每优先 1 位，必叫一位普通号。")
    Select(person.at("policy-of")).select_by_value("social")
    person.until(lambda: person.at("policy-ratio").get_attribute("value") == "2")
    person.touch("language")
    person.sees("Ratio: after how many priority calls")
    person.wide(320)
    assert faults(person) == []


def test_each_fault_is_named_and_nothing_changes(person: Person, served: Served) -> None:
    opens(person, "tax")
    types(person, "ratio", "-1")
    types(person, "calls", "10", Keys.ENTER)
    person.sees("叫号规则有 2 处不对，没有采用")
    named = [each.text for each in person.all("#policy-faults li")]
    assert named == ["税务：穿插比例 -1 超出范围 1–9", "税务：呼叫次数 10 超出范围 1–9"]
    assert person.at("policy-ratio").get_attribute("value") == "-1", "to be corrected here"
    assert served.state()["hall"]["layout_version"] == 1
    assert faults(person) == []
    Select(person.at("policy-of")).select_by_value("*")
    types(person, "due_before_minutes", "11", Keys.ENTER)
    person.sees("到点的人必须可以叫")


def test_another_persons_change_is_shown_but_not_over_what_is_typed(
    person: Person, served: Served
) -> None:
    opens(person, "tax")
    types(person, "calls", "5")
    served.do(ChangePolicy(hall=HALL, queues={"tax": QueueWish(ratio=4, calls=2)}), SUPERVISOR)
    person.until(lambda: person.at("policy-ratio").get_attribute("value") == "4")
    assert person.at("policy-calls").get_attribute("value") == "5"


def test_a_clerk_reads_the_sign_and_has_no_form(person: Person, served: Served) -> None:
    signs_in(person, "/manager", CLERK.name)
    person.sees("叫号规则公示")
    assert person.all("#policy") == []
