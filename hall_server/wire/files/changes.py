"""What differs between the hall in force and the hall in the files, in sentences."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from config.language import has, say
from hall_server.wire.files.wrong import shown
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import Layout

LISTED = 50  # sentences of one kind for one group; a change of 1,135 items is told as a count
LONGEST = 60  # characters of a value before and after
LISTS = ("zones", "windows", "queues", "classes", "staff", "devices", "points", "items")
T = TypeVar("T", Layout, Catalogue)
Told = list[str]


def diff(old: T, new: T, lang: str = "zh") -> Told:
    """Sentences on what is added, gone and changed; none means nothing differs."""
    told: Told = []
    for field in type(new).model_fields:
        before, after = getattr(old, field), getattr(new, field)
        if field in LISTS:
            told += _list(field, _by_id(before), _by_id(after), lang)
        elif isinstance(after, BaseModel):
            told += _fields(_word(field, lang), before, after, lang)
    return told


def _list(
    group: str, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel], lang: str
) -> Told:
    kind = _word(group, lang)
    added = [_one("added", kind, after[key], key, lang) for key in after if key not in before]
    gone = [_one("gone", kind, before[key], key, lang) for key in before if key not in after]
    changed: Told = []
    for key in after:
        if key in before and before[key] != after[key]:
            name = f"{kind} {_name(after[key])} ({key})"
            changed += _fields(name, before[key], after[key], lang)
    told = [*_short(added, kind, lang), *_short(gone, kind, lang), *_short(changed, kind, lang)]
    if not told and list(before) != list(after):
        told.append(say("layout.change.order", lang, what=kind))
    return told


def _fields(name: str, before: BaseModel, after: BaseModel, lang: str) -> Told:
    told: Told = []
    for field in type(after).model_fields:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        word = _word(field, lang)
        if isinstance(old, BaseModel) and isinstance(new, BaseModel):
            told += _fields(f"{name} {word}", old, new, lang)
            continue
        if isinstance(old, tuple) and isinstance(new, tuple):
            left = tuple(one for one in old if one not in new)
            came = tuple(one for one in new if one not in old)
            old, new = (left, came) if left or came else (old, new)  # else only the order differs
        facts = {"before": _value(old), "after": _value(new)}
        told.append(say("layout.change.changed", lang, what=name, field=word, **facts))
    return told


def _one(verb: str, kind: str, value: BaseModel, key: str, lang: str) -> str:
    return say(f"layout.change.{verb}", lang, what=f"{kind} {_name(value)} ({key})")


def _short(told: Told, kind: str, lang: str) -> Told:
    if len(told) <= LISTED:
        return told
    return [*told[:LISTED], say("layout.change.more", lang, what=kind, more=len(told) - LISTED)]


def _by_id(values: tuple[BaseModel, ...]) -> dict[str, BaseModel]:
    return {
        str(getattr(value, "id", "") or getattr(value, "code", "") or _name(value)): value
        for value in values
    }


def _name(value: BaseModel) -> str:
    return str(getattr(value, "name", ""))


def _word(field: str, lang: str) -> str:
    key = f"layout.word.{field}"
    return say(key, lang) if has(key) else field


def _value(value: object) -> str:
    if value is None or value in ("", ()):
        return "—"
    return shown(_plain(value), LONGEST)


def _plain(value: object) -> str:
    """A value without brackets and field names: 1, 2, 3 09:00 12:00."""
    if isinstance(value, tuple):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, BaseModel):
        parts = (getattr(value, field) for field in type(value).model_fields)
        return _name(value) or " ".join(_plain(one) for one in parts if one not in (None, "", ()))
    return str(value)
