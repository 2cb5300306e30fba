"""Box and pad through a real agent to a real hall: each press is one wish, or none."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.agent import Agent
from drivers.journal import Journal, read
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CallNext, Rate
from tests.builders import HALL, at_window, sqlite_url, take
from tests.journeys.agent_desk import FINISH, NEXT, OK, PAUSE, RECALL, TABLES, Desk, desk, until

DIGITS_0_1 = bytes([0x0A, 0x0A, 0x00, 0x0A, 0x0A, 0x01])  # nobody waits, number 1
DARK = bytes([0x0A] * 6)


@pytest.fixture
async def at_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(sqlite_url(tmp_path), tmp_path) as made:
        yield made


def agent_of(made: Desk) -> Agent:
    assert made.agent is not None
    return made.agent


# --- the pad


@pytest.mark.parametrize("presses", [[0], [0, 0], [0, 3], [3, 0]])
async def test_a_face_pressed_is_one_rating_the_first_one(
    at_desk: Desk, presses: list[int]
) -> None:
    """Also by two pads on one address, whose frames nobody can tell apart."""
    service = await at_desk.finished()
    for key in presses:
        at_desk.box.rate(key)
    await until(lambda: at_desk.level(service))
    await at_desk.settled()
    assert at_desk.level(service) == (5 if presses[0] == 0 else 2)


async def test_a_bouncing_face_is_one_rating(at_desk: Desk) -> None:
    service = await at_desk.finished()
    at_desk.box.rate(1, bounces=4)
    await until(lambda: at_desk.level(service))
    await at_desk.settled()
    assert (at_desk.level(service), at_desk.ratings()) == (4, 1)


async def test_a_face_whose_acknowledgement_is_lost_is_one_rating(at_desk: Desk) -> None:
    service = await at_desk.finished()
    at_desk.box.deaf = True
    sent = at_desk.box.sent
    at_desk.box.rate(0)
    await until(lambda: at_desk.box.sent == sent + 3)
    await at_desk.settled()
    assert (at_desk.level(service), at_desk.ratings()) == (5, 1)


async def test_a_face_for_nobody_and_one_that_comes_late_are_none(at_desk: Desk) -> None:
    pad = agent_of(at_desk).machine.pads["1"]
    at_desk.box.rate(0)  # nobody was served yet
    await until(lambda: pad.ignored)
    service = await at_desk.finished()
    await take(at_desk.hall)
    await at_window(at_desk.hall, CallNext, at_desk.generation)  # the next one stands there now
    await until(lambda: pad.service is None)
    ignored = pad.ignored
    at_desk.box.rate(0)
    await until(lambda: pad.ignored > ignored)
    await at_desk.settled()
    assert at_desk.level(service) is None


@pytest.mark.fault
@pytest.mark.parametrize("called", [False, True], ids=["control", "after the next call"])
async def test_a_rating_held_up_until_the_next_call_is_late_and_counted(
    at_desk: Desk, called: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The control arrives before anybody is called, and counts."""
    service = await at_desk.finished()
    agent = agent_of(at_desk)
    at_desk.way.cut("close")
    await until(lambda: not agent.link.online)
    at_desk.box.rate(0)
    await until(lambda: agent.spool.waiting)
    if called:
        await take(at_desk.hall)
        await at_window(at_desk.hall, CallNext, at_desk.generation)
    at_desk.way.mend()
    await at_desk.settled()
    assert at_desk.level(service) == (None if called else 5)
    assert agent.spool.late == called
    assert (f"{service} came after the next call" in caplog.text) is called


# --- the box


async def test_the_keys_of_the_box_lead_a_number_from_call_to_rating(at_desk: Desk) -> None:
    await take(at_desk.hall)
    for key, shows in [
        (NEXT, lambda: at_desk.window()["number"] == "A001"),
        (RECALL, lambda: at_desk.window()["call"] == 2),
        (OK, lambda: at_desk.window()["serving"]),
        (FINISH, lambda: "pad/1" in at_desk.hall.hubs[HALL].state),
        (PAUSE, lambda: at_desk.window()["state"] == "paused"),
    ]:
        at_desk.box.key(key)
        await until(shows)


async def test_the_box_shows_its_windows_number_and_is_dark_while_the_hall_or_the_agent_is_away(
    at_desk: Desk,
) -> None:
    await take(at_desk.hall)
    at_desk.box.key(NEXT)
    await until(lambda: at_desk.box.shown.get(0x02) == DIGITS_0_1)
    at_desk.way.cut("close")
    await until(lambda: at_desk.box.shown.get(0x02) == DARK)
    at_desk.way.mend()
    await until(lambda: at_desk.box.shown.get(0x02) == DIGITS_0_1)
    await at_desk.stop()
    await until(lambda: at_desk.box.shown.get(0x02) == DARK)


@pytest.mark.parametrize(("digit", "state"), [(6, "passed"), (0, "held")])
async def test_who_did_not_come_is_passed_over_and_who_waits_for_a_paper_is_set_aside(
    at_desk: Desk, digit: int, state: str
) -> None:
    paper = await take(at_desk.hall)
    at_desk.box.key(NEXT)
    await until(lambda: at_desk.window()["number"])
    if state == "held":
        at_desk.box.key(OK)
        await until(lambda: at_desk.window()["serving"])
    at_desk.box.key(OK, bytes([digit]))
    ticket = f"ticket/{paper['ticket']}"
    await until(lambda: at_desk.hall.hubs[HALL].state[ticket]["state"] == state)
    assert at_desk.window()["number"] is None


async def test_a_key_pressed_while_the_line_is_cut_is_done_once_when_it_is_back(
    at_desk: Desk,
) -> None:
    await take(at_desk.hall)
    await take(at_desk.hall)
    at_desk.way.cut("close")
    await until(lambda: not agent_of(at_desk).link.online)
    at_desk.box.key(NEXT)
    await until(lambda: agent_of(at_desk).spool.waiting)
    at_desk.way.mend()
    await until(lambda: at_desk.window()["number"] == "A001")
    await at_desk.settled()
    assert (at_desk.window()["number"], at_desk.window()["call"]) == ("A001", 1)


@pytest.mark.fault
@pytest.mark.parametrize(("seconds", "called"), [(0, True), (60, False), (-3600, False)])
async def test_a_key_of_minutes_ago_calls_nobody(
    tmp_path: Path, seconds: float, called: bool
) -> None:
    """The control is the fresh key, which calls. An hour ahead is a clock that was set back."""
    async with desk(sqlite_url(tmp_path), tmp_path, started=False) as made:
        await take(made.hall)
        command = CallNext(hall=HALL, window="1", generation=0)
        journal = Journal(tmp_path / "spool" / "wishes.journal")
        body, at = command.model_dump(mode="json"), time.time() - seconds
        journal.append(command.id, kind=command.kind, body=body, at=at)
        journal.close()
        agent = made.start()
        await until(lambda: agent.link.online)
        await made.settled()
        assert (made.window()["number"] == "A001") is called
        assert agent.spool.lapsed == (not called)


async def test_a_rating_of_hours_ago_is_taken(tmp_path: Path) -> None:
    async with desk(sqlite_url(tmp_path), tmp_path) as made:
        service = await made.finished()
        await made.stop()
        command = Rate(hall=HALL, service=service, level=3)
        journal = Journal(tmp_path / "spool" / "wishes.journal")
        body, at = command.model_dump(mode="json"), time.time() - 7200
        journal.append(command.id, kind=command.kind, body=body, at=at)
        journal.append(new_id(), kind="a_wish_of_tomorrow", body={}, at=at)
        journal.close()
        asked = made.box.asked
        agent = made.start()
        await until(lambda: agent.link.online)
        await made.settled()
        assert made.level(service) == 3
        assert made.box.asked == asked, "nobody else is asked what was answered already"


# --- a kill


class Child:
    """An agent as a program of its own, which can be killed."""

    def __init__(self, made: Desk, spool: Path) -> None:
        folder = made.folder / "child"
        folder.mkdir(exist_ok=True)
        (folder / "devices.toml").write_text(
            f'[[lines]]\nurl = "{made.path}"\ntable = "rs485_box"\n'
            'stations = [{window = "1", address = 1}]\n',
            "utf-8",
        )
        self._env = {
            "AGENT_SERVER": f"http://127.0.0.1:{made.way.port}",
            "AGENT_HALL": HALL,
            "AGENT_SECRET": made.served.secrets["agent-1"],
            "AGENT_DEVICES": str(folder / "devices.toml"),
            "AGENT_TABLES": str(TABLES),
            "AGENT_SPOOL": str(spool),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "drivers", env=os.environ | self._env
        )

    async def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


@pytest.mark.fault
@pytest.mark.parametrize("kept", [True, False], ids=["spool", "control"])
async def test_a_rating_survives_the_kill_of_the_agent_while_the_hall_is_away(
    tmp_path: Path, kept: bool
) -> None:
    """Killed after the face was pressed and before the hall heard of it. The control starts again
    on an empty spool and must lose it."""
    async with desk(sqlite_url(tmp_path), tmp_path, started=False) as made:
        spool = tmp_path / "spool"
        child = Child(made, spool)
        await child.start()
        try:
            service = await made.finished()
            made.way.cut("close")
            made.box.rate(0)
            journal = spool / "wishes.journal"
            await until(lambda: list(read(journal)))
            await child.kill()
            assert made.level(service) is None
            made.way.mend()
            child = Child(made, spool if kept else tmp_path / "another")
            asked = made.box.asked
            await child.start()
            if kept:
                await until(lambda: made.level(service))
                await until(lambda: [e for e in read(journal) if e.get("closed")])
                assert (made.level(service), made.ratings()) == (5, 1)
            else:
                await until(lambda: made.box.asked > asked)  # it asks again: nobody knows
                assert made.level(service) is None
        finally:
            await child.kill()
