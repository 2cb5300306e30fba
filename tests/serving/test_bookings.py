"""Booking and checking in over HTTP, as a kiosk does it."""

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from hall_server.wire.bounds import new_id
from tests.builders import DATE, HALL, sqlite_url
from tests.faults.served import Served, serve


async def ask(served: Served, path: str, who: str, **body: Any) -> tuple[int, Any]:
    """GET a view, or POST a command where it has a body; the status and the answer."""

    def asking() -> tuple[int, Any]:
        data = json.dumps({"hall": HALL, "id": new_id(), **body}).encode() if body else None
        head = {"Authorization": f"Bearer {served.secrets[who]}"}
        head["Content-Type"] = "application/json"
        try:
            with urllib.request.urlopen(
                urllib.request.Request(served.url + path, data, head)
            ) as told:
                return told.status, json.load(told)
        except HTTPError as no:
            with no:
                return no.code, json.load(no)

    return await asyncio.to_thread(asking)


async def test_a_kiosk_books_finds_and_checks_in(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"k1": "kiosk", "d1": "display"}) as served:
        _, told = await ask(served, f"/api/slots?queue=tax&date={DATE}", "k1")
        assert [slot["time"] for slot in told["slots"]][:2] == ["09:30", "10:00"]
        place = {"queue": "tax", "date": DATE, "time": "09:30"}
        status, booked = await ask(served, "/api/commands/book_appointment", "k1", **place)
        assert status == 200
        _, seen = await ask(served, f"/api/appointments/{booked['code']}", "k1")
        assert (seen["state"], seen["time"]) == ("booked", "09:30")
        status, _ = await ask(served, f"/api/appointments/{booked['code']}", "d1")
        assert status == 403
        status, ticket = await ask(served, "/api/commands/check_in", "k1", code=booked["code"])
        assert (status, ticket["number"], ticket["slot"]) == (200, "B001", booked["at"])
        status, no = await ask(served, "/api/commands/check_in", "k1", code=booked["code"])
        assert status == 409
        assert no["code"] == "appointment_over"
        assert "11月23日 星期一" in no["text"]["zh"]
