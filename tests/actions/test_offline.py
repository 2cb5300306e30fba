"""Numbers given while the hall was away: leased, merged once, in the order of taking."""

from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hall_server.rules.permits import Who
from hall_server.store import backup, proof
from hall_server.store.store import Store
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import CallNext, CloseDay, PassOver, TakeTicket
from hall_server.wire.offline import MARK, Lease, LeaseNumbers, MergeTicket, offline_number
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import ProvenHall, proven_hall, refused
from tests.builders import (
    DATE,
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    open_hall,
    open_window,
    take,
    who,
)
from tests.store.hands import database

OTHER_KIOSK = who(Role.KIOSK, "kiosk-2")


async def lease(hall: ProvenHall, kiosk: Who = KIOSK, *queues: str) -> list[Lease]:
    told = await hall.handle(LeaseNumbers(hall=HALL, of_queues=queues or ("social",)), kiosk)
    return [Lease.model_validate(one) for one in told["leases"]]


def merging(block: Lease, sequence: int, at: int, **more: Any) -> MergeTicket:
    token = f"{block.prefix}-{sequence:06d}-token-of-paper"
    given = {"short_code": "K7QM", "token": token} | more
    return MergeTicket(hall=HALL, lease=block, sequence=sequence, taken_at=at, **given)


def ms(watch: Watch) -> int:
    return int(watch().timestamp() * 1000)


def sound(hall: ProvenHall) -> None:
    assert hall.store.read(lambda cursor: proof.faults(cursor, HALL, 1)) == []


async def called(hall: ProvenHall, n: int) -> list[str]:
    """The numbers of the next n calls."""
    generation, numbers = await open_window(hall), []
    for _ in range(n):
        numbers.append((await at_window(hall, CallNext, generation))["number"])
        await at_window(hall, PassOver, generation)
    return numbers


async def test_each_kiosk_leases_a_block_of_its_own(hall: ProvenHall) -> None:
    [social, tax] = await lease(hall, KIOSK, "social", "tax")
    assert (social.prefix, social.first, social.last) == ("A", 1, 50)
    assert (tax.prefix, tax.first, tax.last) == ("B", 1, 50)
    [other] = await lease(hall, OTHER_KIOSK)
    assert (other.first, other.last) == (51, 100)
    assert (await lease(hall))[0].first == 101


async def test_a_block_that_is_used_up_or_of_another_day_sends_to_the_desk(
    hall: ProvenHall,
) -> None:
    [block] = await lease(hall)
    assert [block.next(used, DATE) for used in (0, 49)] == [1, 50]
    for used, date in ((50, DATE), (0, "2026-11-24")):
        with pytest.raises(Refused) as no:
            block.next(used, date)
        assert no.value.code is Refusal.OFFLINE_USED_UP


async def test_a_merged_number_stands_where_it_was_taken(hall: ProvenHall, watch: Watch) -> None:
    [block] = await lease(hall)
    taken: dict[int, int] = {}
    for n in range(1, 4):  # A001, A001X, A002, A002X, A003, A003X
        await take(hall)
        watch.forward(minutes=1)
        taken[n] = ms(watch)
        watch.forward(minutes=1)
    for n in (3, 1, 2):
        done = await hall.handle(merging(block, n, taken[n]), KIOSK)
        assert (done["number"], done["state"]) == (f"A00{n}X", "waiting")
    assert hall.hubs[HALL].state["queue/social"] == {"waiting": 6, "taken": 6, "left": None}
    sound(hall)
    assert await called(hall, 6) == ["A001", "A001X", "A002", "A002X", "A003", "A003X"]


async def test_people_ahead_of_a_merged_number_are_those_who_came_before(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    await take(hall)
    moments = []
    for _ in range(2):
        watch.forward(seconds=30)
        moments.append(ms(watch))
    watch.forward(seconds=30)
    await take(hall)
    assert (await hall.handle(merging(block, 2, moments[1]), KIOSK))["ahead"] == 1
    assert (await hall.handle(merging(block, 1, moments[0]), KIOSK))["ahead"] == 1
    assert (await take(hall))["ahead"] == 4


async def test_of_a_priority_class_the_promise_runs_from_the_taken_time(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    moment = ms(watch)
    watch.forward(minutes=5)
    await take(hall, priority="elder")
    await hall.handle(merging(block, 1, moment, priority="elder"), KIOSK)
    assert await called(hall, 2) == ["A001X", "A001"]


async def test_a_wrong_clock_moves_nobody_before_the_lease_or_after_now(
    hall: ProvenHall, watch: Watch
) -> None:
    watch.forward(minutes=1)
    [block] = await lease(hall)
    leased_at = ms(watch)
    watch.forward(minutes=1)
    for n, claimed, kept in ((1, 0, leased_at), (2, 4_000_000_000_000, ms(watch))):
        done = await hall.handle(merging(block, n, claimed), KIOSK)
        assert hall.hubs[HALL].state[f"ticket/{done['ticket']}"]["taken_at"] == kept


async def test_merged_numbers_count_in_the_quota_and_none_is_turned_away(
    database_url: str, watch: Watch
) -> None:
    async with proven_hall(database_url, watch, quota=2) as hall:
        [block] = await lease(hall)
        await take(hall)
        for n in (1, 2):
            await hall.handle(merging(block, n, ms(watch)), KIOSK)
        assert hall.hubs[HALL].state["queue/social"] == {"waiting": 3, "taken": 3, "left": 0}
        full = TakeTicket(hall=HALL, queue="social")
        await refused(hall, full, KIOSK, Refusal.QUOTA_USED_UP)
        more = LeaseNumbers(hall=HALL, of_queues=("social",))
        await refused(hall, more, KIOSK, Refusal.QUOTA_USED_UP)
        assert [one.queue for one in await lease(hall, KIOSK, "social", "tax")] == ["tax"]
        sound(hall)


async def test_a_kiosk_leases_so_many_blocks_and_no_more(hall: ProvenHall) -> None:
    for _ in range(20):
        await lease(hall)
    more = LeaseNumbers(hall=HALL, of_queues=("social",))
    await refused(hall, more, KIOSK, Refusal.OFFLINE_USED_UP)
    assert (await lease(hall, OTHER_KIOSK))[0].first == 1001


async def test_a_number_that_the_hall_did_not_sign_is_refused(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    at = ms(watch)
    hand_made = [
        {"signature": "0" * 64},
        {"last": 99},
        {"leased_at": 0},
        {"queue": "tax"},
        {"prefix": "B"},
        {"day": 2},
        {"date": "2026-11-22"},
    ]
    for forged in hand_made:
        made = block.model_copy(update=forged)
        await refused(hall, merging(made, 1, at), KIOSK, Refusal.LEASE_NOT_VALID)
    await refused(hall, merging(block, 51, at), KIOSK, Refusal.LEASE_NOT_VALID)
    await refused(hall, merging(block, 1, at), OTHER_KIOSK, Refusal.LEASE_NOT_VALID)
    for more, code in (
        ({"priority": "nobody"}, Refusal.CLASS_UNKNOWN),
        ({"instead": new_id()}, Refusal.TICKET_UNKNOWN),
    ):
        await refused(hall, merging(block, 1, at, **more), KIOSK, code)
    assert (await hall.handle(merging(block, 1, at), KIOSK))["number"] == "A001X"


async def test_before_the_first_lease_nothing_is_merged(hall: ProvenHall) -> None:
    made = Lease(
        day=1, date=DATE, queue="social", prefix="A", first=1, last=50, leased_at=0,
        signature="0" * 64,
    )  # fmt: skip
    await refused(hall, merging(made, 1, 0), KIOSK, Refusal.LEASE_NOT_VALID)
    unknown = LeaseNumbers(hall=HALL, of_queues=("nowhere",))
    await refused(hall, unknown, KIOSK, Refusal.QUEUE_UNKNOWN)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    asked = LeaseNumbers(hall=HALL, of_queues=("social",))
    await refused(hall, asked, KIOSK, Refusal.DAY_CLOSED)


async def test_a_number_comes_in_once_under_whatever_id(hall: ProvenHall, watch: Watch) -> None:
    [block] = await lease(hall)
    await hall.handle(merging(block, 1, ms(watch)), KIOSK)
    again = merging(block, 1, ms(watch), token="another-token-of-paper")
    await refused(hall, again, KIOSK, Refusal.OFFLINE_NUMBER_USED, number="A001X")


async def test_a_wish_that_was_merged_is_no_second_number_when_it_arrives_late(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    wish = TakeTicket(hall=HALL, queue="social")
    await hall.handle(merging(block, 1, ms(watch), id=wish.id), KIOSK)
    await refused(hall, wish, KIOSK, Refusal.SAME_ID_OTHER_BODY)
    assert hall.hubs[HALL].state["queue/social"]["waiting"] == 1


async def test_the_number_whose_answer_was_lost_gives_way_to_the_paper(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    wish = TakeTicket(hall=HALL, queue="social")
    lost = await hall.handle(wish, KIOSK)
    merge = merging(block, 1, ms(watch), id=wish.id)
    await refused(hall, merge, KIOSK, Refusal.SAME_ID_OTHER_BODY)
    again = merging(block, 1, ms(watch), instead=lost["ticket"])
    assert (await hall.handle(again, KIOSK))["number"] == "A001X"
    state = hall.hubs[HALL].state
    assert [fact["number"] for at, fact in state.items() if at.startswith("ticket/")] == ["A001X"]
    assert state["queue/social"]["waiting"] == 1
    sound(hall)


async def test_a_number_that_is_at_a_window_already_is_left_to_the_clerk(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    lost = await take(hall)
    generation = await open_window(hall)
    await at_window(hall, CallNext, generation)
    await hall.handle(merging(block, 1, ms(watch), instead=lost["ticket"]), KIOSK)
    assert hall.hubs[HALL].state[f"ticket/{lost['ticket']}"]["state"] == "called"


async def test_a_number_of_a_day_that_is_over_is_recorded_as_expired(
    hall: ProvenHall, watch: Watch
) -> None:
    [block] = await lease(hall)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    done = await hall.handle(merging(block, 1, ms(watch)), KIOSK)
    assert (done["number"], done["state"]) == ("A001X", "expired")
    seen = await hall.see("ticket", {"token": "A-000001-token-of-paper"}, KIOSK)
    assert (seen["state"], seen["date"]) == ("expired", DATE)
    sound(hall)


async def test_a_block_is_leased_once_whatever_the_code_does(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        await hall.handle(LeaseNumbers(hall=HALL, of_queues=("social",)), KIOSK)
    values = "hall, day, prefix, block, 'kiosk-2', 0"
    again = text(f"INSERT INTO lease_block SELECT {values} FROM lease_block")
    with pytest.raises(IntegrityError, match="lease_block"), database(database_url) as connection:
        connection.execute(again)


async def test_after_a_restore_no_leased_number_is_leased_again(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        await hall.handle(LeaseNumbers(hall=HALL, of_queues=("social",)), KIOSK)
    with closing(Store(database_url)) as store:
        store.write_alone(lambda batch: backup.begin_epoch(batch, None, 0, DATE))
    async with open_hall(database_url, day=False) as hall:
        told = await hall.handle(LeaseNumbers(hall=HALL, of_queues=("social",)), KIOSK)
        assert told["leases"][0]["first"] == 1 + 50 * 21


def test_the_letter_behind_the_figures_is_what_keeps_the_numbers_apart() -> None:
    """The control: without it the first offline number would be the hall's first one."""
    hall_numbers = {f"A{n:03d}" for n in range(1, 51)}
    leased = {offline_number("A", n) for n in range(1, 51)}
    assert not hall_numbers & leased
    assert {number.removesuffix(MARK) for number in leased} == hall_numbers


async def test_a_token_that_is_on_another_paper_is_refused_and_no_fault(
    hall: ProvenHall, watch: Watch
) -> None:
    paper = await take(hall)
    [block] = await lease(hall)
    twice = merging(block, 1, ms(watch), token=paper["token"])
    await refused(hall, twice, KIOSK, Refusal.BAD_INPUT, field="token")
    await hall.handle(merging(block, 1, ms(watch)), KIOSK)
