"""Every sentence the hall says, in every language: texts/ read once, asked by key."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

FOLDER = Path(__file__).with_name("texts")
FIRST = "zh"
Texts = Mapping[str, Mapping[str, str]]


class TextsBroken(ValueError):
    """A texts file that cannot be used: says the file, the key and what is wrong with it."""


def say(key: str, lang: str = FIRST, **facts: object) -> str:
    """The sentence of this key with its facts filled in; facts it does not name are left aside.

    A key or a fact that is missing raises KeyError, so that a test finds it before a citizen
    does. A language the hall does not have is answered in Chinese.
    """
    sentences = _texts()[key]
    return sentences.get(lang, sentences[FIRST]).format_map(facts)


def has(key: str) -> bool:
    """Whether there is a sentence for this key."""
    return key in _texts()


def keys(under: str = "") -> tuple[str, ...]:
    """All keys in order, or those below one word: keys("refused")."""
    return tuple(k for k in sorted(_texts()) if not under or k.startswith(f"{under}."))


def languages() -> tuple[str, ...]:
    """The languages every sentence has, Chinese first."""
    return tuple(next(iter(_texts().values())))


def facts_of(key: str) -> frozenset[str]:
    """The names of the facts this sentence needs."""
    return _facts(_texts()[key][FIRST])


@lru_cache(maxsize=1)
def _texts() -> Texts:
    return read(FOLDER)


def read(folder: Path) -> Texts:
    """Read a folder of texts: the file kiosk.toml holds the keys kiosk.*, each in every language.

    A language missing in one sentence, or a fact named in only one language, breaks the texts:
    half a language on a public screen is worse than none.
    """
    found: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            tree = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TextsBroken(f"{file.name}: {error}") from error
        found |= _flatten(file.name, "", tree)
        if strangers := [key for key in tree if key != file.stem]:
            raise TextsBroken(f"{file.name}: may hold only {file.stem}.*, not {strangers}")
    wanted = {FIRST} | {lang for sentences in found.values() for lang in sentences}
    order = (FIRST, *sorted(wanted - {FIRST}))
    return MappingProxyType({key: _whole(key, found[key], order) for key in sorted(found)})


def _flatten(file: str, key: str, tree: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Tables that hold sentences become keys; tables of tables become dotted keys."""
    flat: dict[str, dict[str, str]] = {}
    for word, value in tree.items():
        if isinstance(value, dict):
            flat |= _flatten(file, f"{key}.{word}" if key else word, value)
        elif isinstance(value, str) and key:
            flat.setdefault(key, {})[word] = value
        else:
            raise TextsBroken(f"{file}: {key}.{word} is not a sentence")
    return flat


def _whole(key: str, sentences: Mapping[str, str], order: tuple[str, ...]) -> Mapping[str, str]:
    for lang in order:
        if not sentences.get(lang, "").strip():
            raise TextsBroken(f"{key}: has no sentence in {lang}")
        if _facts(sentences[lang]) != _facts(sentences.get(FIRST, "")):
            raise TextsBroken(f"{key}: {lang} names other facts than {FIRST}")
    return MappingProxyType({lang: sentences[lang] for lang in order})


def _facts(sentence: str) -> frozenset[str]:
    names = frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)
    for name in names:
        if not name.isidentifier():  # {x.y} and {0} would reach into objects
            raise TextsBroken(f"{sentence!r}: a fact is one plain word, not {{{name}}}")
    return names
