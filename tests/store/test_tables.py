"""The tables: made where there are none, and walls that no hand passes unseen."""

import asyncio
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from hall_server.store.store import Store
from hall_server.wire.appointments import BookAppointment
from hall_server.wire.commands import CallNext, Rate
from hall_server.words import Role
from tests.builders import (
    DATE,
    HALL,
    KIOSK,
    at_window,
    open_hall,
    open_window,
    serve_one,
    take,
    who,
)
from tests.store.hands import database, drop_walls


def test_making_the_tables_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        with closing(Store(database_url)) as store:
            store.make_tables()


async def busy(url: str) -> dict[str, Any]:
    """A hall with one rated service, one called ticket and one who waits."""
    async with open_hall(url) as hall:
        rated, called, waits = [await take(hall) for _ in range(3)]
        generation = await open_window(hall)
        done = await serve_one(hall, generation)
        holder = who(Role.CITIZEN, rated["ticket"], ticket=rated["ticket"])
        await hall.handle(Rate(hall=HALL, service=done["service"], level=5), holder)
        now = await at_window(hall, CallNext, generation)
        assert now["ticket"] == called["ticket"]
        return {"service": done["service"], "called": now["service"], "waits": waits["ticket"]}


@pytest.fixture
def day(database_url: str) -> dict[str, Any]:
    return asyncio.run(busy(database_url))


def copy(connection: Connection, table: str, where: str, **changes: Any) -> None:
    """Insert a row's copy with some columns changed, past all our code."""
    row = connection.execute(text(f"SELECT * FROM {table} WHERE {where}")).mappings().first()
    assert row is not None
    values = dict(row) | changes
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def walled(url: str, table: str, where: str, **changes: Any) -> str:
    """The name of what stood in the way of a copied row."""
    with pytest.raises(IntegrityError) as no, database(url) as connection:
        copy(connection, table, where, **changes)
    return str(no.value.orig)


@pytest.fixture
def booked(database_url: str) -> str:
    """A hall in which one person has booked one place."""

    async def book() -> str:
        async with open_hall(database_url) as hall:
            wish = BookAppointment(
                hall=HALL, queue="social", date=DATE, time="10:00", person="ab" * 32
            )
            return str((await hall.handle(wish, KIOSK))["appointment"])

    return asyncio.run(book())


def test_a_slot_is_never_overbooked(database_url: str, booked: str) -> None:
    for wrong in ("taken = capacity + 1", "taken = -1", "capacity = 0"):
        with (
            pytest.raises(IntegrityError, match="slot_not_overbooked"),
            database(database_url) as connection,
        ):
            connection.execute(text(f"UPDATE slot SET {wrong}"))


def test_a_person_has_one_appointment_a_day_and_a_code_is_given_once(
    database_url: str, booked: str
) -> None:
    where = f"id = '{booked}'"
    no = walled(database_url, "appointment", where, id="x" * 36, code="00000000")
    assert "appointment.person" in no or "appointment_one_a_day" in no
    no = walled(database_url, "appointment", where, id="x" * 36, person=None)
    assert "appointment.code" in no or "appointment_code_once" in no


@pytest.mark.parametrize("table", ["journal", "document", "rating"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET hall = 'other'", "DELETE FROM {}"])
def test_what_was_recorded_is_for_ever(
    database_url: str, day: dict[str, Any], table: str, deed: str
) -> None:
    with (
        pytest.raises(DatabaseError, match=f"{table} is for ever"),
        database(database_url) as connection,
    ):
        connection.execute(text(deed.format(table)))
    with database(database_url) as connection:
        drop_walls(connection)
        touched = connection.execute(text(deed.format(table)))
        assert touched.rowcount > 0, "the control: without the walls the hand passes"


def test_a_number_is_given_once(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "ticket", "number = 'A003'", id="x" * 36, token="y" * 22)
    assert "ticket.hall" in no or "ticket_number_once" in no


def test_a_token_opens_one_ticket(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "ticket", "number = 'A003'", id="x" * 36, sequence=99)
    assert "token" in no


def test_a_ticket_has_one_active_service(database_url: str, day: dict[str, Any]) -> None:
    where = f"id = '{day['called']}'"
    for state in ("called", "serving"):
        no = walled(database_url, "service", where, id="x" * 36, window="3", state=state)
        assert "service.ticket" in no or "service_one_per_ticket" in no
    with database(database_url) as connection:
        copy(connection, "service", where, id="x" * 36, window="3", state="passed")


def test_a_window_has_one_active_service(database_url: str, day: dict[str, Any]) -> None:
    where = f"id = '{day['called']}'"
    no = walled(database_url, "service", where, id="x" * 36, ticket=day["waits"])
    assert "service.window" in no or "service_one_per_window" in no


def test_a_service_is_rated_once(database_url: str, day: dict[str, Any]) -> None:
    where = f"service = '{day['service']}'"
    no = walled(database_url, "rating", where, seq=999, level=1)
    assert "rating.service" in no or "rating_once" in no


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_is_one_of_five(database_url: str, day: dict[str, Any], level: int) -> None:
    changes = {"seq": 999, "service": day["called"], "level": level}
    no = walled(database_url, "rating", f"service = '{day['service']}'", **changes)
    assert "rating_level" in no


def test_a_rating_needs_a_service(database_url: str, day: dict[str, Any]) -> None:
    where = f"service = '{day['service']}'"
    no = walled(database_url, "rating", where, seq=999, service="x" * 36)
    assert "foreign key" in no.lower()


def test_a_command_is_done_once(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "journal", "seq = 4", seq=999)
    assert "journal.command" in no or "journal_command_once" in no


def test_a_seq_is_used_once(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "journal", "seq = 4", command="another")
    assert "journal.seq" in no or "journal_pkey" in no


def test_one_day_is_open(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "business_day", "day = 1", day=2, round=2)
    assert "business_day.hall" in no or "business_day_one_open" in no


def test_a_date_has_one_first_round(database_url: str, day: dict[str, Any]) -> None:
    no = walled(database_url, "business_day", "day = 1", day=2, closed_at=1)
    assert "business_day.round" in no or "business_day_round_once" in no


def test_nobody_waits_less_than_nobody(database_url: str, day: dict[str, Any]) -> None:
    with (
        pytest.raises(IntegrityError, match="queue_day_waiting"),
        database(database_url) as connection,
    ):
        connection.execute(text("UPDATE queue_day SET waiting = -1"))
