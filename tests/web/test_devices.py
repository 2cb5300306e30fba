"""The manager sees which device needs somebody, and what to do; a lost machine hides its parts."""

from typing import Any

import pytest

from hall_server.wire.commands import MissMachine, ReportDevice
from hall_server.words import Role
from tests.builders import HALL, NINE, who
from tests.web.conftest import signs_in
from tests.web.person import Person
from tests.web.served import Served

pytestmark = pytest.mark.browser

AGENT, CLOCK = who(Role.AGENT, "agent-1"), who(Role.CLOCK, "clock")
SINCE = int(NINE.timestamp() * 1000) - 600_000


def tell(served: Served, device: str, kind: str, state: str, trouble: str, **more: Any) -> None:
    given = {"hall": HALL, "device": device, "device_kind": kind, "device_state": state}
    given |= {"trouble": trouble, "since": SINCE, **more}
    served.do(ReportDevice.model_validate(given), AGENT)


def test_devices_in_trouble_are_listed_with_what_to_do(person: Person, served: Served) -> None:
    signs_in(person, "/manager", "zhao")
    person.sees("营业中")
    assert "设备" not in person.page()
    tell(served, "machine", "agent", "ready", "none")
    tell(served, "led_strip-3", "led_strip", "ready", "no_status", window="3")
    person.sees("设备（2）都正常")
    tell(served, "printer", "printer", "degraded", "paper_low")
    tell(served, "call_box-3", "call_box", "fault", "a_trouble_of_tomorrow", window="3")
    person.sees("设备要处理（2）")
    lines = [line.text for line in person.all("#devices li")]
    assert [line.splitlines()[0] for line in lines] == [
        "3 号窗口 呼叫器 自 08:50 起",
        "打印机 agent-1 自 08:50 起",
    ]
    assert "设备自己报告故障" in lines[0]
    assert "请准备一卷新纸" in lines[1]
    person.touch("language")
    person.sees("Have a new roll ready")
    served.do(MissMachine(hall=HALL, machine="agent-1"), CLOCK)
    person.sees("This machine has lost the hall")
    assert len(person.all("#devices li")) == 1
    tell(served, "machine", "agent", "ready", "none")
    person.sees("Devices that need somebody (2)")
