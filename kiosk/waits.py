"""How long a number will wait (预计等候), as the kiosk and its paper say it."""

from collections.abc import Mapping
from typing import Any

from config.language import say
from drivers.ticket_paper import SOON


def wait_of(slip: Mapping[str, Any], lang: str) -> str:
    """ "约 15–40 分钟": the range told at issue; "" where none was at hand, or it is now."""
    wait = slip.get("estimate")
    if wait is None or wait["high"] <= SOON:
        return ""
    return say("forecast.short", lang, low=wait["low"], high=wait["high"])
