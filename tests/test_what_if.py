"""What a move would do, asked of a living hall: over HTTP, by the Hall and on the command line."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hall_server.hall import Hall
from hall_server.whatif import whatif
from hall_server.wire.commands import CloseDay, OpenDay
from hall_server.wire.hours import HALL_TIME
from hall_server.wire.what_if import OpenFor, WhatIf
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import sound_journal
from tests.builders import (
    HALL,
    SUPERVISOR,
    Watch,
    open_hall,
    open_window,
    sqlite_url,
    take,
    who,
)
from tests.faults.served import serve
from tests.serving.command_line import hall as command_line

OPENED = WhatIf(open=OpenFor(window="3", queue="tax", start="09:00", end="10:30"))
DOORS = WhatIf(close_doors="09:00")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """Twelve wait for tax at window 2, one for social at window 1; window 3 is closed."""
    async with open_hall(sqlite_url(tmp_path), Watch(), minutes=10) as hall:
        await crowd(hall)
        yield hall


async def crowd(hall: Hall) -> None:
    for _ in range(12):
        await take(hall, "tax")
    await take(hall)
    for window in ("1", "2"):
        await open_window(hall, window)


def queue(effect: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in effect["queues"] if one["queue"] == name)
    return found


async def test_a_window_opened_for_the_long_line_shortens_it_by_an_interval(hall: Hall) -> None:
    before = hall.hubs[HALL].seq
    effect = await hall.what_if(OPENED, SUPERVISOR)
    tax = queue(effect, "tax")
    assert tax["felt"]
    assert tax["by"] == pytest.approx(tax["after"] - tax["before"], abs=0.11)
    assert tax["by"] + tax["give"] < -5
    assert (effect["gains"], effect["pays"]) == ("tax", None)
    assert effect["move"] == OPENED.model_dump(mode="json", exclude_none=True)
    assert effect["hall"]["by"] < 0
    assert hall.hubs[HALL].seq == before, "to ask changes nothing"
    sound_journal(hall)


async def test_the_queue_that_pays_is_named(hall: Hall) -> None:
    for _ in range(9):
        await take(hall)
    taken = WhatIf(open=OpenFor(window="1", queue="tax", start="09:00", end="11:00"))
    effect = await hall.what_if(taken, SUPERVISOR)
    assert (effect["gains"], effect["pays"]) == ("tax", "social")
    assert queue(effect, "social")["by"] > queue(effect, "social")["give"] > 0


async def test_the_doors_closed_now_turn_people_away_and_slow_nobody(hall: Hall) -> None:
    effect = await hall.what_if(DOORS, SUPERVISOR)
    assert effect["move"] == {"close_doors": "09:00"}
    assert (queue(effect, "tax")["away"], effect["hall"]["away"]) == (36, 39)
    assert queue(effect, "tax")["by"] <= 0
    assert effect["pays"] is None


async def test_the_best_moves_are_found_and_kept_for_a_while(hall: Hall) -> None:
    first, again = await asyncio.gather(*(hall.best_moves(SUPERVISOR) for _ in range(2)))
    assert first is again, "two who look together are answered by one run"
    moves = first["moves"]
    assert 1 <= len(moves) <= 3
    assert moves[0]["move"]["open"]["queue"] == "tax"
    assert moves[0]["move"]["open"]["window"] in ("1", "3")
    assert [one["hall"]["by"] for one in moves] == sorted(one["hall"]["by"] for one in moves)
    assert moves[0]["hall"]["by"] < 0
    assert isinstance(hall.clock, Watch)
    hall.clock.forward(seconds=31)
    later = await hall.best_moves(SUPERVISOR)
    assert later["at"] == first["at"] + 31_000


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (OpenFor(window="99", queue="tax", start="09:00", end="10:00"), Refusal.WINDOW_UNKNOWN),
        (OpenFor(window="3", queue="gone", start="09:00", end="10:00"), Refusal.QUEUE_UNKNOWN),
        (OpenFor(window="3", queue="tax", start="08:00", end="09:00"), Refusal.BAD_INPUT),
    ],
)
async def test_a_move_that_cannot_be_is_refused(hall: Hall, move: OpenFor, code: Refusal) -> None:
    with pytest.raises(Refused) as no:
        await hall.what_if(WhatIf(open=move), SUPERVISOR)
    assert no.value.code is code


async def test_without_an_open_day_there_is_nothing_to_ask(hall: Hall) -> None:
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    for asking in (hall.what_if(DOORS, SUPERVISOR), hall.best_moves(SUPERVISOR)):
        with pytest.raises(Refused, match="day_closed"):
            await asking


LEADS = (Role.SUPERVISOR, Role.INSPECTOR, Role.ADMIN)


@pytest.mark.parametrize("role", [role for role in Role if role not in LEADS])
async def test_only_who_leads_or_oversees_may_ask(hall: Hall, role: Role) -> None:
    for asking in (hall.what_if(DOORS, who(role)), hall.best_moves(who(role))):
        with pytest.raises(Refused, match="not_permitted"):
            await asking
    assert hall.worker.pid is None, "nothing was run for them"


async def test_too_many_questions_at_once_are_turned_away_and_the_rest_answered(hall: Hall) -> None:
    asked = [hall.what_if(DOORS, SUPERVISOR) for _ in range(6)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [no.code for no in refused] == [Refusal.TOO_BUSY] * 2
    assert sum(isinstance(answer, dict) for answer in answers) == 4


async def test_a_process_that_dies_is_one_lost_answer(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.what_if(DOORS, SUPERVISOR)
    assert hall.worker.pid is not None
    asking = asyncio.ensure_future(hall.best_moves(SUPERVISOR))
    await asyncio.sleep(0)
    os.kill(hall.worker.pid, signal.SIGKILL)
    with pytest.raises(Refused, match="too_busy"):
        await asking
    assert "no answer to best_moves" in caplog.text
    assert (await hall.best_moves(SUPERVISOR))["moves"]


async def test_over_http_a_question_is_bounded_and_worded(tmp_path: Path) -> None:
    accounts = {"chief": "supervisor", "clerk": "staff"}
    async with (
        serve(sqlite_url(tmp_path), accounts) as served,
        httpx.AsyncClient(base_url=served.url, timeout=60, trust_env=False) as client,
    ):

        async def ask(body: Any, name: str = "chief") -> httpx.Response:
            key = {"Authorization": f"Bearer {served.secrets[name]}"}
            return await client.post("/api/what_if", json=body, headers=key)

        await crowd(served.hall)
        given = OPENED.model_dump(mode="json", exclude_none=True)
        effect = (await ask(given)).json()
        assert queue(effect, "tax")["by"] < 0
        for wrong in (
            {},
            {"close_doors": "25:00"},
            {"close_doors": "16:30", **given},
            {"open": {**given["open"], "end": "09:00"}},
            {"open": {**given["open"], "window": "x" * 99}},
            {"open": given["open"], "more": 1},
        ):
            answer = await ask(wrong)
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
        assert (await ask(given, "clerk")).status_code == 403
        key = {"Authorization": f"Bearer {served.secrets['chief']}"}
        best = await client.get("/api/best_moves", headers=key)
        assert best.json()["moves"][0]["gains"] == "tax"


async def test_the_command_line_says_it_in_sentences(hall: Hall, tmp_path: Path) -> None:
    """Beside the hall, on the same data."""

    async def said(move: WhatIf | None, lang: str = "zh") -> list[str]:
        asked = (sqlite_url(tmp_path), None, move, lang, hall.clock())
        return await asyncio.to_thread(whatif, *asked)

    told = await said(OPENED)
    assert told[0].startswith("09:00–10:30 3 号窗口改办“税务”：效果 税务 −")
    assert told[0].endswith("没有队列因此变慢")
    assert told[1].startswith("  全厅：平均等候 ")
    assert [line.split("：")[0].strip() for line in told[2:]] == ["社保", "税务"]
    doors = await said(DOORS, "en")
    assert doors[0].startswith("No more numbers from 09:00: effect ")
    assert doors[0].endswith("; about 39±0 people get no number"), "three hours of thirteen"
    assert doors[-1].endswith("; about 36±0 people get no number")
    best = await said(None)
    assert best[0] == "现在最值得做的调整"
    assert best[1].startswith("1. ")


async def test_the_command_line_asks_the_hall_as_it_is_now(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with open_hall(sqlite_url(tmp_path), Watch(now), day=False, minutes=10) as hall:
        date = now.astimezone(HALL_TIME).date().isoformat()
        await hall.handle(OpenDay(hall=HALL, date=date), SUPERVISOR)
        await crowd(hall)
        window = ("--open", "3", "--for", "tax", "--from", "00:00", "--to", "23:59")
        doors = ("--close-doors", "16:30")
        for words, status, start in (
            (window, 0, "00:00–23:59 3 号窗口改办“税务”：效果 "),
            (doors, 0, "16:30"),
            ((*window, *doors), 1, ""),
            (window[2:], 1, ""),
        ):
            asked = ("whatif", "--data", tmp_path, *words)
            exits, told = await asyncio.to_thread(command_line, *asked)
            assert (exits, told.startswith(start)) == (status, True), told


async def test_a_quiet_hall_is_told_that_nothing_is_worth_doing(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with open_hall(sqlite_url(tmp_path), Watch(now), day=False) as hall:
        date = now.astimezone(HALL_TIME).date().isoformat()
        await hall.handle(OpenDay(hall=HALL, date=date), SUPERVISOR)
        asked = ("whatif", "--data", tmp_path, "--lang", "en")
        status, told = await asyncio.to_thread(command_line, *asked)
        assert (status, told) == (0, "No move is worth making now.\n")
