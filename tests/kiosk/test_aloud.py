"""What a page says aloud: a sentence that is true there, and a clip of it that is shipped."""

import tomllib
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pytest

from config import language
from config.settings import KioskSettings
from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import Intent, Notice, Page, Purpose
from kiosk.pages.aloud import SILENT
from tests.kiosk import halls
from tests.kiosk.visit import Visit

ITEM = next(item for item in halls.sample()[1].items if item.queue)
CLIPS = KioskSettings(secret="x" * 20).prompts / "zh"
SENTENCES = {key.removeprefix("prompts.") for key in language.keys("prompts")}
STATES = ("offer", "asked", "called", "accepted", "arrived", "unheard")


def said(visit: Visit) -> str:
    return language.say(f"prompts.{pages.aloud(visit.flow)}")


def test_every_page_that_a_citizen_sees_but_the_first_has_a_sentence() -> None:
    visit = Visit()
    visit.pick(ITEM.code)
    for page in set(Page) - {Page.HOME, Page.HELP, *SILENT}:
        visit.flow.page = page
        assert pages.aloud(visit.flow) in SENTENCES, page


@pytest.mark.parametrize("notice", Notice)
def test_every_notice_has_a_sentence(notice: Notice) -> None:
    visit = Visit()
    visit.flow.page, visit.flow.notice = Page.NOTICE, notice
    assert pages.aloud(visit.flow) == f"notice-{notice}"
    assert said(visit)


def test_the_first_page_and_the_duty_pages_say_nothing() -> None:
    visit = Visit()
    assert pages.aloud(visit.flow) == ""
    for page in SILENT:
        visit.flow.page = page
        assert pages.aloud(visit.flow) == ""


def test_who_chooses_large_text_on_the_first_page_is_greeted() -> None:
    visit = Visit(large=True)
    assert said(visit).startswith("您好")
    visit.flow.leave()
    assert pages.aloud(visit.flow) == "", "and the next citizen is not"


def test_each_paper_is_asked_for_as_it_is() -> None:
    visit = Visit()
    visit.do(Intent.SHOW, Purpose.MINE)
    assert "小票" in said(visit)
    visit.do(Intent.HOME)
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    assert "预约码" in said(visit)
    assert "身份证" not in said(visit)
    assert "身份证" in said(at_card_reader())
    visit.flow.holding.purpose = Purpose.PHONE
    assert "后四位" in said(visit)


def at_card_reader() -> Visit:
    visit = Visit().proofs()
    visit.do(Intent.SHOW, Purpose.CHECK_IN)
    return visit


def test_a_helper_is_announced_as_the_call_stands() -> None:
    visit = Visit()
    visit.do(Intent.HELP)
    assert "呼叫帮办" in said(visit)
    visit.do(Intent.CALL_HELPER)
    assert "正在呼叫" in said(visit)
    for state, words in (("called", "已经通知"), ("accepted", "正在过来"), ("arrived", "到了")):
        visit.helper(state)
        assert words in said(visit)
    visit.helper("")
    visit.flow.joined(False)
    assert "导办台" in said(visit)


def test_where_no_sentence_would_be_true_nothing_is_said() -> None:
    visit = Visit()
    visit.pick(ITEM.code)
    visit.flow.taking.item = replace(ITEM, queue="")
    assert (visit.flow.page, pages.aloud(visit.flow)) == (Page.ITEM, ""), "no number for it"
    visit = Visit()
    visit.slots(ITEM.code, free=0)
    assert (visit.flow.page, pages.aloud(visit.flow)) == (Page.SLOTS, ""), "fully booked"
    visit = Visit()
    wish = visit.book(ITEM.code)
    visit.flow.refuse(wish.id, Refused(Refusal.TOO_BUSY))
    assert (visit.flow.page, pages.aloud(visit.flow)) == (Page.CONFIRM, ""), "not booked"


def test_an_appointment_shown_again_is_not_called_just_booked() -> None:
    visit = Visit().proofs()
    visit.shows()
    assert said(visit).startswith("这是您的预约")
    visit.flow.booked.print = PrintState.PRINTING
    assert said(visit).startswith("已经约好")


def test_every_sentence_has_its_clip_and_every_clip_its_sentence() -> None:
    assert {clip.stem for clip in CLIPS.iterdir()} == SENTENCES
    assert {f"help-{state}" for state in STATES} <= SENTENCES


def test_the_clips_are_short_and_small() -> None:
    clips = list(CLIPS.iterdir())
    assert all(5_000 < clip.stat().st_size < 35_000 for clip in clips)
    assert sum(clip.stat().st_size for clip in clips) < 1_000_000
    assert all(clip.read_bytes()[:4] == b"OggS" for clip in clips)


def test_clips_travel_with_the_installed_program() -> None:
    """A folder is a part of the package, and files of this kind go with it."""
    root = Path(__file__).parents[2]
    told = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert "config*" in told["packages"]["find"]["include"]
    for clip in CLIPS.iterdir():
        folders = clip.relative_to(root).parts[:-1]
        assert folders[0] == "config"
        assert all(folder.isidentifier() for folder in folders)
        assert any(fnmatch(clip.name, kind) for kind in told["package-data"]["*"])
