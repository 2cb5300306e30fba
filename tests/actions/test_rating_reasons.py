"""Why somebody rated so: official tags and words, once, beside a rating that never changes."""

from typing import Any

import pytest

from config.language import say
from config.rating_tags import rating_tags
from hall_server.rules.permits import Who
from hall_server.store import journal, ratings
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import Rate
from hall_server.wire.ratings import ExplainRating
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import HALL, KIOSK, Watch, open_window, serve_one, take, who

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
