"""The phone page behind the ticket's QR: it follows its ticket, and rates it once."""

from typing import Any

import pytest

from config.language import say
from config.rating_tags import rating_tags
from hall_server.rules.permits import Who
from hall_server.store import ratings
from hall_server.wire.appointments import BookAppointment, CheckIn
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    CloseWindow,
    Finish,
    OpenWindow,
    PassOver,
    Rate,
    StartService,
    TakeTicket,
    WindowCommand,
)
from hall_server.wire.entries import AnswerEntry, LeaveEntry
from hall_server.words import Role
from tests.builders import CLERK, DATE, HALL, KIOSK, SUPERVISOR
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import faults

pytestmark = pytest.mark.browser
OFFICIAL = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


def take(served: Served) -> dict[str, Any]:
    return served.do(TakeTicket(hall=HALL, item="A-1"), KIOSK)


def follows(person: Person, taken: dict[str, Any]) -> None:
    """Open the page that the ticket's QR holds."""
    assert taken["url"] == f"{person.url}/t/{taken['token']}"
    person.open(f"/t/{taken['token']}")
    person.sees(taken["number"])


def window_does(served: Served, *deeds: type[WindowCommand]) -> dict[str, Any]:
    generation = served.do(OpenWindow(hall=HALL, window="1"), CLERK)["generation"]
    reply: dict[str, Any] = {}
    for deed in deeds:
        reply = served.do(deed(hall=HALL, window="1", generation=generation), CLERK)
    return reply


def served_to_the_end(person: Person, served: Served) -> dict[str, Any]:
    taken = take(served)
    done = window_does(served, CallNext, StartService, Finish)
    follows(person, taken)
    person.until(lambda: person.at("rate").is_displayed())
    return taken | done


def faces(person: Person) -> list[Any]:
    return person.all("#faces button")


def test_a_phone_follows_its_ticket_to_the_window(person: Person, served: Served) -> None:
    first, second = take(served), take(served)
    follows(person, second)
    person.sees("前面还有 1 人")
    assert "身份证换领" in person.page()
    assert second["code"] in person.page()
    window_does(served, CallNext, StartService, Finish)
    person.sees("您是下一位")
    window_does(served, CallNext)
    person.sees("请到 1 号窗口")
    person.until(lambda: "请到 1 号窗口" in person.driver.title)
    window_does(served, StartService)
    person.sees("正在办理")
    assert first["number"] not in person.page()


def test_a_call_flashes_the_title_for_people_who_did_not_ask_for_less_motion(
    person: Person, served: Served
) -> None:
    follows(person, take(served))
    person.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-reduced-motion", "value": "no-preference"}]},
    )
    window_does(served, CallNext)
    person.until(lambda: person.driver.title == "请到 1 号窗口")
    person.until(lambda: person.driver.title == "A001")
    person.until(lambda: person.driver.title == "请到 1 号窗口")
    person.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_five_faces_are_the_official_words_in_equal_size_with_none_preferred(
    person: Person, served: Served
) -> None:
    person.wide(360, 640)
    served_to_the_end(person, served)
    assert [face.text for face in faces(person)] == OFFICIAL
    looks = person.run(
        """
        return [...document.querySelectorAll("#faces button")].map((button) => {
          const style = getComputedStyle(button);
          const { width, height } = button.getBoundingClientRect();
          return [width, height, style.color, style.backgroundColor, style.fontWeight];
        });
        """
    )
    assert all(look == looks[0] for look in looks)
    assert person.focused().tag_name == "body"
    leave = person.at("leave").rect
    assert leave["height"] >= faces(person)[0].rect["height"]


def test_one_touch_rates_once(person: Person, served: Served) -> None:
    served_to_the_end(person, served)
    before = served.state_seq()
    person.driver.execute_script(
        "const [face] = document.querySelectorAll('#faces button'); face.click(); face.click();"
    )
    person.sees("谢谢您的评价")
    assert served.state_seq() == before + 1
    assert not faces(person)
    person.driver.refresh()
    person.sees("谢谢您的评价")
    assert not faces(person)


def test_who_rated_badly_says_why_by_official_tags_and_words(
    person: Person, served: Served
) -> None:
    person.wide(320, 640)
    done = served_to_the_end(person, served)
    faces(person)[4].click()
    person.sees("请告诉我们哪里需要改进")
    assert faults(person) == []
    chips = person.all("#tags label")
    assert [chip.text for chip in chips] == [say(f"tags.{tag}") for tag in rating_tags().of(1)]
    chips[0].click()
    chips[5].click()
    person.at("reasons-words").send_keys("样本有错")
    person.run("document.querySelector('#reasons').requestSubmit()")
    person.sees("再见，请慢走")
    assert not person.at("reasons").is_displayed()
    assert served.hall is not None
    kept = served.hall.store.read(lambda cursor: ratings.reasons_of(cursor, done["service"]))
    assert (kept.tags, kept.words) == ("108,113", "样本有错")


def test_nobody_has_to_say_why_and_may_still_do_so_later(person: Person, served: Served) -> None:
    served_to_the_end(person, served)
    faces(person)[0].click()
    person.sees("愿意的话，点一点哪里好")
    before = served.state_seq()
    person.touch("reasons-leave")
    person.sees("再见，请慢走")
    person.touch("reasons-after-all")
    person.driver.refresh()
    person.until(lambda: person.all("#tags label"))
    assert served.state_seq() == before


def test_a_phone_leaves_a_record_and_reads_the_answer(person: Person, served: Served) -> None:
    taken = take(served)
    person.wide(320, 640)
    follows(person, taken)
    person.all("summary")[0].click()
    person.all("#entry-form label")[1].click()
    person.at("entry-words").send_keys("叫号听不清\n请写在屏上")
    assert faults(person) == []
    person.run("document.querySelector('#entry-form').requestSubmit()")
    person.sees("20261123-001 · 处理中")
    person.sees("吐槽找茬 · 11月23日 09:00 登记 · 身份证换领 · 凭证码")
    person.sees("大厅还没有答复，最晚 11月30日 答复。")
    assert not person.at("entry-form").is_displayed()
    [entry] = [name for name in served.state() if name.startswith("entry/")]
    answer = AnswerEntry(hall=HALL, entry=entry.partition("/")[2], words="已装新喇叭。\n谢谢。")
    served.do(answer, SUPERVISOR)
    person.sees("已装新喇叭。\n谢谢。")
    assert faults(person) == []


def test_a_record_that_the_hall_refuses_stays_written(person: Person, served: Served) -> None:
    taken = take(served)
    holder = Who(Role.CITIZEN, taken["ticket"], HALL, ticket=taken["ticket"])
    said = {"hall": HALL, "entry_kind": "remark", "words": "挤", "ticket": taken["ticket"]}
    for _ in range(5):
        served.do(LeaveEntry.model_validate(said), holder)
    follows(person, taken)
    person.all("summary")[0].click()
    person.all("#entry-form label")[0].click()
    person.at("entry-words").send_keys("还有一件")
    person.run("document.querySelector('#entry-form').requestSubmit()")
    person.sees("这张号票已经登记了 5 条")
    assert person.at("entry-words").get_attribute("value") == "还有一件"


def test_a_second_rating_is_refused_politely(person: Person, served: Served) -> None:
    done = served_to_the_end(person, served)
    citizen = Who(Role.CITIZEN, done["ticket"], HALL, ticket=done["ticket"])
    served.do(Rate(hall=HALL, service=done["service"], level=2), citizen)
    faces(person)[0].click()
    person.sees("这次服务已经评价过了，谢谢您")
    assert "already_rated" not in person.page()


def test_leaving_without_rating_is_one_touch_and_can_be_taken_back(
    person: Person, served: Served
) -> None:
    served_to_the_end(person, served)
    before = served.state_seq()
    person.touch("leave")
    person.sees("已办结")
    assert not faces(person)
    person.touch("after-all")
    assert len(faces(person)) == 5
    assert served.state_seq() == before


def test_a_number_is_given_up_after_one_confirmation(person: Person, served: Served) -> None:
    follows(person, take(served))
    person.touch("cancel")
    person.sees("A001 取消后不能恢复")
    person.touch("keep")
    assert served.ticket("A001")["state"] == "waiting"
    person.touch("cancel")
    person.touch("yes")
    person.sees("号码已取消")
    assert not any(address.startswith("ticket/") for address in served.state())


def test_a_passed_number_returns_from_the_phone(person: Person, served: Served) -> None:
    follows(person, take(served))
    window_does(served, CallNext, PassOver)
    person.sees("已过号")
    person.touch("return")
    person.until(lambda: served.ticket("A001")["state"] == "waiting")


def test_the_phone_says_when_the_day_is_over(person: Person, served: Served) -> None:
    follows(person, take(served))
    served.do(CloseDay(hall=HALL), SUPERVISOR)
    person.sees("号码已过期")


def test_an_unknown_ticket_is_told_kindly(person: Person) -> None:
    person.open("/t/aaaaaaaaaaaaaaaaaaaaaa")
    person.sees("没有找到这张号票")


def test_without_a_network_the_phone_says_that_it_may_be_out_of_date(
    person: Person, served: Served
) -> None:
    follows(person, take(served))
    served.stop()
    person.sees("网络不通")
    assert "A001" in person.page()
    served.start()
    person.until(lambda: not person.at("lost").is_displayed())


def test_who_had_booked_reads_for_when(person: Person, served: Served) -> None:
    wish = BookAppointment(hall=HALL, item="A-1", date=DATE, time="09:30")
    code = served.do(wish, KIOSK)["code"]
    served.watch.forward(minutes=20)
    follows(person, served.do(CheckIn(hall=HALL, code=code), KIOSK))
    person.sees("预约 09:30 起的时段")


def test_the_token_stands_in_no_query_and_no_referrer(person: Person, served: Served) -> None:
    taken = take(served)
    follows(person, taken)
    asked = person.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert any(url.endswith("/api/ticket") for url in asked)
    assert not any(taken["token"] in url for url in asked)
    assert person.run("return document.querySelector('meta[name=referrer]').content") == (
        "no-referrer"
    )


def test_english_stays_chosen(person: Person, served: Served) -> None:
    follows(person, take(served))
    person.touch("language")
    person.sees("You are next")
    person.driver.refresh()
    person.sees("You are next")
    assert person.run("return document.documentElement.lang") == "en"


def test_a_phone_is_told_how_long_and_never_silently_longer(person: Person, served: Served) -> None:
    """At twenty past four two windows serve eight people; one closes, and the page says from
    what it moved, and that it may be after five."""
    served.watch.forward(hours=7, minutes=20)
    for window in ("1", "3"):
        lease = served.do(OpenWindow(hall=HALL, window=window), CLERK)["generation"]
    mine = [take(served) for _ in range(8)][-1]
    follows(person, mine)
    served.watch.forward(seconds=20)
    person.sees("预计还要等约")
    assert "预计时间变了" not in person.page()
    assert "可能排到下班后" not in person.page()
    served.do(CloseWindow(hall=HALL, window="3", generation=lease), CLERK)
    served.watch.forward(seconds=20)
    person.sees("预计时间变了：原来约")
    person.sees("可能排到下班后")
