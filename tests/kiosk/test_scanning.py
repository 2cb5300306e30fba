"""What is held before the scanner: a paper of ours goes on where it belongs, another is told."""

import pytest

from hall_server.words import Refusal, Refused
from kiosk import pages
from kiosk.codes import appointment_code, ticket_token
from kiosk.flow import Intent, Notice, Page, Purpose, Question, Wish
from kiosk.wedge import MOST, SILENCE, Wedge
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

TOKEN = halls.URL.rpartition("/")[2]


@pytest.mark.parametrize(
    ("text", "code", "token"),
    [
        ("appointment:12345678", "12345678", None),
        ("12345678", "12345678", None),
        (" 12345678\r", "12345678", None),
        (halls.URL, None, TOKEN),
        ("https://hall.example/prefix/t/" + TOKEN, None, TOKEN),
        ("1234567", None, None),
        ("１２３４５６７８", None, None),
        ("6901234567892", None, None),
        ("http://hall.example/t/short", None, None),
        (halls.URL + "?x=1", None, None),
        ("ftp://hall.example/t/" + TOKEN, None, None),
        ("", None, None),
    ],
)
def test_only_our_own_codes_mean_something(text: str, code: str | None, token: str | None) -> None:
    assert (appointment_code(text), ticket_token(text)) == (code, token)


def test_an_appointments_paper_checks_in_at_once() -> None:
    visit = Visit()
    wish = visit.scan("appointment:12345678")
    assert isinstance(wish, Wish)
    assert (wish.check_in, visit.flow.page) == ("12345678", Page.TAKING)


@pytest.mark.parametrize(("purpose", "page"), [(Purpose.MINE, "mine"), (Purpose.RATE, "rate")])
def test_a_ticket_that_is_scanned_is_on_the_screen(purpose: Purpose, page: str) -> None:
    visit = Visit()
    visit.do(Intent.SHOW, purpose)
    question = visit.scan(halls.URL)
    assert isinstance(question, Question)
    assert (question.view, question.args) == ("ticket", {"token": TOKEN})
    told = halls.held(state="finished", service="s1", may_rate=True)
    del told["token"]
    visit.flow.answered(question.id, told)
    assert visit.flow.page == page
    visit.do(Intent.RATE)
    assert visit.do(Intent.PICK_LEVEL, "5").facts["token"] == TOKEN


def test_a_ticket_that_is_gone_is_told_where_another_can_be_shown() -> None:
    visit = Visit()
    visit.flow.refuse(visit.scan(halls.URL).id, Refused(Refusal.TICKET_UNKNOWN))
    assert visit.flow.page == "proof"
    assert "没有找到" in pages.view(visit.flow, NOW).body.note


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_ours_is_told_and_keeps_the_language(lang: str) -> None:
    visit = Visit(lang=lang)
    assert visit.scan("6901234567892") is None
    assert (visit.flow.page, visit.flow.notice) == ("notice", Notice.NOT_OURS)
    assert pages.view(visit.flow, NOW).body.text
    visit.do(Intent.DONE)
    assert visit.flow.page == "home"


def test_nothing_is_scanned_while_a_number_is_on_its_way_or_help_is_called() -> None:
    visit = Visit()
    wish = visit.scan("appointment:12345678")
    assert visit.scan("appointment:87654321") is None
    assert visit.flow.taking.wish == wish
    visit = Visit()
    visit.do(Intent.HELP)
    assert visit.scan(halls.URL) is None
    assert visit.flow.page == "help"


def typed(wedge: Wedge, keys: str, pause: float, at: float = 10.0) -> tuple[str, float]:
    """Type these keys of a US keyboard and Enter; the code, and when it was over."""
    code = ""
    for key in [*keys, "\r"]:
        at += pause
        modifiers = ["shift"] if key.isupper() or key in ':"_?' else []
        plain = {":": ";", "_": "-", "?": "/", '"': "'"}.get(key, key.lower())
        code = wedge.key(ord(plain), plain, modifiers, at)
    return code, at


def test_a_scanner_that_types_is_understood_with_its_capitals() -> None:
    assert typed(Wedge(), halls.URL, 0.005)[0] == halls.URL


def test_what_a_hand_types_is_no_code_nor_part_of_one() -> None:
    wedge = Wedge()
    code, at = typed(wedge, "12345678", SILENCE + 0.01)
    assert code == ""
    assert typed(wedge, "87654321", 0.005, at + 1)[0] == "87654321"


def test_a_code_without_end_fills_no_memory_and_strange_keys_are_left_out() -> None:
    wedge = Wedge()
    at = 10.0
    for _ in range(2 * MOST):
        at += 0.005
        wedge.key(ord("a"), "a", [], at)
    for key, letter in ((27, "\x1b"), (282, None), (304, "")):
        wedge.key(key, letter, [], at)
    assert wedge.key(13, "\r", [], at) == "a" * MOST
