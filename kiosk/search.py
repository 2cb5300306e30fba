"""Finding an item (事项) by pinyin initials, digits, theme, department or common name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST_SEARCH = 20
SYLLABLES = 3  # shorter strings of full pinyin are found inside too many words
CODE_DIGITS = 4
GROUPS = ("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ")  # of a telephone's keys 2–9
_NINE = {ord(letter): str(n) for n, group in enumerate(GROUPS, 2) for letter in group.lower()}


@dataclass(frozen=True)
class Item:
    """One line of the catalogue (事项目录) as the hall tells it to a kiosk."""

    code: str
    name: str
    name_en: str = ""
    department: str = ""
    theme: str = ""
    queue: str = ""
    common_names: tuple[str, ...] = ()
    initials: str = ""
    pinyin: str = ""
    online_url: str = ""


@dataclass(frozen=True)
class Group:
    """A theme (一件事) or a department (部门) and how many items are in it."""

    name: str
    count: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All items of a hall under one version; compared by identity, so that lists of it are kept."""

    version: str = ""
    items: tuple[Item, ...] = ()

    def item(self, code: str) -> Item | None:
        """The item of this code."""
        return next((item for item in self.items if item.code == code), None)


def catalogue(view: Mapping[str, Any]) -> Catalogue:
    """The catalogue out of the hall's view of that name; what is missing there stays empty."""
    known = Item.__dataclass_fields__
    items = (
        {key: value for key, value in row.items() if key in known and value is not None}
        for row in view["items"]
    )
    return Catalogue(
        str(view["version"]),
        tuple(Item(**row | {"common_names": tuple(row.get("common_names", ()))}) for row in items),
    )


@lru_cache(maxsize=8)
def themes(given: Catalogue) -> tuple[Group, ...]:
    """The themes in the hall's own order; none where the hall has not sorted its items so."""
    return _groups(item.theme for item in given.items)


@lru_cache(maxsize=8)
def departments(given: Catalogue) -> tuple[Group, ...]:
    """The departments in the hall's own order."""
    return _groups(item.department for item in given.items)


@lru_cache(maxsize=64)
def matching(given: Catalogue, typed: str, nine: bool = False) -> tuple[Item, ...]:
    """The items that these letters and digits mean, the likeliest first.

    身份证 is found by "sfz" at the start of its initials, then inside them, then by three or more
    letters of its full pinyin; a common name counts like the name. Digits stand for themselves
    ("60s" for 60岁…); four or more also find an item's code. With `nine` the letters were typed on
    the keys of a telephone (九宫格), where 身份证 is 739: of 1,135 real items half stand second or
    first after four such letters.
    """
    wanted = typed.lower().translate(_NINE) if nine else typed.lower()
    if not wanted:
        return given.items
    found = [
        (rank, item) for item in given.items if (rank := _rank(item, wanted, nine)) is not None
    ]
    return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))


def _rank(item: Item, wanted: str, nine: bool) -> int | None:
    words = item.initials, item.pinyin, item.code.lower()
    initials, pinyin, code = (one.translate(_NINE) for one in words) if nine else words
    if any(word.startswith(wanted) for word in initials.split()):
        return 0
    if wanted in initials:
        return 1
    if len(wanted) >= SYLLABLES and wanted in pinyin:
        return 2
    if wanted.isdigit() and any(wanted in name for name in (item.name, *item.common_names)):
        return 3
    if len(wanted) >= CODE_DIGITS and wanted in code:
        return 4
    return None


def _groups(names: Iterable[str]) -> tuple[Group, ...]:
    counted: dict[str, int] = {}
    for name in names:
        if name:
            counted[name] = counted.get(name, 0) + 1
    return tuple(Group(name, count) for name, count in counted.items())
