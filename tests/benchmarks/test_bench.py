"""A bench run of the smallest size tells every target, in JSON and as a table."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import CONFIG
from drivers.bench import tickets
from drivers.printed import Outcome
from drivers.profile import Mode, load_profile
from hall_server import bench
from hall_server.bench import program, table
from hall_server.bench.child import serving
from hall_server.bench.lines import Failed, http_line
from hall_server.bench.load import Wave, closed_loop, open_loop
from hall_server.bench.size import SMALLEST
from hall_server.bench.targets import LIMITS, judge, ratio
from hall_server.bench.town import KIOSK, build, client
from tests.benchmarks import key_press
from tests.journeys.agent_desk import PATIENCE


async def test_the_smallest_run_tells_every_target(capsys: pytest.CaptureFixture[str]) -> None:
    targets, rows, seconds = await program.measure(SMALLEST, frozenset(LIMITS), None)
    told = json.loads(json.dumps(program.as_object(SMALLEST, targets, rows, seconds)))
    assert list(told["targets"]) == ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"]
    for name, target in told["targets"].items():
        assert target["limit"] == LIMITS[name][0]
        measured = name not in ("P6", "P8")  # a long day and a PostgreSQL are not for a test
        assert (target["holds"] is not None) == (target["value"] is not None) == measured
        assert target["figures"] if measured else target["reason"]
    assert [row["displays"] for row in told["tables"]["call → last display"]] == [2, 4]
    table.show(targets, rows)
    shown = capsys.readouterr().out
    assert all(name in shown for name in LIMITS)


async def test_the_hall_is_measured_with_and_without_its_forecast() -> None:
    targets, rows, _ = await program.measure(SMALLEST, frozenset({"FORECAST"}), None)
    assert targets == {}
    take, call = rows["with and without the forecast"]
    assert (take["deed"], call["deed"]) == ("take", "call")
    assert all(row["pieces"] and row["ratio"] > 0 for row in (take, call))


async def test_an_answer_that_is_no_success_fails_the_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    await build(url, ["hall-1"], 4)
    async with serving("hall", url) as server:
        stranger = await http_line(server.port)
        with pytest.raises(Failed, match="401"):
            await stranger.post("/api/commands/take_ticket", "x" * 32, b"{}")
        kiosk = await client(server.port, "hall-1", KIOSK)
        with pytest.raises(ExceptionGroup) as failed:
            await closed_loop([kiosk.at("call_next", 1)], seconds=1, most=1)
        assert failed.group_contains(Failed, match="not_permitted")
        pid = server.pid
    assert not Path(f"/proc/{pid}").exists()


async def test_a_line_that_the_server_let_go_is_opened_again() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(once, "127.0.0.1", 0) as server:
        line = await http_line(server.sockets[0].getsockname()[1])
        for _ in range(2):
            assert await line.post("/", "x", b"") == b"{}"
            while not line.closed:
                await asyncio.sleep(0)


async def test_two_wishes_at_once_on_one_line_are_both_answered(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    await build(url, ["hall-1"], 4)
    async with serving("hall", url) as server:
        kiosk = await client(server.port, "hall-1", KIOSK)
        async with asyncio.timeout(PATIENCE):
            answers = await asyncio.gather(*(kiosk.take() for _ in range(5)))
    assert len({json.loads(answer)["ticket"] for answer in answers}) == 5


async def test_a_late_answer_delays_no_later_wish_and_counts_from_its_planned_instant() -> None:
    let_go = asyncio.Event()

    async def stuck() -> bytes:
        await let_go.wait()
        return b""

    async def quick() -> bytes:
        if len(wave.planned) == 4:
            let_go.set()
        return b""

    wave = Wave([stuck, quick], rate=200)
    await open_loop([wave], seconds=0.02)
    assert len(wave.sample.latencies) == len(wave.planned) == 4
    assert max(wave.sample.latencies) >= wave.planned[3] - wave.planned[0]


def test_a_target_holds_on_the_right_side_of_its_limit() -> None:
    assert judge("P1", 0.6, {}).holds
    assert not judge("P1", 0.59, {}).holds
    assert judge("P4", 1.3, {}).holds
    assert not judge("P4", 1.31, {}).holds
    assert not judge("P7", 90, {}, also=False).holds
    assert ratio([2, 9, 4], [1, 3, 4]) == 2


def test_an_unknown_target_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(["--only", "P1,P77"]) == 2
    assert "P77" in capsys.readouterr().err


async def test_a_key_of_the_call_box_is_timed_to_the_board(tmp_path: Path) -> None:
    times = await key_press.measure(1, tmp_path)
    assert len(times) == 1
    assert 0 < times[0] < PATIENCE


def test_a_ticket_is_counted_and_timed_in_each_mode() -> None:
    profile = load_profile(CONFIG / "devices" / "printers" / "gb18030_58.toml")
    fast = [*tickets(replace(profile, pace=4000), bauds=(921_600,))]
    assert [one.mode for one in fast] == [*Mode]
    assert fast[0].bytes < fast[1].bytes < fast[2].bytes
    assert {(one.outcome, one.lost) for one in fast} == {(Outcome.PRINTED, 0)}
