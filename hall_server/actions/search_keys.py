"""Search keys of an item's names: pinyin and initials, typed on a kiosk's own A–Z pad."""

from typing import Any

from pypinyin import Style, lazy_pinyin

LONGEST_KEY = 120


def initials(name: str) -> str:
    """身份证换领 -> "sfzhl"; letters and figures of the name itself stay."""
    return _letters("".join(part[:1] for part in _parts(name, Style.FIRST_LETTER)))


def pinyin(name: str) -> str:
    """身份证换领 -> "shenfenzhenghuanling", without tones."""
    return _letters("".join(_parts(name, Style.NORMAL)))


def _parts(name: str, style: Style) -> list[str]:
    """One part a character; a run of Latin letters or figures counts each by itself."""
    return lazy_pinyin(name, style=style, errors=_signs)


def _signs(run: str) -> Any:
    return list(run)  # pypinyin takes a list too: one part for each sign


def _letters(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign.isascii() and sign.isalnum())[:LONGEST_KEY]
