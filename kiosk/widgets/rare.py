"""Rare characters of names (生僻字) as markup: a second font draws what the first one lacks."""

from kivy.utils import escape_markup

from config.rare import rare

FONT = "Rare"


def marked(text: str) -> str:
    """The text as markup with its rare characters in their font; "" where it has none."""
    if rare().isdisjoint(text):
        return ""
    return "".join(f"[font={FONT}]{c}[/font]" if c in rare() else escape_markup(c) for c in text)
