"""One thing wrong in a hall's files, and the list that gathers them all."""

from collections.abc import Iterable
from typing import NamedTuple

from config.language import say


class Fault(NamedTuple):
    """What is wrong (差错) and where; ``place`` counts from 1, as a person counts."""

    place: str  # "windows[3]"
    field: str  # "queues"
    problem: str
    allowed: str


class Faults(list[Fault]):
    """All faults of one reading, said in one language; nothing stops at the first."""

    def __init__(self, lang: str = "zh") -> None:
        super().__init__()
        self.lang = lang

    def add(self, place: str, field: str, code: str, allowed: str = "", **facts: object) -> None:
        """One more fault, worded by the text layout.<code>."""
        self.append(Fault(place, field, say(f"layout.{code}", self.lang, **facts), allowed))

    def unknown(self, place: str, field: str, said: Iterable[str | None], known: list[str]) -> None:
        """A fault for each word that names nothing the hall has."""
        for word in said:
            if word is not None and word not in known:
                self.add(place, field, "unknown", listed(known), value=word)

    def repeated(self, group: str, field: str, words: Iterable[str]) -> None:
        """A fault for each word that stands more than once where each may stand once."""
        seen: set[str] = set()
        for n, word in enumerate(words, 1):
            if word in seen:
                self.add(f"{group}[{n}]", field, "repeated", value=word)
            seen.add(word)


def listed(words: list[str], limit: int = 12) -> str:
    """Words in one line, the first dozen of them."""
    more = "" if len(words) <= limit else f" …({len(words)})"
    return ", ".join(words[:limit]) + more
