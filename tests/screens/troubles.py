"""A served hall with something in every panel of its supervisor's page."""

from typing import Any

from hall_server.wire.commands import CloseDay, OpenDay, ReportDevice
from hall_server.wire.entries import AnswerEntry, CloseEntry, LeaveEntry
from hall_server.wire.helping import AcceptCall, AskForHelp, EscalateCalls
from hall_server.words import Role
from tests.builders import CLERK, HALL, KIOSK, NINE, SUPERVISOR, who
from tests.web.served import Served

NEXT_DATE = "2026-11-24"
SINCE = int(NINE.timestamp() * 1000) + 85_800_000  # ten minutes before nine of the next day
DEVICES = (
    ("machine", "agent", "ready", "none", None),
    ("printer", "printer", "degraded", "paper_low", None),
    ("call_box-3", "call_box", "fault", "device_error", "3"),
    ("led_strip-12", "led_strip", "offline", "no_answer", "12"),
)
RECORDS = (
    ("unsolved", "材料交了三次，每次说的都不一样。\n希望一次说清楚还缺什么。", "21"),
    ("remark", "二楼饮水机旁边的指示牌方向反了。", None),
    ("remark", "叫号声音太小，坐在后排听不清楚，错过了两次。", "3"),
    ("unsolved", "系统里查不到去年的缴费记录，窗口说要等，已经等了一个月。", None),
)


def next_day(served: Served) -> None:
    """The day ends and the next one begins: from now on the last one has its score."""
    served.do(CloseDay(hall=HALL), SUPERVISOR)
    served.do(OpenDay(hall=HALL, date=NEXT_DATE), SUPERVISOR)
    served.watch.forward(hours=24)


def troubles(served: Served) -> None:
    """Devices in each state, helper calls at each step and records at each stage."""
    agent = who(Role.AGENT, "agent-1")
    for device, kind, state, trouble, window in DEVICES:
        told: dict[str, Any] = {"hall": HALL, "device": device, "device_kind": kind}
        told |= {"device_state": state, "trouble": trouble, "window": window, "since": SINCE}
        served.do(ReportDevice.model_validate(told), agent)
    guide = who(Role.GUIDE, "chen")
    served.do(AskForHelp(hall=HALL), KIOSK)
    served.watch.forward(minutes=2)
    served.do(EscalateCalls(hall=HALL), who(Role.CLOCK, "clock"))
    for window in ("5", "30"):
        call = served.do(AskForHelp(hall=HALL, window=window), CLERK)["call"]
    served.do(AcceptCall(hall=HALL, call=call), guide)
    for n, (kind, words, place) in enumerate(RECORDS):
        given = {"hall": HALL, "entry_kind": kind, "words": words, "window": place}
        entry = served.do(LeaveEntry.model_validate(given), KIOSK)["entry"]
        if n % 2:
            answer = "已经更正，谢谢您的提醒。\n如还有问题，请到导办台。"
            served.do(AnswerEntry(hall=HALL, entry=entry, words=answer), SUPERVISOR)
        if n == 1:
            served.do(CloseEntry(hall=HALL, entry=entry), SUPERVISOR)
