"""A link ends with the credential that it began with."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from hall_server.api import link
from hall_server.rules.permits import Who
from hall_server.wire.frames import Hello, See
from hall_server.words import Refusal, Refused
from tests.actions.test_accounts import PASSWORD, account
from tests.builders import ADMIN, HALL, Watch, sqlite_url
from tests.faults.served import Served, serve

PATIENCE = 15.0


@pytest.fixture
def looked_up_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "LISTENS_SECONDS", 0.02)


@asynccontextmanager
async def joined(tmp_path: Path) -> AsyncIterator[tuple[Served, ClientConnection, Who, str]]:
    """A clerk who signed in, and the line of the clerk's page."""
    async with serve(sqlite_url(tmp_path), {}) as served:
        await served.hall.handle(account("wang", "staff"), ADMIN)
        who, credential = await served.hall.sign_in(HALL, "wang", PASSWORD)
        async with connect(f"ws://127.0.0.1:{served.port}/link", proxy=None) as wire:
            await wire.send(Hello(hall=HALL, credential=credential).model_dump_json())
            assert json.loads(await wire.recv())["t"] == "welcome"
            yield served, wire, who, credential


async def heard(wire: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of this kind."""
    async with asyncio.timeout(PATIENCE):
        while True:
            frame: dict[str, Any] = json.loads(await wire.recv())
            if frame["t"] == kind:
                return frame


async def ends(wire: ClientConnection) -> None:
    """The line says why, and is closed."""
    frame = await heard(wire, "refused")
    assert (frame["n"], frame["code"]) == (None, "credential_unknown")
    with pytest.raises(ConnectionClosed):
        await wire.recv()


async def sees(wire: ClientConnection) -> None:
    await wire.send(See(n=1, view="home", args={}).model_dump_json())


async def test_who_signed_out_commands_no_more(tmp_path: Path) -> None:
    async with joined(tmp_path) as (served, wire, who, credential):
        await sees(wire)
        await heard(wire, "reply")
        await served.hall.sign_out(who, credential)
        await sees(wire)
        await ends(wire)


@pytest.mark.usefixtures("looked_up_often")
async def test_who_signed_out_listens_no_more(tmp_path: Path) -> None:
    async with joined(tmp_path) as (served, wire, who, credential):
        await served.hall.sign_out(who, credential)
        await ends(wire)


async def test_a_session_that_is_over_ends_its_line(tmp_path: Path) -> None:
    async with joined(tmp_path) as (served, wire, _, _):
        watch = served.hall.clock
        assert isinstance(watch, Watch)
        watch.forward(hours=13)
        await sees(wire)
        await ends(wire)


@pytest.mark.usefixtures("looked_up_often")
async def test_who_is_still_known_listens_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: looked up again and again, and never cut, also while the database is away."""
    async with joined(tmp_path) as (served, wire, _, _):
        for _ in range(2):
            await heard(wire, "beat")
        away = Refused(Refusal.STORE_UNAVAILABLE)
        monkeypatch.setattr(served.hall, "who_is", AsyncMock(side_effect=away))
        for _ in range(2):
            await heard(wire, "beat")
