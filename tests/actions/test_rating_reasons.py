"""Why somebody rated so: official tags and words, once, beside a rating that never changes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from config.language import say
from config.rating_tags import rating_tags
from hall_server.rules.permits import Who
from hall_server.store import heads, journal, ratings
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import Rate
from hall_server.wire.entries import AnswerEntry, LeaveEntry
from hall_server.wire.ratings import EraseReasons, ExplainRating
from hall_server.words import Ground, Refusal, Refused, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import (
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    open_hall,
    open_window,
    serve_one,
    take,
    who,
)
from tests.store.hands import database, drop_walls

INSPECTOR = who(Role.INSPECTOR)
WORDS = "材料样本有错。\n跑了三趟。"


async def rated(hall: ProvenHall, level: int = 1) -> tuple[dict[str, Any], str]:
    """The paper of one who was served and rated at the kiosk, and the service."""
    paper = await take(hall)
    service = (await serve_one(hall, await open_window(hall)))["service"]
    rate = Rate(hall=HALL, service=service, level=level, token=paper["token"])
    await hall.handle(rate, KIOSK)
    return paper, service


def holder(paper: dict[str, Any]) -> Who:
    return who(Role.CITIZEN, paper["ticket"], ticket=paper["ticket"])


def kept(hall: ProvenHall, service: str) -> Any:
    return hall.store.read(lambda cursor: ratings.reasons_of(cursor, service))


async def test_a_kiosk_adds_the_tags_and_the_rating_stays_as_it_was(hall: ProvenHall) -> None:
    paper, service = await rated(hall)
    before = hall.store.read(lambda cursor: ratings.of(cursor, service))
    why = ExplainRating(hall=HALL, service=service, tags=("108", "113"), token=paper["token"])
    assert await hall.handle(why, KIOSK) == {"service": service}
    row = kept(hall, service)
    assert (row.tags, row.version, row.words) == ("108,113", rating_tags().version, "")
    assert hall.store.read(lambda cursor: ratings.of(cursor, service)) == before
    assert hall.store.read(lambda cursor: ratings.levels(cursor, HALL)) == {1: 1}


async def test_a_phone_adds_words_that_stand_in_no_journal(hall: ProvenHall) -> None:
    paper, service = await rated(hall, level=2)
    await hall.handle(ExplainRating(hall=HALL, service=service, words=WORDS), holder(paper))
    assert kept(hall, service).words == WORDS
    rows = hall.store.read(lambda cursor: list(journal.walk(cursor, HALL)))
    assert [row.kind for row in rows[-2:]] == ["rate", "explain_rating"]
    assert not [row for row in rows if "跑了三趟" in row.body + row.reply]


async def test_why_is_told_once(hall: ProvenHall) -> None:
    paper, service = await rated(hall)
    await hall.handle(ExplainRating(hall=HALL, service=service, tags=("109",)), holder(paper))
    again = ExplainRating(hall=HALL, service=service, tags=("110",), token=paper["token"])
    await refused(hall, again, KIOSK, Refusal.ALREADY_EXPLAINED)
    assert kept(hall, service).tags == "109"


async def test_tags_belong_to_the_level_that_was_given(hall: ProvenHall) -> None:
    paper, service = await rated(hall, level=5)
    for tag in ("108", "599"):
        why = ExplainRating(hall=HALL, service=service, tags=(tag,), token=paper["token"])
        await refused(hall, why, KIOSK, Refusal.TAG_UNKNOWN, tag=tag)
    assert kept(hall, service) is None


async def test_nobody_explains_what_was_not_rated_or_not_theirs(hall: ProvenHall) -> None:
    paper = await take(hall)
    service = (await serve_one(hall, await open_window(hall)))["service"]
    why = ExplainRating(hall=HALL, service=service, tags=("108",), token=paper["token"])
    await refused(hall, why, KIOSK, Refusal.NOT_RATED)
    stranger = await take(hall)
    await refused(hall, why, holder(stranger), Refusal.NOT_RATED)
    other = ExplainRating(hall=HALL, service=service, tags=("108",))
    await refused(hall, other, holder(stranger), Refusal.RATING_NOT_ALLOWED)
    gone = ExplainRating(hall=HALL, service=new_id(), tags=("108",))
    await refused(hall, gone, KIOSK, Refusal.SERVICE_UNKNOWN)


async def test_a_token_proves_for_as_long_as_it_does_for_a_rating(
    hall: ProvenHall, watch: Watch
) -> None:
    paper, service = await rated(hall)
    watch.forward(hours=24 * 60)
    why = ExplainRating(hall=HALL, service=service, tags=("108",), token=paper["token"])
    await refused(hall, why, KIOSK, Refusal.RATING_NOT_ALLOWED)


def test_nothing_at_all_is_no_reason() -> None:
    for words in (None, "  \n"):
        with pytest.raises(ValueError, match="neither tags nor words"):
            ExplainRating(hall=HALL, service=new_id(), words=words)


def test_every_level_has_its_official_tags_in_every_language() -> None:
    tags = rating_tags()
    assert sorted(tags.levels) == [1, 2, 3, 4, 5]
    every = [tag for level in tags.levels for tag in tags.of(level)]
    assert len(set(every)) == len(every) == 40
    for level in tags.levels:
        for tag in tags.of(level):
            assert tag.startswith(str(level))
            assert say(f"tags.{tag}") != say(f"tags.{tag}", "en")
    assert tags.of(6) == ()
    assert say("tags.212") == "在线预约办理后到实体大厅重复取号排队"


async def test_a_phone_is_offered_the_tags_of_its_level_until_it_has_told_why(
    hall: ProvenHall,
) -> None:
    paper, service = await rated(hall, level=2)
    offered = (await hall.see("own_ticket", {}, holder(paper)))["may_explain"]
    assert offered == {"level": 2, "tags": list(rating_tags().of(2))}
    assert "may_explain" not in await hall.see("ticket", {"token": paper["token"]}, KIOSK)
    await hall.handle(ExplainRating(hall=HALL, service=service, tags=("213",)), holder(paper))
    assert (await hall.see("own_ticket", {}, holder(paper)))["may_explain"] is None


def erasing(service: str, ground: Ground = Ground.PERSONAL) -> EraseReasons:
    return EraseReasons(hall=HALL, service=service, ground=ground)


async def test_erased_words_are_nowhere_and_the_chain_still_holds(hall: ProvenHall) -> None:
    paper, service = await rated(hall)
    told = "窗口的人叫李四，电话 138 0000 0000"
    said = ExplainRating(hall=HALL, service=service, tags=("115",), words=told)
    await hall.handle(said, holder(paper))
    await hall.handle(erasing(service), SUPERVISOR)
    row = kept(hall, service)
    assert (row.words, row.tags, row.erased_for) == ("", "115", "personal")
    rows = hall.store.read(lambda cursor: list(journal.walk(cursor, HALL)))
    assert '"ground":"personal"' in rows[-1].body
    assert not [one for one in rows if "138" in one.body + one.reply]
    head = hall.store.read(lambda cursor: heads.every_head(cursor)[0])
    assert hall.store.read(lambda cursor: journal.verify(cursor, head)) == len(rows)
    await refused(hall, erasing(service), SUPERVISOR, Refusal.NOTHING_TO_ERASE)
    assert hall.store.read(lambda cursor: ratings.of(cursor, service)).level == 1


async def test_words_that_are_not_there_cannot_be_erased(hall: ProvenHall) -> None:
    _, service = await rated(hall)
    await refused(hall, erasing(service), SUPERVISOR, Refusal.NOTHING_TO_ERASE)
    await refused(hall, erasing(new_id()), SUPERVISOR, Refusal.SERVICE_UNKNOWN)


async def test_the_inspector_reads_the_whole_chain_of_a_rating(
    hall: ProvenHall, watch: Watch
) -> None:
    paper, service = await rated(hall)
    watch.forward(minutes=5)
    said = ExplainRating(hall=HALL, service=service, tags=("115",), words=WORDS)
    await hall.handle(said, holder(paper))
    left = LeaveEntry(hall=HALL, entry_kind="remark", words="挤", ticket=paper["ticket"])
    entry = (await hall.handle(left, holder(paper)))["entry"]
    await hall.handle(AnswerEntry(hall=HALL, entry=entry, words="好的"), SUPERVISOR)
    await hall.handle(erasing(service, Ground.ASKED), SUPERVISOR)
    [row] = (await hall.see("ratings", {"only": "bad"}, INSPECTOR))["ratings"]
    assert (row["number"], row["window"], row["level"], row["channel"]) == ("A001", "1", 1, "kiosk")
    assert (row["tags"], row["words"], row["erased_for"]) == (["115"], "", "asked")
    chain = await hall.see("rating", {"service": service}, INSPECTOR)
    assert [step["key"] for step in chain["steps"]] == [
        *("take_ticket", "call_next", "start_service", "finish", "rate"),
        *("explain_rating", "leave_entry", "answer_entry", "erase_reasons"),
    ]
    assert chain["sound"] is True
    assert chain["steps"][4]["facts"]["who"] == "kiosk:kiosk-1"


async def test_who_looks_through_many_chains_keeps_nobody_else_waiting(hall: ProvenHall) -> None:
    """A chain is read from the journal, which grows; here all who look share one thread."""
    _, service = await rated(hall)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    told = []

    async def look(view: str, **args: str) -> None:
        await hall.see(view, args, INSPECTOR)
        told.append(view)

    await asyncio.gather(*(look("rating", service=service) for _ in range(5)), look("home"))
    assert told[:2] == ["rating", "home"]


async def test_good_ratings_are_listed_too_and_the_list_goes_on(hall: ProvenHall) -> None:
    for level in (5, 1):
        await rated(hall, level)
    first = (await hall.see("ratings", {}, SUPERVISOR))["ratings"]
    assert [row["level"] for row in first] == [1, 5]
    then = {"before": str(first[0]["seq"])}
    assert [row["level"] for row in (await hall.see("ratings", then, SUPERVISOR))["ratings"]] == [5]
    assert [
        row["level"] for row in (await hall.see("ratings", {"only": "bad"}, SUPERVISOR))["ratings"]
    ] == [1]


async def test_who_serves_never_reads_ratings(hall: ProvenHall) -> None:
    _, service = await rated(hall)
    for role in set(Role) - {Role.SUPERVISOR, Role.INSPECTOR}:
        for view, args in (("ratings", {}), ("rating", {"service": service})):
            with pytest.raises(Refused) as no:
                await hall.see(view, args, who(role))
            assert no.value.code is Refusal.NOT_PERMITTED


async def test_a_chain_with_a_changed_row_is_not_sound(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        paper = await take(hall)
        service = (await serve_one(hall, await open_window(hall)))["service"]
        rate = Rate(hall=HALL, service=service, level=1, token=paper["token"])
        await hall.handle(rate, KIOSK)
        assert (await hall.see("rating", {"service": service}, INSPECTOR))["sound"] is True
        with database(database_url) as connection:
            drop_walls(connection)
            changed = "UPDATE journal SET body = REPLACE(body, :was, :made)"
            connection.execute(text(changed), {"was": '"level":1', "made": '"level":5'})
        assert (await hall.see("rating", {"service": service}, INSPECTOR))["sound"] is False
