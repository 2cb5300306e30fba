"""The supervisor's panel of moves: the best ones now, one's own question, and the sign."""

import pytest
from selenium.webdriver.support.ui import Select

from hall_server.wire.commands import ChangePolicy, OpenWindow, TakeTicket
from hall_server.wire.policy import QueueWish
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served

pytestmark = pytest.mark.browser


def long_line(served: Served) -> None:
    """Twelve wait for tax at window 2; window 3 is closed."""
    for _ in range(12):
        served.do(TakeTicket(hall=HALL, queue="tax"), KIOSK)
    served.do(OpenWindow(hall=HALL, window="2"), CLERK)


def fill(person: Person, name: str, value: str) -> None:
    person.run("arguments[0].value = arguments[1]", person.at(name), value)


def test_the_best_moves_are_told_in_sentences(person: Person, served: Served) -> None:
    long_line(served)
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.all("#moves li"))
    assert "窗口改办“税务”：效果 税务 −" in person.text("moves")
    person.sees("09:00 推演，今后 90 分钟")
    person.touch("language")
    person.sees("serves 税务")
    person.sees("Work it out again")


def test_ones_own_question_is_answered_for_every_queue(person: Person, served: Served) -> None:
    long_line(served)
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.at("try").is_displayed())
    Select(person.at("try-window")).select_by_value("3")
    Select(person.at("try-queue")).select_by_value("tax")
    fill(person, "try-from", "09:00")
    fill(person, "try-to", "10:30")
    person.touch("try")
    person.sees("09:00–10:30 3 号窗口改办“税务”：效果 税务 −")
    rows = person.until(lambda: [row.text for row in person.all("#try-table tbody tr")])
    assert [row.split()[0] for row in rows] == ["全厅", "税务"]
    fill(person, "try-to", "08:00")
    person.touch("try")
    person.sees("填写的内容有误")
    Select(person.at("try-kind")).select_by_value("close")
    person.until(lambda: person.at("try-at").is_displayed())
    fill(person, "try-at", "09:30")
    person.touch("try")
    person.sees("09:30 停止取号：")
    person.sees("人取不到号")
    people = [row.text.split()[-1].partition("±")[0] for row in person.all("#try-table tbody tr")]
    assert people[0] == people[1] != "0", "twelve an hour for tax alone"


def test_a_clerk_does_not_see_the_panel(person: Person, served: Served) -> None:
    long_line(served)
    signs_in(person, "/manager", "wang")
    person.sees("2026-11-23 营业中")
    assert not person.at("what-if").is_displayed()
    person.sees("叫号规则公示")


def test_the_sign_follows_the_policy(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("老人、军人优先。")
    person.sees("每优先 2 位，必叫一位普通号。")
    change = ChangePolicy(hall=HALL, queues={"tax": QueueWish(ratio=1)})
    served.do(change, SUPERVISOR)
    person.sees("税务：每优先 1 位，必叫一位普通号。")
    person.touch("language")
    person.sees("税务: after every 1 priority calls, one goes by number.")
