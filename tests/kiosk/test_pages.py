"""What a page says, in the citizen's language, before any screen draws it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

import pytest

from hall_server.words import Refusal
from kiosk import pages
from kiosk.views import ClassesView, HomeView, Standing, TicketView
from tests.kiosk import halls
from tests.kiosk.gallery import stages
from tests.kiosk.visit import NOW, Visit


@pytest.mark.parametrize(
    ("lang", "proof"),
    [("zh", "窗口查看：残疾人证"), ("en", "Seen at the window: disability card")],
)
def test_a_class_says_in_one_language_what_the_window_will_want_to_see(
    lang: str, proof: str
) -> None:
    visit = Visit(lang=lang)
    visit.priority(next(item.code for item in visit.flow.hall.catalogue.items if item.queue))
    view = pages.view(visit.flow, NOW)
    assert isinstance(view.body, ClassesView)
    notes = {choice.value: choice.note for choice in view.body.classes}
    assert notes["disabled"] == proof
    assert notes["pregnant"] == ""


def notices(notice: str) -> list[str]:
    """What the first page shows of this one notice, minute by minute, until it begins anew."""
    visit = Visit()
    hall = {**visit.flow.hall.layout, "notices": [notice], "sign": []}
    visit.flow.hall.state = visit.flow.hall.state | {"hall": hall}
    told: list[str] = []
    for minute in range(0, 60, 2):
        body = pages.view(visit.flow, NOW + timedelta(minutes=minute)).body
        assert isinstance(body, HomeView)
        if body.notice in told:
            return sorted(told, key=lambda part: part.rpartition("(")[2])
        told.append(body.notice)
    raise AssertionError(told)


@pytest.mark.parametrize(
    ("notice", "parts"),
    [
        ("中午不休息。", ["中午不休息。"]),
        (
            "本中心因系统升级，11月28日（周六）全天暂停办理不动产登记业务，请改日再来。咨询请到导办台，"
            "或拨打大厅门口公示的电话。",
            [
                "本中心因系统升级，11月28日（周六）全天暂停办理不动产登记业务，请改日再来。 (1/2)",
                "咨询请到导办台，或拨打大厅门口公示的电话。 (2/2)",
            ],
        ),
        (
            "social security " * 10,
            ["social security " * 6 + "(1/2)", "social security " * 4 + "(2/2)"],
        ),
        ("保" * 97, ["保" * 48 + " (1/3)", "保" * 48 + " (2/3)", "保 (3/3)"]),
    ],
)
def test_a_notice_that_is_too_long_for_its_place_is_told_in_parts(
    notice: str, parts: list[str]
) -> None:
    assert notices(notice) == parts


@pytest.mark.parametrize("large", [False, True])
def test_the_first_page_tells_how_many_wait_in_each_queue(large: bool) -> None:
    visit = Visit(large=large)
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, HomeView)
    queues = halls.sample()[0]["queues"]
    assert [(one.heading, one.text) for one in body.queues] == [
        (queue["name"], f"{n % 5} 人") for n, queue in enumerate(queues)
    ]
    assert body.full == "21 人正在等候，20 个窗口开放"
    turns = {pages.view(visit.flow, NOW + timedelta(seconds=n)).body for n in range(60)}
    assert turns == {body}, "it turns with the clock on the screen, and not between"


def test_nobody_is_told_how_full_a_hall_is_that_is_not_known_or_closed() -> None:
    visit = Visit()
    visit.flow.joined(False)
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, HomeView)
    assert (body.full, body.queues) == ("", ())


def test_the_ticket_shows_on_the_plan_where_to_wait() -> None:
    visit = Visit(lang="en")
    visit.take(next(item.code for item in visit.flow.hall.catalogue.items if item.queue == "tax"))
    visit.flow.taking.slip = halls.reply(queue="tax")
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, TicketView)
    assert [(one.name, one.here) for one in body.plan] == [
        ("Zone A", False),
        ("Zone B", True),
        ("Zone C", False),
        ("Zone D", False),
    ]
    assert body.standing == Standing("You are here", 40, 91)
    visit.flow.hall.name = "kiosk-9"  # nobody wrote down where this one stands
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, TicketView)
    assert body.standing == Standing()
    hall = visit.flow.hall.state["hall"]
    bare = [zone | {"plan": None} for zone in hall["zones"][:1]] + hall["zones"][1:]
    visit.flow.hall.state = {**visit.flow.hall.state, "hall": hall | {"zones": bare}}
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, TicketView)
    assert body.plan == ()


ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def said(view: object) -> Iterator[str]:
    """Every word of a view that is read; what a touch means and a QR code holds is not."""
    if isinstance(view, str):
        yield view
    elif isinstance(view, tuple):
        for one in view:
            yield from said(one)
    elif is_dataclass(view):
        for name in fields(view):
            if name.name not in ("intent", "value", "icon", "qr", "page", "lang"):
                yield from said(getattr(view, name.name))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_says_a_day_or_a_refusal_in_the_hall_s_own_codes(lang: str) -> None:
    codes = {code.value for code in Refusal if "_" in code}
    read = [
        (name, words)
        for name, flow in stages(halls.sample()[1], lang, large=False)
        for words in said(pages.view(flow, NOW))
    ]
    assert len(read) > 1000
    assert [one for one in read if ISO.search(one[1]) or one[1] in codes] == []
    days = {words for name, words in read if name == "confirm-taken"}
    assert {"11月24日 星期二", "Tue 24 Nov"} & days, "the pages of appointments are among them"
