"""What a kiosk's first page offers: the items people come for most, and the life events."""

from datetime import datetime, timedelta
from typing import Any

from hall_server.store import history
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan
from hall_server.wire.hours import HALL_TIME

DAYS = timedelta(days=30)
MOST = 10


def view(cursor: Cursor, plan: Plan, hall: str, now: datetime) -> dict[str, Any]:
    """The ten items for which most numbers were taken in the last 30 days (最常办), the layout's
    own choice where history has fewer, and the themes (一件事) in the catalogue's order with
    their items. Items that are gone from the catalogue are left out."""
    since = (now.astimezone(HALL_TIME).date() - DAYS).isoformat()
    found = history.items_taken(cursor, hall, since)
    chosen = plan.layout.hall.most_used if plan.layout is not None else ()
    codes = [code for code in dict.fromkeys([*found, *chosen]) if code in plan.items]
    themes: dict[str, list[str]] = {theme: [] for theme in plan.catalogue.themes()}
    for item in plan.catalogue.items:
        if item.theme is not None:
            themes[item.theme].append(item.code)
    return {
        "most_used": codes[:MOST],
        "themes": [{"name": name, "items": items} for name, items in themes.items()],
    }
