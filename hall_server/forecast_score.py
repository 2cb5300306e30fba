"""`hall forecast-score`: how good the forecasts of the last days were, by queue."""

from contextlib import closing
from typing import Any

from config.language import say
from hall_server.actions.scores import scores
from hall_server.explain import hall_of
from hall_server.store.database import Cursor
from hall_server.store.plans import Plans
from hall_server.store.store import Store


def forecast_score(url: str, hall: str | None, days: int, lang: str) -> list[str]:
    """One line for each queue of each of the last closed days: how many were told, the mean
    error and its bias, how many waits fell into their range, its width, and the mean wait.

    `hall` may be left out where the server has one. Raises hall_unknown.
    """
    with closing(Store(url)) as store:
        return store.read(lambda cursor: _lines(cursor, hall, days, lang))


def _lines(cursor: Cursor, hall: str | None, days: int, lang: str) -> list[str]:
    head = hall_of(cursor, hall)
    plan = Plans().of(cursor, head.hall, head.layout, head.catalogue)

    def name(queue: str) -> str:
        return say("forecast.all_queues", lang) if queue == "*" else plan.queue_name(queue, lang)

    lines = []
    for day in scores(cursor, head.hall, days):
        lines.append(day["date"])
        if not day["queues"]:
            lines.append(f"  {say('forecast.none_kept', lang)}")
        for queue, found in sorted(day["queues"].items()):
            lines.append(f"  {_line(name(queue), found, lang)}")
    return lines or [say("forecast.no_day", lang)]


def _line(name: str, found: dict[str, Any], lang: str) -> str:
    return say(
        "forecast.score",
        lang,
        name=name,
        people=found["n"],
        error=f"{found['error']:.1f}",
        bias=f"{found['bias']:+.1f}",
        coverage=round(100 * found["coverage"]),
        width=f"{found['width']:.0f}",
        waited=f"{found['waited']:.0f}",
        short=round(100 * found["far_too_short"]),
    )
