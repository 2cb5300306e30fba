"""Offline numbers that did not come in, on the supervisor's page: seen, and seen to by keyboard."""

import pytest
from selenium.webdriver.common.keys import Keys

from hall_server.wire.offline import ReportUnmerged
from hall_server.words import Refusal
from tests.builders import DATE, HALL, KIOSK
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser


def test_the_manager_reads_what_to_do_and_says_when_it_is_done(
    person: Person, served: Served
) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("营业中")
    assert not person.at("unmerged").is_displayed()
    lost = ReportUnmerged(
        hall=HALL,
        number="A051X",
        queue="social",
        date=DATE,
        taken_at=1_795_396_200_000,
        refusal=Refusal.CLASS_UNKNOWN,
    )
    served.do(lost, KIOSK)
    person.sees("有 1 个离线号没有并入")
    person.sees("A051X · 社保 · 2026-11-23 09:10")
    person.sees("已经没有这种优先类别")
    person.sees("当面给他取一个新号")
    person.wide(320)
    assert faults(person) == []
    button = person.all("#unmerged-list [data-deed=settle_unmerged]")[0]
    person.run("arguments[0].focus()", button)
    person.press(Keys.ENTER)
    person.until(lambda: not person.at("unmerged").is_displayed())
    assert not [place for place in served.state() if place.startswith("unmerged/")]
