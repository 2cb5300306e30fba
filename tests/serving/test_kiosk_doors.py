"""Over HTTP: records, helper calls, offline blocks, and what a kiosk offers first."""

from pathlib import Path

from tests.builders import sqlite_url
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


async def test_a_kiosk_reads_its_first_page_leases_and_calls_for_help(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"k1": "kiosk"}) as served:
        assert await ask(served, "/api/home", "k1") == (200, {"most_used": [], "themes": []})
        wanted = {"of_queues": ["social"]}
        status, told = await ask(served, "/api/commands/lease_numbers", "k1", **wanted)
        assert (status, told["leases"][0]["last"]) == (200, 50)
        status, called = await ask(served, "/api/commands/ask_for_help", "k1", item=None)
        assert (status, called["place"]) == (200, "kiosk/k1")
        assert (await ask(served, "/api/state", "k1"))[1][f"helper/{called['call']}"]
