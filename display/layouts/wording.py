"""What walls say in words: names, dates and what stands alone when nobody can be called."""

from config.language import in_words, say
from display.board import BoardView


def named(zh: str, en: str, lang: str) -> str:
    """A name in this language; where a hall gave no English, the Chinese stands alone."""
    return en if lang == "en" and en else zh


def day(view: BoardView, lang: str) -> str:
    """The date and weekday: 2026年11月21日 星期六."""
    return in_words("full_day", view.date, lang)


def hall_name(view: BoardView, lang: str) -> str:
    """The hall's name, and the zone where a wall is for one."""
    zone = named(view.zone, view.zone_en, lang)
    return " ".join(part for part in (named(view.hall, view.hall_en, lang), zone) if part)


def message(view: BoardView, lang: str) -> str:
    """What stands alone on the wall when there is nothing to call."""
    if view.refused is not None:
        return say(f"refused.{view.refused}", lang)
    if not view.ready:
        return say("display.connecting", lang)
    return "" if view.open else say("display.hall_closed", lang)
