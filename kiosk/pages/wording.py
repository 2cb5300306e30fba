"""Words and choices in the citizen's language, with the other one under them."""

from config.language import say
from kiosk.views import Choice, Words


def words(key: str, lang: str, **facts: object) -> Words:
    """A sentence in the citizen's language with the other one under it."""
    other = "en" if lang == "zh" else "zh"
    return Words(say(key, lang, **facts), say(key, other, **facts))


def both(name: str, name_en: str, lang: str) -> Words:
    """A name of the hall's own; one that has no English stands alone in Chinese."""
    if not name_en:
        return Words(name)
    return Words(name, name_en) if lang == "zh" else Words(name_en, name)


def choice(intent: str, key: str, lang: str, icon: str = "", value: str = "") -> Choice:
    """A thing to touch, worded by this key."""
    return Choice(intent, value, words(key, lang), icon)
