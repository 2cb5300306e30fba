"""What stands on an ID card: the four layouts of its text block, and what of it we keep."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import reduce

BLOCK = 256  # bytes of UTF-16LE
_FLAG = slice(248, 250)
_FOR_EVER = "长期"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


class Kind(StrEnum):
    """Which card (证件类型); the value is the flag inside the block."""

    RESIDENT = " "
    PERMIT = "J"  # residence permit for Hong Kong, Macao and Taiwan (港澳台居民居住证)
    FOREIGNER = "Y"  # 外国人永久居留身份证, 2023
    FOREIGNER_2017 = "I"


class Reason(StrEnum):
    """Why a card could not be taken (读卡未成)."""

    MOVED = "moved"  # lifted too early, or the answer was cut short: lay it down again
    NOT_GENUINE = "not_genuine"  # card and reader did not accept each other
    WRONG_CARD = "wrong_card"
    UNREADABLE = "unreadable"  # its text is not what a card of its kind says


# Fields in their order with their length in UTF-16 units; "" is reserved.
_RESIDENT = (
    *(("name", 15), ("sex", 1), ("nation", 2), ("born", 8), ("address", 35), ("number", 18)),
    *(("issuer", 15), ("since", 8), ("until", 8)),
)
LAYOUTS: Mapping[Kind, tuple[tuple[str, int], ...]] = {
    Kind.RESIDENT: (*_RESIDENT, ("", 14), ("flag", 1), ("", 3)),
    Kind.PERMIT: (*_RESIDENT, ("pass", 9), ("issues", 2), ("", 3), ("flag", 1), ("", 3)),
    Kind.FOREIGNER_2017: (
        *(("english", 60), ("sex", 1), ("number", 15), ("country", 3), ("name", 15)),
        *(("since", 8), ("until", 8), ("born", 8), ("version", 2), ("authority", 4)),
        *(("flag", 1), ("", 3)),
    ),
    Kind.FOREIGNER: (
        *(("name", 15), ("sex", 1), ("renewals", 2), ("born", 8), ("english", 35)),
        *(("number", 18), ("", 15), ("since", 8), ("until", 8), ("english_rest", 11)),
        *(("country", 3), ("flag", 1), ("old", 3)),
    ),
}
_NUMBERS = {
    Kind.RESIDENT: re.compile(r"[1-8]\d{16}[\dX]", re.ASCII),
    Kind.PERMIT: re.compile(r"8[123]0000\d{11}[\dX]", re.ASCII),
    Kind.FOREIGNER: re.compile(r"9\d{16}[\dX]", re.ASCII),
    Kind.FOREIGNER_2017: re.compile(r"[A-Z]{3}\d{12}", re.ASCII),
}


@dataclass(frozen=True)
class Card:
    """What the hall needs of a card, and no more: never its number, whole name, address or photo.

    `mark` is a keyed hash (HMAC-SHA256, hex) of the number, for matching an appointment; `name` is
    masked. Neither is shown when a Card is logged by mistake.
    """

    kind: Kind
    mark: str = field(repr=False)
    name: str = field(repr=False)
    in_date: bool


def read_block(block: bytes, key: bytes, today: date) -> Card | Reason:
    """Take from a 256-byte text block what a Card keeps.

    The number must be one of its kind (GB 11643, with the birthday inside it for residents and
    permits) and the dates must be dates, or 长期; else the text is not trusted.
    """
    if len(block) != BLOCK:
        return Reason.UNREADABLE
    try:
        kind = Kind(block[_FLAG].decode("utf-16-le", "replace"))
    except ValueError:
        return Reason.WRONG_CARD
    fields = _fields(block, kind)
    number, name = fields["number"], fields["name"] or fields.get("english", "")
    born, since = _day(fields["born"]), _day(fields["since"])
    until = date.max if fields["until"] == _FOR_EVER else _day(fields["until"])
    if not name or born is None or since is None or until is None:
        return Reason.UNREADABLE
    if not _NUMBERS[kind].fullmatch(number) or not _checked(number, kind, fields["born"]):
        return Reason.UNREADABLE
    mark = hmac.new(key, number.encode("ascii"), hashlib.sha256).hexdigest()
    return Card(kind, mark, masked(name), since <= today <= until)


def masked(name: str) -> str:
    """The first character and two stars, however long the name is (姓名脱敏)."""
    return name[:1] + "**"


def good_number(number: str) -> bool:
    """Whether the last of 18 characters is the check of the others (GB 11643, MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return False
    digits = zip(number, _WEIGHTS, strict=False)
    return (
        number[17] == _CHECK[reduce(lambda sum_, one: sum_ + int(one[0]) * one[1], digits, 0) % 11]
    )


def _fields(block: bytes, kind: Kind) -> dict[str, str]:
    fields, at = {}, 0
    for name, units in LAYOUTS[kind]:
        # Half a surrogate pair becomes U+FFFD: a strange name must not stop a number.
        fields[name] = block[at : at + 2 * units].decode("utf-16-le", "replace").strip(" \0")
        at += 2 * units
    return fields


def _checked(number: str, kind: Kind, born: str) -> bool:
    if kind is Kind.FOREIGNER_2017:
        return True
    return good_number(number) and (kind is Kind.FOREIGNER or number[6:14] == born)


def _day(text: str) -> date | None:
    """A day written as eight digits."""
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
