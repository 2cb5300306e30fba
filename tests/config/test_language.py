"""The texts: every sentence whole, in every language, asked by key."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import hall_server
from config import language
from hall_server.words import Refusal


def test_a_sentence_is_said_in_both_languages() -> None:
    assert language.languages() == ("zh", "en")
    assert "没有人在等候" in language.say("refused.no_one_waiting", window=3)
    assert "Nobody" in language.say("refused.no_one_waiting", lang="en", window=3)


def test_a_language_the_hall_does_not_have_is_answered_in_chinese() -> None:
    assert language.say("kiosk.take", lang="fr") == "取号"


def test_a_key_nobody_wrote_raises() -> None:
    with pytest.raises(KeyError):
        language.say("refused.never_written")


def test_a_fact_that_is_missing_raises() -> None:
    assert language.facts_of("kiosk.ahead") == {"people"}
    with pytest.raises(KeyError):
        language.say("kiosk.ahead")


def refusals_raised() -> Iterator[tuple[str, set[str | None]]]:
    """Each Refused(Refusal.CODE, fact=…) of the hall: the code and the names of its facts."""
    for file in Path(hall_server.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused" and node.args:
                code = ast.unparse(node.args[0])
                if code.startswith("Refusal."):
                    name = code.removeprefix("Refusal.").lower()
                    yield name, {keyword.arg for keyword in node.keywords}


def test_a_refusal_comes_with_every_fact_that_its_text_needs() -> None:
    assert len(language.keys("refused")) == len(Refusal)
    raised = list(refusals_raised())
    assert len(raised) > 50
    for code, facts in raised:
        missing = language.facts_of(f"refused.{code}") - facts
        assert None in facts or not missing, f"{code} is raised without {missing}"


DAY, MOMENT = "2026-11-23", "2026-11-23 09:30"
TOLD = {
    "day": DAY,
    "full_day": DAY,
    "moment": MOMENT,
    "clock": "14:30",
    "slot": "09:30",
}


def facts(sentence: str) -> dict[str, int | str]:
    """Facts of which this sentence can be made."""
    wanted = [(name, kind) for _, name, kind, _ in Formatter().parse(sentence) if name]
    return {str(name): TOLD.get(str(kind), 7) for name, kind in wanted}


@pytest.mark.parametrize(
    ("kind", "told", "zh", "en"),
    [
        ("day", "2026-11-23", "11月23日 星期一", "Mon 23 Nov"),
        ("full_day", "2027-01-03", "2027年1月3日 星期日", "Sun 3 Jan 2027"),
        ("clock", "09:05", "上午 9:05", "9:05"),
        ("clock", "12:00", "下午 12:00", "12:00"),
        ("slot", "09:30", "上午 9:30–10:00", "9:30–10:00"),
        ("moment", "2026-11-23 14:30", "11月23日 星期一 下午 14:30", "Mon 23 Nov, 14:30"),
        ("day", "", "", ""),
    ],
)
def test_a_day_and_a_time_are_said_as_people_say_them(
    kind: str, told: str, zh: str, en: str
) -> None:
    assert (language.in_words(kind, told), language.in_words(kind, told, "en")) == (zh, en)


def test_a_refused_half_hour_is_told_in_plain_words() -> None:
    taken = {"date": "2026-11-23", "time": "09:00"}
    best = {"next_date": "2026-11-24", "next_time": "14:30"}
    assert language.say("refused.slot_taken", **taken, **best) == (
        "11月23日 星期一 上午 9:00–9:30 已经约满。最近的空位是 11月24日 星期二 下午 14:30–15:00。"
    )
    assert language.say("refused.slot_taken", "en", **taken, **best) == (
        "Mon 23 Nov 9:00–9:30 is fully booked. The nearest free time is Tue 24 Nov 14:30–15:00."
    )


def test_every_sentence_is_one_line_without_a_bare_code() -> None:
    texts = language.read(language.FOLDER)
    for key in sorted(language.keys()):
        for lang in language.languages():
            sentence = language.say(key, lang, **facts(texts[key][lang]))
            assert "\n" not in sentence
            assert "操作失败" not in sentence


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("a.toml", '[a.b]\nzh = "好"\n[a.c]\nzh = "好"\nen = "good"', "a.b: has no sentence in en"),
        ("a.toml", '[a.b]\nzh = "好 {n}"\nen = "good"', "names other facts"),
        ("a.toml", '[a.b]\nzh = "好 {n.real}"\nen = "x {n.real}"', "one plain word"),
        ("a.toml", '[other.b]\nzh = "好"', "may hold only a"),
        ("a.toml", '[a.b]\nzh = "好 {n:tag}"\nen = "x {n}"', "{n:tag} is none of day"),
        ("a.toml", "[a.b]\nzh = 3", "not a sentence"),
        ("a.toml", "[a.b\n", "a.toml"),
    ],
)
def test_broken_texts_say_where_they_are_broken(
    tmp_path: Path, name: str, text: str, wrong: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(language.TextsBroken, match=wrong.replace(".", r"\.")):
        language.read(tmp_path)


def test_pages_are_given_every_sentence_as_it_is_written() -> None:
    assert language.as_written("refused.slot_unknown", "en").startswith("{date:day} {time:slot}")
