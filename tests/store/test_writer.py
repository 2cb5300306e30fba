"""The one writer: each job stands or falls alone, and nothing acknowledged is lost."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from hall_server.hall import Hall
from hall_server.store import heads
from hall_server.store.heads import Head
from hall_server.store.store import Store
from hall_server.store.writer import LARGEST_BATCH, LARGEST_MAILBOX, Batch, Outcome
from hall_server.wire.commands import TakeTicket
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import sound_journal
from tests.builders import HALL, KIOSK, Watch, open_hall, take, who
from tests.postgresql import Server
from tests.store.hands import Trouble


class Desk:
    """A store whose outcomes are gathered by the batch, and whose writer can be made to wait."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.store.make_tables()
        self.batches: list[list[Outcome]] = []
        self.go = threading.Event()
        self.store.start(self.batches.append)

    def hold(self) -> None:
        """Keep the writer in a job, so that what is put from now on shares one batch."""
        begun = threading.Event()

        def job(_batch: Batch) -> None:
            begun.set()
            assert self.go.wait(30)

        self.store.put(job, "hold")
        assert begun.wait(30)

    def done(self) -> dict[Any, Outcome]:
        """Let the writer finish; every outcome by its ticket."""
        self.go.set()
        self.store.close()
        return {outcome.ticket: outcome for batch in self.batches for outcome in batch}

    def halls(self) -> list[str]:
        again = Store(self.store.url)
        try:
            return [head.hall for head in again.read(heads.every_head)]
        finally:
            again.close()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.go.set()


def add(name: str, batch: Batch) -> Head:
    return heads.add_hall(batch, name, "0" * 16)


def add_and_fail(name: str, error: Exception, batch: Batch) -> None:
    heads.add_hall(batch, name, "0" * 16)
    raise error


def test_what_was_put_while_the_writer_wrote_shares_one_commit_in_order(desk: Desk) -> None:
    desk.hold()
    for n in range(10):
        desk.store.put(partial(add, f"h{n}"), n)
    outcomes = desk.done()
    assert [outcome.ticket for outcome in desk.batches[1]] == list(range(10))
    assert all(outcome.error is None for outcome in outcomes.values())
    assert desk.halls() == [f"h{n}" for n in range(10)]


@pytest.mark.parametrize("error", [Refused(Refusal.DAY_CLOSED), ValueError("a bug")])
def test_a_job_that_raises_is_undone_alone(desk: Desk, error: Exception) -> None:
    desk.hold()
    desk.store.put(partial(add, "before"), "before")
    desk.store.put(partial(add_and_fail, "fails", error), "fails")
    desk.store.put(partial(add, "after"), "after")
    outcomes = desk.done()
    assert len(desk.batches[1]) == 3
    assert outcomes["fails"].error is error
    assert (outcomes["before"].error, outcomes["after"].error) == (None, None)
    assert desk.halls() == ["after", "before"]


def test_a_job_against_a_wall_is_undone_alone(desk: Desk) -> None:
    desk.hold()
    desk.store.put(partial(add, "first"), 1)
    desk.store.put(partial(add, "first"), 2)
    desk.store.put(partial(add, "second"), 3)
    outcomes = desk.done()
    assert outcomes[2].error is not None
    assert not isinstance(outcomes[2].error, Refused)
    assert (outcomes[1].error, outcomes[3].error) == (None, None)
    assert desk.halls() == ["first", "second"]


def test_a_long_line_is_written_in_batches_of_at_most_256(desk: Desk) -> None:
    desk.hold()
    for n in range(600):
        desk.store.put(lambda _batch: None, n)
    desk.done()
    sizes = [len(batch) for batch in desk.batches[1:]]
    assert sum(sizes) == 600
    assert max(sizes) <= LARGEST_BATCH


def test_a_full_mailbox_is_told_at_once_and_what_was_taken_in_is_done(desk: Desk) -> None:
    desk.hold()
    for n in range(LARGEST_MAILBOX):
        desk.store.put(lambda _batch: None, n)
    with pytest.raises(Refused) as no:
        desk.store.put(lambda _batch: None, "too many")
    assert no.value.code is Refusal.TOO_BUSY
    outcomes = desk.done()
    assert len(outcomes) == LARGEST_MAILBOX + 1
    assert "too many" not in outcomes


async def test_a_hall_that_is_too_busy_says_so(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        go, begun = threading.Event(), threading.Event()

        def job(_batch: Batch) -> None:
            begun.set()
            assert go.wait(30)

        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        hall.store.put(job, (answer, "hold"))
        await asyncio.to_thread(begun.wait, 30)
        takes = [asyncio.ensure_future(take(hall)) for _ in range(LARGEST_MAILBOX + 5)]
        await asyncio.sleep(0)
        go.set()
        answers = await asyncio.gather(*takes, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, Refused)]
        assert [one.code for one in refused] == [Refusal.TOO_BUSY] * 5
        assert hall.hubs[HALL].state["queue/social"]["taken"] == LARGEST_MAILBOX


async def unavailable(hall: Hall, wish: TakeTicket) -> None:
    with pytest.raises(Refused) as no:
        await hall.handle(wish, KIOSK)
    assert no.value.code is Refusal.STORE_UNAVAILABLE


@contextmanager
def quiet() -> Iterator[None]:
    """The writer tells of broken writes in the log; they are wanted here."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


TROUBLES = ["PRAGMA max_page_count=1", "PRAGMA query_only=ON"]  # the disk is full; read-only


@pytest.mark.fault
@pytest.mark.parametrize("pragma", TROUBLES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_when_the_disk_is_full_the_hall_says_so_reads_on_and_recovers(
    database_url: str, pragma: str
) -> None:
    async with open_hall(database_url) as hall:
        trouble = Trouble(hall)
        given = [(await take(hall))["number"] for _ in range(3)]
        hub = hall.hubs[HALL]
        state, seq = dict(hub.state), hub.seq
        trouble.pragma = pragma
        wish = TakeTicket(hall=HALL, queue="social")
        with quiet():
            await broken(hall, given, pragma)
            assert len(given) >= 3
            if len(given) == 3:
                assert (hub.state, hub.seq) == (state, seq), "nothing is told that was not kept"
            catalogue = await hall.see("catalogue", {}, KIOSK)
            assert len(catalogue["items"]) == 3
            for _ in range(3):
                await unavailable(hall, wish)
        trouble.pragma = None
        paper = await hall.handle(wish, KIOSK)
        assert paper["number"] == f"A{len(given) + 1:03d}"
        assert await hall.handle(wish, KIOSK) == paper
        sound_journal(hall)
    await kept(database_url, [*given, paper["number"]])


async def broken(hall: Hall, given: list[str], pragma: str) -> None:
    """Make the writer open a connection that has the trouble, and take until it shows."""

    def forget(batch: Batch) -> None:
        raise batch_error(hall)

    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    hall.store.put(forget, (answer, "forget"))
    with pytest.raises(Refused):
        await answer
    for _ in range(5_000):
        answers: list[Any] = await asyncio.gather(take(hall), return_exceptions=True)
        told = answers[0]
        if isinstance(told, dict):
            given.append(told["number"])
            continue
        assert isinstance(told, Refused)
        assert told.code is Refusal.STORE_UNAVAILABLE
        return
    raise AssertionError(f"{pragma} never showed")


def batch_error(hall: Hall) -> Exception:
    """The error that the database's own driver raises when a connection is no good."""
    error: type[Exception] = hall.store._write_engine.dialect.loaded_dbapi.OperationalError
    return error("the connection is no good")


async def kept(url: str, numbers: list[str]) -> None:
    """A server that starts anew knows every number that was given."""
    hall = Hall(Store(url), Watch())
    await hall.start()
    try:
        tickets = [fact for name, fact in hall.hubs[HALL].state.items() if "ticket/" in name]
        assert sorted(fact["number"] for fact in tickets) == sorted(numbers)
    finally:
        await hall.stop()


@pytest.mark.fault
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgresql
async def test_when_the_database_is_gone_the_hall_says_so_and_recovers(
    database_url: str, postgresql: Server
) -> None:
    name = database_url.rpartition("/")[2]
    gone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    async with open_hall(database_url) as hall:
        given = [(await take(hall))["number"]]
        with quiet():
            postgresql.run(gone)
            given.append((await take(hall))["number"])  # one cut connection is nobody's trouble
            postgresql.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            postgresql.run(gone)
            wish = TakeTicket(hall=HALL, queue="social")
            for _ in range(2):
                await unavailable(hall, wish)
            assert hall.hubs[HALL].state["queue/social"]["taken"] == 2
            postgresql.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        paper = await hall.handle(wish, KIOSK)
        assert paper["number"] == "A003"
        given.append(paper["number"])
        sound_journal(hall)
    await kept(database_url, given)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgresql
async def test_two_servers_on_one_database_give_no_number_twice(database_url: str) -> None:
    """A mistake that happens: the same hall started twice. Both serve, in one order."""
    async with open_hall(database_url) as one:
        other = Hall(Store(database_url), Watch(), "http://hall.test")
        await other.start()
        try:
            takes = [
                hall.handle(TakeTicket(hall=HALL, queue="social"), who(Role.KIOSK, name))
                for _ in range(20)
                for hall, name in ((one, "kiosk-1"), (other, "kiosk-2"))
            ]
            papers = await asyncio.gather(*takes)
            assert len({paper["number"] for paper in papers}) == 40
            for hall in (one, other):
                await hall.catch_up(HALL)
                assert hall.hubs[HALL].state["queue/social"]["taken"] == 40
                sound_journal(hall)
        finally:
            await other.stop()
