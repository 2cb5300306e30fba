"""Bad input is refused with a code; the server never fails over it and never hangs."""

import asyncio
import json
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest

from hall_server.store import tickets
from hall_server.store.store import Store
from hall_server.store.writer import Batch, Outcome
from hall_server.wire.commands import SignIn
from hall_server.wire.link import Link
from hall_server.words import Refusal, Refused
from tests.builders import HALL, sqlite_url
from tests.faults import bad_input
from tests.faults.served import serve
from tests.postgresql import TEMPLATE, Server

pytestmark = pytest.mark.fault


async def test_every_spoiled_command_is_refused_with_a_code(database_url: str) -> None:
    figure = await bad_input.every_command(database_url)
    assert figure.count > 5_000
    assert figure.holds, str(figure)


async def test_what_somebody_may_never_ask_for_is_not_even_read(tmp_path: Path) -> None:
    """A catalogue may have 32 MB; reading it holds the hall up."""
    async with serve(sqlite_url(tmp_path), {"kiosk": "kiosk", "chief": "admin"}) as served:
        asker = bad_input.Asker(served.port)
        told = {}
        for name, secret in served.secrets.items():
            sent = bad_input.request("/api/commands/import_catalogue", secret, '{"catalogue":')
            status, body = await asker.ask(sent)
            told[name] = (status, json.loads(body)["code"])
        await asker.aclose()
    assert told == {"kiosk": (403, "not_permitted"), "chief": (422, "bad_input")}


async def test_a_refusal_names_the_field_and_never_what_was_sent(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"chief": "admin"}) as served:
        asker = bad_input.Asker(served.port)
        told = []
        for field, value in (
            ("张三", 1),
            ("110101199003071234", 1),
            ("queues", {"Zhang San": {}}),
            ("queues", {"social": {"ratio": "13800138000"}}),
        ):
            body = json.dumps({"hall": HALL, field: value})
            sent = bad_input.request("/api/commands/change_policy", served.secrets["chief"], body)
            told.append(json.loads((await asker.ask(sent))[1])["facts"]["field"])
        await asker.aclose()
    assert told == ["body", "body", "body.queues", "body.queues.social.ratio"]


async def test_nobody_begins_a_session_over_the_link(tmp_path: Path) -> None:
    async with serve(sqlite_url(tmp_path), {"clerk": "staff", "chief": "admin"}) as served:
        link = Link(f"ws://127.0.0.1:{served.port}/link", HALL, served.secrets["clerk"])
        running = asyncio.create_task(link.run())
        await link.joined()
        for name in ("clerk", "chief"):
            with pytest.raises(Refused) as refused:
                await link.ask(SignIn(hall=HALL, name=name, session_hash="a" * 64))
            assert refused.value.code is Refusal.UNKNOWN_COMMAND
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.postgresql
def test_a_value_that_the_database_cannot_hold_fails_its_own_job_alone(
    postgresql: Server,
) -> None:
    store = Store(postgresql.url(postgresql.create(TEMPLATE)))
    outcomes: SimpleQueue[Outcome] = SimpleQueue()

    def deliver(batch: list[Outcome]) -> None:
        for outcome in batch:
            outcomes.put(outcome)

    def waits(_: Batch) -> None:
        begun.wait(10)  # so that the other two share the next transaction

    begun = Event()
    store.start(deliver)
    store.put(waits, "first")
    store.put(lambda batch: tickets.by_token(batch, "a\x00b"), "poison")
    store.put(lambda batch: tickets.by_token(batch, "a"), "sound")
    begun.set()
    told = {outcome.ticket: outcome.error for outcome in (outcomes.get() for _ in range(3))}
    store.close()
    assert told["sound"] is None
    assert not isinstance(told["poison"], Refused)
    assert told["poison"] is not None


async def test_a_storm_of_requests_and_frames_breaks_nothing(database_url: str) -> None:
    figure = await bad_input.storm(count=4_000, seed=20, url=database_url)
    assert figure.count > 3_000
    assert figure.holds, str(figure)


async def test_a_server_that_trusts_what_it_reads_fails_in_the_storm() -> None:
    figure = await bad_input.naive_storm(count=300, seed=21)
    assert figure.wrong, str(figure)
