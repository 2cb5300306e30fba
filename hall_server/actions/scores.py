"""How good the forecasts were (预计等候的准头): each past day's score, by queue."""

from dataclasses import asdict
from typing import Any

from hall_server.rules.forecast.score import Kept, score
from hall_server.store import estimates, history
from hall_server.store.database import Cursor
from hall_server.store.ids import made_at
from hall_server.words import Refusal, Refused

MOST_DAYS = 30
MINUTE = 60_000  # milliseconds


def view(cursor: Cursor, hall: str, days: str) -> dict[str, Any]:
    """The scores of so many days ("": of one). Raises bad_input."""
    days = days or "1"
    if not (days.isascii() and days.isdecimal() and len(days) <= 2):
        raise Refused(Refusal.BAD_INPUT, field="days")
    return {"days": scores(cursor, hall, int(days))}


def scores(cursor: Cursor, hall: str, days: int) -> list[dict[str, Any]]:
    """The last closed business days, newest first: [{date, queues: {queue: score}}], all queues
    together under "*". Held against each other are what a ticket was told when it was taken and
    when it was first called; who was told nothing, or was never called, does not count."""
    known = history.past_days(cursor, hall, max(1, min(days, MOST_DAYS)))
    if not known:
        return []
    kept: dict[int, list[Kept]] = {row.day: [] for row in known}
    for row in estimates.kept(cursor, hall, known[-1].day, known[0].day):
        waited = (made_at(row.first) - row.at) / MINUTE
        if row.day in kept:
            kept[row.day].append(Kept(row.queue, row.median, row.low, row.high, waited))
    return [
        {
            "date": day.date,
            "queues": {
                queue: {name: round(figure, 3) for name, figure in asdict(found).items()}
                for queue, found in score(kept[day.day]).items()
            },
        }
        for day in known
    ]
