"""Who is let in: accounts, sessions and what they carry."""

import asyncio
from typing import Any

import pytest

from hall_server.actions.callers import password_hash, secret_hash
from hall_server.hall import Hall
from hall_server.wire.commands import AddAccount, SignIn, SignOut
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import ADMIN, CLERK, HALL, Watch, open_hall, take, who

PASSWORD = "一个够长的密码"
HASH = password_hash(PASSWORD)
DIGEST = secret_hash("a session")


def account(name: str, role: Any, secret: str = HASH, window: str | None = None) -> AddAccount:
    return AddAccount(hall=HALL, name=name, role=role, secret_hash=secret, window=window)


async def unknown(hall: Hall, credential: str) -> None:
    with pytest.raises(Refused) as no:
        await hall.who_is(credential)
    assert no.value.code is Refusal.CREDENTIAL_UNKNOWN


async def test_a_device_comes_in_by_its_secret(hall: ProvenHall) -> None:
    reply = await hall.handle(account("box-1", "agent", secret_hash("s" * 22), "1"), ADMIN)
    assert reply == {"name": "box-1"}
    caller = await hall.who_is("s" * 22)
    assert (caller.role, caller.name, caller.hall, caller.window) == (
        Role.AGENT,
        "box-1",
        HALL,
        "1",
    )
    await unknown(hall, "t" * 22)


async def test_a_name_is_given_once(hall: ProvenHall) -> None:
    await hall.handle(account("li", "staff"), ADMIN)
    await refused(hall, account("li", "guide"), ADMIN, Refusal.NAME_TAKEN, name="li")


async def test_a_device_stands_at_a_window_that_there_is(hall: ProvenHall) -> None:
    astray = account("box-9", "agent", window="99")
    await refused(hall, astray, ADMIN, Refusal.WINDOW_UNKNOWN, window="99")


async def test_only_an_admin_lets_in(hall: ProvenHall) -> None:
    for role in Role:
        if role is not Role.ADMIN:
            await refused(hall, account("li", "staff"), who(role), Refusal.NOT_PERMITTED)


async def test_a_session_lasts_twelve_hours(hall: ProvenHall, watch: Watch) -> None:
    await hall.handle(account("wang", "staff"), ADMIN)
    caller, credential = await hall.sign_in(HALL, "wang", PASSWORD)
    assert caller == CLERK
    watch.forward(hours=11, minutes=59)
    assert await hall.who_is(credential) == CLERK
    watch.forward(minutes=2)
    await unknown(hall, credential)


async def test_who_signs_out_is_out_at_once(hall: ProvenHall) -> None:
    await hall.handle(account("wang", "staff"), ADMIN)
    caller, credential = await hall.sign_in(HALL, "wang", PASSWORD)
    assert await hall.who_is(credential) == caller
    await hall.sign_out(caller, credential)
    await unknown(hall, credential)


async def test_a_session_is_a_command_like_any_other(hall: ProvenHall) -> None:
    reply = await hall.handle(SignIn(hall=HALL, name="wang", session_hash=DIGEST), CLERK)
    assert reply["name"] == "wang"
    assert await hall.handle(SignOut(hall=HALL, session_hash=DIGEST), CLERK) == {}
    for role in (Role.KIOSK, Role.DISPLAY, Role.AGENT, Role.CITIZEN, Role.CLOCK):
        wish = SignIn(hall=HALL, name="x", session_hash=DIGEST)
        await refused(hall, wish, who(role), Refusal.NOT_PERMITTED)


async def test_a_ticket_is_its_holders_way_in(hall: ProvenHall) -> None:
    paper = await take(hall)
    caller = await hall.who_is(paper["token"])
    assert (caller.role, caller.hall, caller.ticket) == (Role.CITIZEN, HALL, paper["ticket"])


async def test_a_ticket_is_no_way_in_a_week_after_its_day(hall: ProvenHall, watch: Watch) -> None:
    token = (await take(hall))["token"]
    assert (await hall.who_is(token)).role is Role.CITIZEN
    watch.forward(days=8)
    await unknown(hall, token)


@pytest.mark.parametrize(("name", "password"), [("wang", "wrong"), ("nobody", PASSWORD)])
async def test_a_wrong_name_or_password_is_told_alike(
    hall: ProvenHall, name: str, password: str
) -> None:
    await hall.handle(account("wang", "staff"), ADMIN)
    with pytest.raises(Refused) as no:
        await hall.sign_in(HALL, name, password)
    assert (no.value.code, no.value.facts) == (Refusal.SIGN_IN_FAILED, {})


async def test_five_failures_lock_a_name_for_a_quarter_of_an_hour(
    hall: ProvenHall, watch: Watch
) -> None:
    await hall.handle(account("wang", "staff"), ADMIN)
    await hall.handle(account("li", "staff"), ADMIN)
    for _ in range(5):
        with pytest.raises(Refused) as no:
            await hall.sign_in(HALL, "wang", "wrong")
        assert no.value.code is Refusal.SIGN_IN_FAILED
    with pytest.raises(Refused) as no:
        await hall.sign_in(HALL, "wang", PASSWORD)
    assert no.value.code is Refusal.TOO_MANY_TRIES
    await hall.sign_in(HALL, "li", PASSWORD)
    watch.forward(minutes=15)
    await hall.sign_in(HALL, "wang", PASSWORD)


async def test_nobody_locks_a_clerk_out_from_elsewhere(hall: ProvenHall) -> None:
    await hall.handle(account("wang", "staff"), ADMIN)
    for password in ("wrong",) * 5 + (PASSWORD,):
        with pytest.raises(Refused) as no:
            await hall.sign_in(HALL, "wang", password, "10.0.0.9")
    assert no.value.code is Refusal.TOO_MANY_TRIES
    assert (await hall.sign_in(HALL, "wang", PASSWORD, "10.0.0.3"))[0].name == "wang"


async def test_tries_at_the_same_moment_count_each(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        await hall.handle(account("wang", "staff"), ADMIN)
        tries = (hall.sign_in(HALL, "wang", f"wrong {n}") for n in range(20))
        answers = await asyncio.gather(*tries, return_exceptions=True)
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert len(codes) == 20
        assert codes.count(Refusal.SIGN_IN_FAILED) <= 6
        with pytest.raises(Refused) as no:
            await hall.sign_in(HALL, "wang", PASSWORD)
        assert no.value.code is Refusal.TOO_MANY_TRIES


async def test_what_a_wall_of_the_database_stops_is_told_as_internal_and_logged(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Two sessions of one hash cannot be; that they were asked for is a bug of the asker."""
    async with open_hall(database_url) as hall:
        await hall.handle(SignIn(hall=HALL, name="wang", session_hash=DIGEST), CLERK)
        seq = hall.hubs[HALL].seq
        again = SignIn(hall=HALL, name="wang", session_hash=DIGEST)
        with caplog.at_level("ERROR"), pytest.raises(Refused) as no:
            await hall.handle(again, CLERK)
        assert (no.value.code, no.value.facts) == (Refusal.INTERNAL, {})
        assert again.id in caplog.text
        assert hall.hubs[HALL].seq == seq
        assert (await take(hall))["number"] == "A001"
