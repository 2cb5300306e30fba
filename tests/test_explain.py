"""`hall explain A017`: the manager asks why somebody waited, the journal answers."""

import pytest

from hall_server.explain import explain
from hall_server.wire.appointments import BookAppointment, CheckIn
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    CollectPaper,
    Finish,
    ImportLayout,
    OpenDay,
    PassOver,
    PauseWindow,
    PrintAtWindow,
    Recall,
    ReportDevice,
    ReportPrint,
    ReturnPassed,
    StartService,
    Transfer,
)
from hall_server.words import PrintState, Refusal, Refused, Role
from tests.builders import (
    ADMIN,
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    layout,
    open_hall,
    open_window,
    take,
    who,
)


def told(url: str, number: str, lang: str = "zh", date: str | None = None) -> list[str]:
    return explain(url, None, number, date, lang)


async def test_a_ticket_s_story_is_told_in_order_with_the_reason_of_its_call(
    database_url: str,
) -> None:
    watch = Watch()
    async with open_hall(database_url, watch) as hall:
        paper = await take(hall)
        report = ReportPrint(hall=HALL, ticket=paper["ticket"], state=PrintState.PRINTED)
        await hall.handle(report, KIOSK)
        elder = await take(hall, priority="elder")
        generation = await open_window(hall)
        watch.forward(minutes=7)
        assert (await at_window(hall, CallNext, generation))["number"] == elder["number"]
        await at_window(hall, PassOver, generation)
        watch.forward(minutes=3)
        await at_window(hall, CallNext, generation)
        await at_window(hall, Recall, generation)
        await at_window(hall, PassOver, generation)
        await hall.handle(ReturnPassed(hall=HALL, ticket=paper["ticket"]), KIOSK)
        await at_window(hall, CallNext, generation)
        await at_window(hall, StartService, generation)
        await at_window(hall, Transfer, generation, queue="tax")
        await at_window(hall, CallNext, generation)
        await at_window(hall, StartService, generation)
        await at_window(hall, Finish, generation)
    lines = told(database_url, "A001")
    assert lines[0] == "hall 2026-11-23 A001 号的全过程"
    assert lines[1] == "09:00:00  取号：社保，前面 0 人（取号机 kiosk-1）"
    assert [line.strip().partition("  ")[2] or line.strip() for line in lines[2:]] == [
        "小票已打出",
        "1 号窗口叫号",
        "按取号先后",
        "1 号窗口重呼，第 2 次",
        "未到，1 号窗口按过号",
        "过号重排（取号机 kiosk-1）",
        "1 号窗口叫号",
        "没有别人在等，过号提前叫",
        "1 号窗口开始办理",
        "转到税务，号码不变，时间保留",
        "1 号窗口叫号",
        "本窗口无人等候，支援“税务”",
        "按取号先后",
        "1 号窗口开始办理",
        "1 号窗口办结，请评价",
    ]
    assert told(database_url, "A002", "en")[2].strip().startswith("09:07:00  Called to window 1")


async def test_a_paper_printed_again_at_a_window_is_part_of_the_story(database_url: str) -> None:
    agent = who(Role.AGENT, "agent-1", window="1")
    async with open_hall(database_url) as hall:
        ticket = (await take(hall))["ticket"]
        printer = {"device": "printer-1", "device_kind": "printer", "window": "1", "since": 0}
        printer |= {"hall": HALL, "device_state": "ready", "trouble": "none"}
        await hall.handle(ReportDevice.model_validate(printer), agent)
        generation = await open_window(hall)
        await at_window(hall, PrintAtWindow, generation, ticket=ticket)
        collect = CollectPaper(hall=HALL, window="1", generation=0, ticket=ticket)
        await hall.handle(collect, agent)
        report = ReportPrint(hall=HALL, ticket=ticket, prints=2, state=PrintState.PRINTED)
        await hall.handle(report, agent)
    assert [line.partition("  ")[2] for line in told(database_url, "A001")[2:]] == [
        "1 号窗口补打小票（窗口人员 wang）",
        "小票内容交给 1 号窗口的打印机（设备代理 agent-1）",
        "小票已打出",
    ]


async def test_a_ticket_that_expired_says_when(database_url: str) -> None:
    watch = Watch()
    async with open_hall(database_url, watch) as hall:
        await take(hall)
        watch.forward(hours=8)
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    assert told(database_url, "A001")[-1] == "17:00:00  业务日关闭，号票过期"


async def test_a_number_is_told_of_the_day_that_was_named_and_else_of_the_last(
    database_url: str,
) -> None:
    watch = Watch()
    async with open_hall(database_url, watch) as hall:
        await take(hall)
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        watch.forward(days=1)
        await hall.handle(OpenDay(hall=HALL, date="2026-11-24"), SUPERVISOR)
        await take(hall)
    assert "2026-11-24" in told(database_url, "A001")[0]
    assert "2026-11-23" in told(database_url, "A001", date="2026-11-23")[0]


async def test_a_number_that_nobody_has_is_refused(database_url: str) -> None:
    async with open_hall(database_url):
        pass
    with pytest.raises(Refused) as no:
        told(database_url, "A999")
    assert no.value.code is Refusal.TICKET_UNKNOWN
    with pytest.raises(Refused) as no:
        explain(database_url, "nowhere", "A001", None, "zh")
    assert no.value.code is Refusal.HALL_UNKNOWN


async def test_what_happens_to_the_window_meanwhile_belongs_to_the_story(
    database_url: str,
) -> None:
    async with open_hall(database_url) as hall:
        await take(hall)
        generation = await open_window(hall)
        await at_window(hall, CallNext, generation)
        await at_window(hall, StartService, generation)
        await at_window(hall, PauseWindow, generation, reason="打印机没纸")
        generation = await open_window(hall, clerk=who(Role.STAFF, "li"))
        await at_window(hall, Finish, generation)
        await hall.handle(ImportLayout(hall=HALL, layout=layout(minutes=12)), ADMIN)
    lines = told(database_url, "A001")
    assert lines[-3:] == [
        "09:00:00  1 号窗口暂停叫号（窗口人员 wang）",
        "09:00:00  窗口人员 li 接管 1 号窗口",
        "09:00:00  1 号窗口办结，请评价",
    ]


async def test_the_story_of_who_had_booked_begins_with_checking_in(database_url: str) -> None:
    watch = Watch()
    async with open_hall(database_url, watch) as hall:
        wish = BookAppointment(hall=HALL, queue="social", date="2026-11-23", time="09:30")
        booked = await hall.handle(wish, KIOSK)
        watch.forward(minutes=20)
        await hall.handle(CheckIn(hall=HALL, code=booked["code"]), KIOSK)
    lines = told(database_url, "A001")
    assert lines[1] == "09:20:00  预约签到：社保，前面 0 人（取号机 kiosk-1）"
