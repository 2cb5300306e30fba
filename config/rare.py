"""Rare characters of names (生僻字): those that only the look's second font has."""

from functools import lru_cache
from pathlib import Path

from config import look


def font() -> Path | None:
    """The second font; None where the hall names none."""
    return look.file(look.look().fonts.rare)


@lru_cache(maxsize=1)
def rare() -> frozenset[str]:
    """The characters that the second font has and the first lacks, as they stand beside it."""
    second = font()
    if second is None:
        return frozenset()
    return frozenset(second.with_suffix(".txt").read_text(encoding="utf-8")) - {"\n"}
