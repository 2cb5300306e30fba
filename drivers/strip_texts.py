"""What the strip at a window shows, by the hall's live facts; no line and no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.language import say

NOTHING = "-"  # where a number stands when there is none
MOST_WAITING = 9999


@dataclass(frozen=True)
class Number:
    """A number, and how many wait."""

    number: str
    waiting: int


@dataclass(frozen=True)
class Words:
    """A notice; a long one scrolls where the strip scrolls."""

    text: str


@dataclass(frozen=True)
class Dark:
    """Nothing, as at night."""


Wish = Number | Words | Dark


def strip_shows(
    state: Mapping[str, Any], window: str, notice: str = "", *, lost: bool
) -> tuple[Wish, ...]:
    """What to show at this window, best first: a board of digits has no words, no room for some
    numbers, and some cannot even be dark. A number is never shown while the hall is away: it could
    be an old one.
    """
    zero = Number("0", 0)
    if lost:
        return Words(say("device.strip.lost")), Dark(), Number(NOTHING, 0), zero
    fact = state.get(f"window/{window}")
    if fact is None or "day" not in state:
        return Dark(), Number(NOTHING, 0), zero
    waiting = _waiting(state, window)
    if fact["number"] is not None:
        return Number(fact["number"], waiting), Number(NOTHING, waiting), zero
    if fact["state"] == "paused":
        words = Words(fact["reason"] or say("device.strip.paused"))
        return words, Number(NOTHING, waiting), zero
    if fact["state"] != "open":
        return Dark(), Number(NOTHING, 0), zero
    free = (Number(NOTHING, waiting), zero)
    return (Words(notice), *free) if notice else free


def _waiting(state: Mapping[str, Any], window: str) -> int:
    """How many wait in the window's own queues; those that it only helps are left out."""
    plans = state.get("hall", {}).get("windows", ())
    queues = next((plan["queues"] for plan in plans if plan["id"] == window), ())
    waiting: int = sum(state.get(f"queue/{queue}", {}).get("waiting", 0) for queue in queues)
    return min(waiting, MOST_WAITING)
