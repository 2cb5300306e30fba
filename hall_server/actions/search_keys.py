"""Search keys of an item's names: pinyin and initials, typed on a kiosk's own A–Z pad."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

LONGEST_KEY = 120
PATIENCE = 60.0  # seconds; 20,000 names take 2


def keys_of(names: Sequence[str]) -> list[list[str]]:
    """[initials, pinyin] of each name, made by a process of its own.

    The dictionary takes 55 MiB, as much as half the server, and is needed once for each
    catalogue.
    """
    made = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(names).encode(),
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
        check=True,
    )
    keys: list[list[str]] = json.loads(made.stdout)
    return keys


def initials(name: str) -> str:
    """身份证换领 -> "sfzhl"; letters and figures of the name itself stay."""
    return _letters("".join(part[:1] for part in _parts(name, "FIRST_LETTER")))


def pinyin(name: str) -> str:
    """身份证换领 -> "shenfenzhenghuanling", without tones."""
    return _letters("".join(_parts(name, "NORMAL")))


def _parts(name: str, style: str) -> list[str]:
    """One part a character; a run of Latin letters or figures counts each by itself."""
    from pypinyin import Style, lazy_pinyin  # here, so that the server itself never loads it

    return lazy_pinyin(name, style=getattr(Style, style), errors=_signs)


def _signs(run: str) -> Any:
    return list(run)  # pypinyin takes a list too: one part for each sign


def _letters(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign.isascii() and sign.isalnum())[:LONGEST_KEY]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([[initials(name), pinyin(name)] for name in asked], sys.stdout)
