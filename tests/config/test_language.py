"""The texts: every sentence whole, in every language, asked by key."""

import ast
from collections.abc import Iterator
from pathlib import Path

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


def test_every_sentence_is_one_line_without_a_bare_code() -> None:
    for key in sorted(language.keys()):
        for lang in language.languages():
            facts = dict.fromkeys(language.facts_of(key), 7)
            sentence = language.say(key, lang, **facts)
            assert "\n" not in sentence
            assert "操作失败" not in sentence


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("a.toml", '[a.b]\nzh = "好"\n[a.c]\nzh = "好"\nen = "good"', "a.b: has no sentence in en"),
        ("a.toml", '[a.b]\nzh = "好 {n}"\nen = "good"', "names other facts"),
        ("a.toml", '[a.b]\nzh = "好 {n.real}"\nen = "x {n.real}"', "one plain word"),
        ("a.toml", '[other.b]\nzh = "好"', "may hold only a"),
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
