"""Every sentence the hall says, in every language: texts/ read once, asked by key."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

FOLDER = Path(__file__).with_name("texts")
FIRST = "zh"
SLOT = timedelta(minutes=30)  # a half hour that is booked (预约时段)
Texts = Mapping[str, Mapping[str, str]]


class TextsBroken(ValueError):
    """A texts file that cannot be used: says the file, the key and what is wrong with it."""


def say(key: str, lang: str = FIRST, **facts: object) -> str:
    """The sentence of this key with its facts filled in; facts it does not name are left aside.

    A key or a fact that is missing raises KeyError, so that a test finds it before a citizen
    does. A language the hall does not have is answered in Chinese. {date:day} in a sentence is
    the fact said in words, as `in_words` says it.
    """
    sentences = _texts()[key]
    told = {name: _Told(fact, lang) for name, fact in facts.items() if isinstance(fact, str)}
    return sentences.get(lang, sentences[FIRST]).format_map({**facts, **told})


def as_written(key: str, lang: str) -> str:
    """The sentence of this key with its facts still in braces, for pages that fill them in."""
    return _texts()[key][lang]


def in_words(kind: str, told: str, lang: str = FIRST) -> str:
    """A day or time of the hall's clock as people say it; "" for none.

    >>> in_words("day", "2026-11-23"), in_words("full_day", "2026-11-23", "en")
    ('11月23日 星期一', 'Mon 23 Nov 2026')
    >>> in_words("clock", "14:30"), in_words("slot", "09:30"), in_words("slot", "09:30", "en")
    ('下午 14:30', '上午 9:30–10:00', '9:30–10:00')
    >>> in_words("moment", "2026-11-23 09:30", "en")
    'Mon 23 Nov, 9:30'
    """
    return _MOMENTS[kind](told, lang) if told else ""


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


class _Told(str):
    """A fact that a sentence may want in words."""

    lang: str

    def __new__(cls, fact: str, lang: str) -> "_Told":
        told = super().__new__(cls, fact)
        told.lang = lang
        return told

    def __format__(self, kind: str) -> str:
        return in_words(kind, str(self), self.lang) if kind in _MOMENTS else format(str(self), kind)


def _day(told: str, lang: str, key: str = "when.day") -> str:
    at = date.fromisoformat(told)
    weekday = say(f"when.weekday_{at.isoweekday()}", lang)
    month = say(f"when.month_{at.month}", lang)
    return say(key, lang, year=at.year, month=month, day=at.day, weekday=weekday)


def _full_day(told: str, lang: str) -> str:
    return _day(told, lang, "when.full_day")


def _clock(told: str, lang: str) -> str:
    """Without a nought before it, with the half of the day where the language tells it."""
    key = "when.morning" if told < "12" else "when.afternoon"
    return say(key, lang, clock=told.removeprefix("0"))


def _slot(told: str, lang: str) -> str:
    end = f"{datetime.strptime(told, '%H:%M') + SLOT:%H:%M}".removeprefix("0")
    return say("when.slot", lang, clock=_clock(told, lang), end=end)


def _moment(told: str, lang: str) -> str:
    day, _, clock = told.partition(" ")
    return say("when.moment", lang, day=_day(day, lang), clock=_clock(clock, lang))


_MOMENTS: Mapping[str, Callable[[str, str], str]] = {
    "day": _day,
    "full_day": _full_day,
    "clock": _clock,
    "slot": _slot,
    "moment": _moment,
}


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
    names = set()
    for _, name, kind, _ in Formatter().parse(sentence):
        if name is None:
            continue
        names.add(name)
        if not name.isidentifier():  # {x.y} and {0} would reach into objects
            raise TextsBroken(f"{sentence!r}: a fact is one plain word, not {{{name}}}")
        if kind and kind.isidentifier() and kind not in _MOMENTS:
            raise TextsBroken(f"{sentence!r}: {{{name}:{kind}}} is none of {', '.join(_MOMENTS)}")
    return frozenset(names)
