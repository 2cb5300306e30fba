"""The forecast's own score: what was told at issue, held against what came."""

from pathlib import Path
from typing import Any

import pytest

from hall_server.__main__ import main
from hall_server.forecast_score import forecast_score
from hall_server.hall import Hall
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    Finish,
    OpenDay,
    PassOver,
    Recall,
    StartService,
)
from hall_server.words import Refusal, Refused, Role
from tests.builders import (
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    open_hall,
    open_window,
    sqlite_url,
    take,
    who,
)


async def scored(hall: Hall, days: str = "1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await hall.see("forecast_score", {"days": days}, SUPERVISOR))[
        "days"
    ]
    return found


async def a_day(hall: Hall, watch: Watch) -> tuple[dict[str, Any], dict[str, Any]]:
    """A day on which two are told how long it will be: the first is called after 4 minutes and
    once more after 2, the second 30 minutes after he came. One is told and never called, and one
    came before anything was known. What the two were told."""
    unknown = await take(hall)
    lease = await open_window(hall)
    await at_window(hall, CallNext, lease)
    await at_window(hall, PassOver, lease)
    assert unknown["estimate"] is None
    await hall.look_ahead()
    first, second, _ = [await take(hall) for _ in range(3)]
    watch.forward(minutes=4)
    await at_window(hall, CallNext, lease)
    watch.forward(minutes=2)
    await at_window(hall, Recall, lease)
    await at_window(hall, StartService, lease)
    watch.forward(minutes=24)
    await at_window(hall, Finish, lease)
    await at_window(hall, CallNext, lease)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    return first["estimate"], second["estimate"]


async def test_what_was_told_is_held_against_the_first_call(
    database_url: str,
) -> None:
    watch = Watch()
    async with open_hall(database_url, watch, minutes=12) as hall:
        first, second = await a_day(hall, watch)
        (day,) = await scored(hall)
    assert day["date"] == "2026-11-23"
    assert day["queues"].keys() == {"social", "*"}
    social = day["queues"]["social"]
    assert social == day["queues"]["*"]
    misses = first["median"] - 4, second["median"] - 30
    assert social["n"] == 2
    assert social["bias"] == pytest.approx(sum(misses) / 2)
    assert social["error"] == pytest.approx(sum(map(abs, misses)) / 2)
    widths = first["high"] - first["low"], second["high"] - second["low"]
    assert social["width"] == pytest.approx(sum(widths) / 2)
    assert social["waited"] == pytest.approx(17)
    assert social["coverage"] == (first["low"] <= 4 <= first["high"]) / 2
    assert social["far_too_short"] == 0.5
    (title, every, line) = forecast_score(database_url, None, 1, "zh")
    assert title == "2026-11-23"
    assert every.startswith("  全部：2 人")
    assert line.startswith("  社保：2 人，平均误差")
    assert "2 people, mean error" in forecast_score(database_url, HALL, 1, "en")[2]


async def test_each_day_has_its_own_score_and_the_newest_stands_first(tmp_path: Path) -> None:
    watch = Watch()
    async with open_hall(sqlite_url(tmp_path), watch, minutes=12) as hall:
        await a_day(hall, watch)
        watch.forward(hours=24)
        await hall.handle(OpenDay(hall=HALL, date="2026-11-24"), SUPERVISOR)
        assert [day["date"] for day in await scored(hall, "30")] == ["2026-11-23"]
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        newest, before = await scored(hall, "2")
    assert (newest["date"], newest["queues"]) == ("2026-11-24", {})
    assert before["queues"]["*"]["n"] == 2


async def test_only_who_supervises_sees_the_score(tmp_path: Path) -> None:
    async with open_hall(sqlite_url(tmp_path), day=False) as hall:
        assert await scored(hall) == []
        for somebody in (KIOSK, who(Role.STAFF), who(Role.CITIZEN)):
            with pytest.raises(Refused) as no:
                await hall.see("forecast_score", {}, somebody)
            assert no.value.code is Refusal.NOT_PERMITTED
        with pytest.raises(Refused) as no:
            await hall.see("forecast_score", {"days": "-1"}, SUPERVISOR)
        assert no.value.code is Refusal.BAD_INPUT


async def test_the_command_line_tells_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_hall(sqlite_url(tmp_path), day=False):
        pass
    assert main(["forecast-score", "--data", str(tmp_path), "--days", "7"]) == 0
    assert capsys.readouterr().out == "还没有结束的营业日\n"
