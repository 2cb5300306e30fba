"""A tablet at a window is its rating pad: five faces, one tap, one rating, nothing else."""

import secrets
from typing import Any

import pytest

from hall_server.actions.callers import secret_hash
from hall_server.rules.permits import Who
from hall_server.store import ratings
from hall_server.wire.commands import (
    AddAccount,
    CallNext,
    Finish,
    OpenWindow,
    StartService,
    TakeTicket,
)
from hall_server.words import Refused, Role
from tests.builders import ADMIN, CLERK, HALL, KIOSK
from tests.web.person import Person
from tests.web.served import Served
from tests.web.test_pages import INSPECTION

pytestmark = pytest.mark.browser


def a_pad(served: Served, window: str = "1", role: str = "pad") -> str:
    """The secret of a new account of this window."""
    secret = secrets.token_urlsafe(32)
    given: Any = {"hall": HALL, "name": f"{role}-{window}", "role": role, "window": window}
    served.do(AddAccount(secret_hash=secret_hash(secret), **given), ADMIN)
    return secret


def finished(served: Served, generation: int, window: str = "1") -> str:
    """Somebody is served to the end at a window; the service."""
    served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    at: dict[str, Any] = {"hall": HALL, "window": window, "generation": generation}
    for wish in (CallNext, StartService):
        served.do(wish(**at), CLERK)
    return str(served.do(Finish(**at), CLERK)["service"])


def opened(served: Served, window: str = "1") -> int:
    return int(served.do(OpenWindow(hall=HALL, window=window), CLERK)["generation"])


def level(served: Served, service: str) -> int | None:
    assert served.hall is not None
    row = served.hall.store.read(lambda cursor: ratings.of(cursor, service))
    return None if row is None else int(row.level)


def faces(person: Person) -> list[Any]:
    return [face for face in person.all("#faces button") if face.is_displayed()]


def test_the_secret_makes_a_tablet_the_pad_of_its_window(person: Person, served: Served) -> None:
    generation = opened(served)
    secret = a_pad(served)
    person.open("/pad")
    person.until(lambda: person.at("secret").is_displayed())
    person.at("secret").send_keys("not the secret of any pad", "\ue007")
    person.until(lambda: person.text("trouble"))
    person.at("secret").send_keys(secret, "\ue007")
    person.sees("1 号窗口")
    person.sees("欢迎")
    assert faces(person) == []
    service = finished(served, generation)
    person.sees("A001 号，这次服务您满意吗")
    assert len(faces(person)) == 5
    # The first tap counts; two more in the same moment are for nobody.
    person.run(
        "for (const level of [4, 1, 5])"
        " document.querySelector(`#faces button[data-level='${level}']`).click()"
    )
    person.sees("谢谢您的评价")
    person.until(lambda: level(served, service))
    assert level(served, service) == 4
    assert faces(person) == []
    another = finished(served, generation)
    person.sees("A002 号")
    person.open("/pad")  # the tablet is switched off and on: it knows its window
    person.sees("A002 号")
    faces(person)[0].click()
    person.until(lambda: level(served, another) == 5)


def test_a_tap_while_the_hall_is_away_is_kept_and_given_once(
    person: Person, served: Served
) -> None:
    service = finished(served, opened(served))
    person.open(f"/pad#{a_pad(served)}")
    person.sees("A001 号")
    assert person.run("return location.hash") == "", "the secret stands in no address"
    served.stop()
    person.until(lambda: person.at("lost").is_displayed())
    faces(person)[1].click()
    person.sees("谢谢您的评价")
    served.start()
    person.until(lambda: level(served, service))
    assert level(served, service) == 4
    person.until(lambda: person.run("return localStorage.getItem('pad-owed')") is None)


def test_a_tap_that_comes_after_the_next_call_is_not_counted_and_that_is_said(
    person: Person, served: Served
) -> None:
    generation = opened(served)
    service = finished(served, generation)
    person.open(f"/pad#{a_pad(served)}")
    person.sees("A001 号")
    # As if the tap had been held up on its way: the hall hears of it after the next call.
    person.run(
        "const give = window.fetch; let held = [];"
        "window.letGo = () => { for (const go of held) go(); held = null; };"
        "window.fetch = (...all) => all[1]?.method === 'POST' && held"
        " ? new Promise((go) => held.push(go)).then(() => give(...all)) : give(...all);"
    )
    faces(person)[0].click()
    person.sees("谢谢您的评价")
    served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    served.do(CallNext(hall=HALL, window="1", generation=generation), CLERK)
    person.run("window.letGo()")
    person.sees("上一位的评价送到得太晚")
    assert level(served, service) is None
    person.until(lambda: person.run("return localStorage.getItem('pad-owed')") is None)


def test_a_hall_that_does_not_answer_the_secret_yet_is_said_to_be_away(
    person: Person, served: Served
) -> None:
    secret = a_pad(served)
    person.open("/pad")
    person.until(lambda: person.at("secret").is_displayed())
    served.stop()
    person.at("secret").send_keys(secret, "\ue007")
    person.until(lambda: person.at("lost").is_displayed())
    assert not person.at("enter").is_displayed()
    served.start()
    person.sees("欢迎")
    person.until(lambda: not person.at("lost").is_displayed())


def test_the_next_call_ends_the_question(person: Person, served: Served) -> None:
    generation = opened(served)
    finished(served, generation)
    person.open(f"/pad#{a_pad(served)}")
    person.sees("A001 号")
    served.do(TakeTicket(hall=HALL, queue="social"), KIOSK)
    served.do(CallNext(hall=HALL, window="1", generation=generation), CLERK)
    person.sees("欢迎")
    assert faces(person) == []


def test_a_pad_is_asked_about_its_own_window_and_may_do_nothing_else(
    person: Person, served: Served
) -> None:
    service = finished(served, opened(served))
    person.open(f"/pad#{a_pad(served, '3')}")
    person.sees("3 号窗口")
    person.sees("欢迎")
    assert faces(person) == []
    pad = Who(Role.PAD, "pad-3", HALL, window="3")
    for command in (
        CallNext(hall=HALL, window="3", generation=0),
        Finish(hall=HALL, window="3", generation=0),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            served.do(command, pad)
    assert level(served, service) is None


def test_another_devices_secret_is_no_pads(person: Person, served: Served) -> None:
    person.open(f"/pad#{a_pad(served, role='agent')}")
    person.sees("这个密钥不是评价器的")
    assert person.run("return localStorage.getItem('pad-secret')") is None


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_pad_can_be_read_and_touched_at_every_width(
    person: Person, served: Served, width: int
) -> None:
    person.open("/pad")
    person.wide(width)
    person.until(lambda: person.at("secret").is_displayed())
    assert person.run(INSPECTION) == []
    finished(served, opened(served))
    person.open("/")
    person.open(f"/pad#{a_pad(served)}")
    person.sees("A001 号")
    assert person.run(INSPECTION) == []
    for lang in ("en", "zh"):
        person.touch("language")
        assert person.run(INSPECTION) == [], lang


WATCHES = """
window.seenLost = [];
new MutationObserver(() => {
  const bar = document.getElementById("lost");
  if (bar && !bar.hidden) window.seenLost.push(bar.textContent);
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def test_a_line_that_is_made_for_the_first_time_is_not_told_as_lost(
    person: Person, served: Served
) -> None:
    secret = a_pad(served)
    page = person.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": WATCHES}
    )
    person.open(f"/pad#{secret}")
    person.sees("欢迎")
    assert person.run("return window.seenLost") == []
    served.stop()
    person.until(lambda: person.run("return window.seenLost"))
    person.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", page)
