"""Over HTTP: records, helper calls, offline blocks, and what a kiosk offers first."""

import asyncio
import json
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from tests.builders import HALL, sqlite_url
from tests.faults.served import serve
from tests.serving.test_bookings import ask


async def test_a_record_is_left_at_the_kiosk_and_read_by_the_supervisor(tmp_path: Path) -> None:
    people = {"k1": "kiosk", "boss": "supervisor", "d1": "display"}
    async with serve(sqlite_url(tmp_path), people) as served:
        said = {"entry_kind": "unsolved", "words": "材料说不全"}
        status, left = await ask(served, "/api/commands/leave_entry", "k1", **said)
        assert (status, left["record"]) == (200, "20261123-001")
        for nobody in ("k1", "d1"):
            assert (await ask(served, "/api/entries", nobody))[0] == 403
        status, told = await ask(served, "/api/entries", "boss")
        assert (status, [one["words"] for one in told["entries"]]) == (200, ["材料说不全"])
        status, told = await ask(served, "/api/entries?before=20261123-001", "boss")
        assert (status, told["entries"]) == (200, [])
        assert (await ask(served, "/api/entries?before=x", "boss"))[0] == 422


async def test_anybody_reads_the_answer_to_a_record_by_its_number_and_code(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"k1": "kiosk"}) as served:
        said = {"entry_kind": "unsolved", "words": "材料说不全"}
        left = (await ask(served, "/api/commands/leave_entry", "k1", **said))[1]
        right, wrong = left["record"], "20261123-999"
        for record, status in ((right, 200), (wrong, 404), ("x", 422)):
            shown = {"hall": HALL, "record": record, "code": left["code"]}
            told = await asyncio.to_thread(post, f"{served.url}/api/record", shown)
            assert told[0] == status
            assert "材料" not in told[1]


def post(url: str, body: dict[str, str]) -> tuple[int, str]:
    """Ask as somebody who holds no credential."""
    head = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), head)
    try:
        with urllib.request.urlopen(request) as told:
            return told.status, told.read().decode()
    except HTTPError as no:
        with no:
            return no.code, no.read().decode()


async def test_a_kiosk_reads_its_first_page_leases_and_calls_for_help(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"k1": "kiosk"}) as served:
        assert await ask(served, "/api/home", "k1") == (200, {"most_used": [], "themes": []})
        wanted = {"of_queues": ["social"]}
        status, told = await ask(served, "/api/commands/lease_numbers", "k1", **wanted)
        assert (status, told["leases"][0]["last"]) == (200, 50)
        status, called = await ask(served, "/api/commands/ask_for_help", "k1", item=None)
        assert (status, called["place"]) == (200, "kiosk/k1")
        assert (await ask(served, "/api/state", "k1"))[1][f"helper/{called['call']}"]
