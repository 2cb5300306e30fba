"""One touch of one face rates; the official tags come after it and may be left out."""

from typing import Any

import pytest

from config.rating_tags import rating_tags
from hall_server.wire.commands import COMMANDS
from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.flow import Deed, Intent, Page, Purpose
from tests.builders import HALL
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit


def body(visit: Visit) -> Any:
    return pages.view(visit.flow, NOW).body


def rater() -> Visit:
    """A citizen in front of the five faces."""
    visit = Visit()
    visit.show(Purpose.RATE, **halls.HELD["finished"])
    return visit


def rated(level: str) -> Visit:
    visit = rater()
    visit.flow.answered(visit.do(Intent.PICK_LEVEL, level).id, {"service": "s1"})
    return visit


@pytest.mark.parametrize("level", "54321")
def test_who_came_to_rate_sees_five_faces_and_one_touch_rates(level: str) -> None:
    visit = rater()
    faces = body(visit).faces
    assert [face.value for face in faces] == list("54321")
    assert not any(face.chosen for face in faces)
    deed = visit.do(Intent.PICK_LEVEL, level)
    assert isinstance(deed, Deed)
    held = halls.held(**halls.HELD["finished"])
    assert deed.facts == {"service": "s1", "token": held["token"], "level": int(level)}
    assert visit.do(Intent.PICK_LEVEL, "5") is None, "one touch, one rating"
    visit.flow.answered(deed.id, {"service": "s1"})
    assert body(visit).title.main == "您的评价已收到，谢谢您"
    assert [tag.value for tag in body(visit).tags] == list(rating_tags().of(int(level)))
    assert not any(tag.chosen for tag in body(visit).tags)


@pytest.mark.parametrize("level", ["", "0", "6", "x", "54"])
def test_there_is_no_sixth_level(level: str) -> None:
    assert rater().do(Intent.PICK_LEVEL, level) is None


@pytest.mark.parametrize(("level", "asked"), [("1", "需要改进"), ("2", "需要改进"), ("3", "愿意")])
def test_who_was_not_satisfied_is_asked_what_to_do_better(level: str, asked: str) -> None:
    assert asked in body(rated(level)).ask


def test_tags_are_touched_and_touched_away_and_sent_once_in_their_order() -> None:
    visit = rated("1")
    assert body(visit).main.intent == ""
    for tag in ("113", "108", "110", "110", "510", "x"):
        assert visit.do(Intent.PICK_TAG, tag) is None
    assert [tag.value for tag in body(visit).tags if tag.chosen] == ["108", "113"]
    assert {tag.icon for tag in body(visit).tags if tag.chosen} == {"check"}
    deed = visit.do(Intent(body(visit).main.intent))
    assert deed.command == "explain_rating"
    assert (deed.facts["service"], deed.facts["tags"]) == ("s1", ("108", "113"))
    whole = {"hall": HALL, **deed.facts, "service": halls.reply()["ticket"]}
    assert COMMANDS[deed.command].model_validate(whole)
    assert visit.do(Intent.EXPLAIN) is None, "once is enough while the hall is asked"
    visit.flow.answered(deed.id, {"service": "s1"})
    assert body(visit).title.main == "谢谢您的评价"


def test_a_second_rating_is_never_asked_for() -> None:
    visit = rated("1")
    visit.do(Intent.BACK)
    assert visit.flow.page is Page.HOME
    again = rated("2")
    again.do(Intent.EXPLAIN)
    assert again.do(Intent.PICK_LEVEL, "5") is None
    assert again.flow.page is Page.REASONS


def test_leaving_without_a_reason_is_one_touch_and_so_is_leaving_without_a_rating() -> None:
    for visit in (rated("1"), rater()):
        visit.do(Intent(body(visit).leave.intent))
        assert visit.flow.page is Page.HOME


def test_a_rating_that_is_refused_says_why_and_may_be_given_again() -> None:
    visit = rater()
    visit.flow.refuse(visit.do(Intent.PICK_LEVEL, "1").id, Refused(Refusal.TOO_BUSY))
    assert body(visit).note
    assert isinstance(visit.do(Intent.PICK_LEVEL, "1"), Deed)


def test_reasons_that_are_refused_say_so_and_the_rating_stands() -> None:
    visit = rated("1")
    visit.do(Intent.PICK_TAG, "108")
    visit.flow.refuse(visit.do(Intent.EXPLAIN).id, Refused(Refusal.ALREADY_EXPLAINED))
    assert body(visit).note == "原因已经收到了，谢谢您。"
    assert body(visit).title.main == "您的评价已收到，谢谢您"


def test_a_ticket_held_before_the_scanner_is_rated_by_its_own_token() -> None:
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.RATE)
    asked: Any = visit.flow.scanned(halls.URL, visit.clock + 1)
    shown = halls.held(**halls.HELD["finished"])
    token = shown.pop("token")
    visit.flow.answered(asked.id, shown)
    assert visit.flow.page is Page.RATE
    deed = visit.flow.do(Intent.PICK_LEVEL, "4", visit.clock + 5)
    assert isinstance(deed, Deed)
    assert (deed.facts["token"], deed.facts["level"]) == (token, 4)
