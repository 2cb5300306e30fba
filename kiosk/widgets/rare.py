"""Rare characters of names (生僻字): a second font draws what the first one lacks."""

from functools import lru_cache

from kivy.utils import escape_markup

from config import look

FONT = "Rare"


@lru_cache(maxsize=1)
def rare() -> frozenset[str]:
    """The characters that the second font has and the first lacks, as they stand beside it."""
    font = look.file(look.look().fonts.rare)
    if font is None:
        return frozenset()
    return frozenset(font.with_suffix(".txt").read_text(encoding="utf-8")) - {"\n"}


def marked(text: str) -> str:
    """The text as markup with its rare characters in their font; "" where it has none."""
    if rare().isdisjoint(text):
        return ""
    return "".join(f"[font={FONT}]{c}[/font]" if c in rare() else escape_markup(c) for c in text)
