"""Search keys of an item's names: pinyin and initials, typed on a kiosk's own A–Z pad."""

from itertools import chain

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
    found = lazy_pinyin(name, style=style, errors=_signs)
    return list(chain.from_iterable([part] if isinstance(part, str) else part for part in found))


def _signs(run: str) -> list[str]:
    return list(run)


def _letters(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign.isascii() and sign.isalnum())[:LONGEST_KEY]
