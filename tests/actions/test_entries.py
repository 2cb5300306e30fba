"""Records of what could not be done and what was found wrong, on both databases."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hall_server.rules.permits import Who
from hall_server.store import heads, journal, salts
from hall_server.store.database import Cursor
from hall_server.wire.bounds import new_id
from hall_server.wire.entries import AnswerEntry, CloseEntry, EraseEntry, LeaveEntry
from hall_server.words import Ground, Refusal, Refused, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import CLERK, HALL, KIOSK, SUPERVISOR, Watch, open_hall, take, who
from tests.store.hands import database

WORDS = "材料交了三次，还是说不全。\n电话 138 0000 0000"
INSPECTOR = who(Role.INSPECTOR)


def leaving(**more: Any) -> LeaveEntry:
    return LeaveEntry(hall=HALL, **{"entry_kind": "unsolved", "words": WORDS} | more)


async def leave(hall: ProvenHall, by: Who = KIOSK, **more: Any) -> Any:
    return await hall.handle(leaving(**more), by)


async def read(hall: ProvenHall, by: Who = SUPERVISOR, before: str = "") -> list[Any]:
    return list((await hall.see("entries", {"before": before}, by))["entries"])


def live(hall: ProvenHall, role: Role) -> list[Any]:
    state = hall.seen(who(role))
    return [fact for address, fact in state.items() if address.startswith("entry/")]


async def test_each_record_has_a_number_that_its_author_is_given(
    hall: ProvenHall, watch: Watch
) -> None:
    assert (await leave(hall, item="A-1"))["record"] == "20261123-001"
    assert (await leave(hall, CLERK, window="2", entry_kind="remark"))["record"] == "20261123-002"
    watch.forward(hours=24)
    assert (await leave(hall))["record"] == "20261124-001"


async def test_a_record_is_answered_within_the_working_days_that_the_hall_promised(
    hall: ProvenHall,
) -> None:
    left = await leave(hall)
    assert left["answer_by"] == "2026-11-30"  # five working days after Monday 23 November
    assert [fact["answer_by"] for fact in live(hall, Role.SUPERVISOR)] == ["2026-11-30"]
    assert [row["answer_by"] for row in await read(hall)] == ["2026-11-30"]


async def test_from_left_to_answered_to_closed(hall: ProvenHall) -> None:
    name = (await leave(hall))["entry"]
    close = CloseEntry(hall=HALL, entry=name)
    await refused(hall, close, SUPERVISOR, Refusal.ENTRY_STATE, state="open")
    answer = AnswerEntry(hall=HALL, entry=name, words="已补齐，请到 3 号窗口。")
    await hall.handle(answer, SUPERVISOR)
    again = AnswerEntry(hall=HALL, entry=name, words="再答一次")
    await refused(hall, again, SUPERVISOR, Refusal.ENTRY_STATE, state="answered")
    assert [fact["state"] for fact in live(hall, Role.SUPERVISOR)] == ["answered"]
    await hall.handle(close, SUPERVISOR)
    assert live(hall, Role.SUPERVISOR) == []
    [row] = await read(hall)
    assert (row["state"], row["answer"], row["answered_by"]) == (
        "closed",
        "已补齐，请到 3 号窗口。",
        "supervisor",
    )


async def test_the_words_are_for_the_supervisor_and_the_inspector_alone(hall: ProvenHall) -> None:
    await leave(hall)
    for by in (SUPERVISOR, INSPECTOR):
        assert [row["words"] for row in await read(hall, by)] == [WORDS]
    for role in set(Role) - {Role.SUPERVISOR, Role.INSPECTOR}:
        with pytest.raises(Refused) as no:
            await read(hall, who(role))
        assert no.value.code is Refusal.NOT_PERMITTED
    assert live(hall, Role.DISPLAY) == live(hall, Role.KIOSK) == live(hall, Role.STAFF) == []
    assert [fact["record"] for fact in live(hall, Role.INSPECTOR)] == ["20261123-001"]


async def test_what_a_record_is_about_is_told_by_name(hall: ProvenHall) -> None:
    await leave(hall, item="A-1")
    await leave(hall)
    told = await hall.see("entries", {"before": ""}, SUPERVISOR)
    assert told["items"] == {"A-1": {"name": "身份证换领", "name_en": ""}}


async def test_erased_words_are_nowhere(hall: ProvenHall) -> None:
    name = (await leave(hall))["entry"]
    answer = AnswerEntry(hall=HALL, entry=name, words="打 138 0000 0000 回了")
    await hall.handle(answer, SUPERVISOR)
    await hall.handle(EraseEntry(hall=HALL, entry=name, ground=Ground.ASKED), SUPERVISOR)
    [row] = await read(hall)
    assert (row["words"], row["answer"], row["state"]) == ("", "", "answered")
    assert row["erased_at"] is not None

    def told(cursor: Cursor) -> str:
        return "".join(entry.body + entry.reply for entry in journal.walk(cursor, HALL))

    assert "138" not in hall.store.read(told)


async def test_a_phone_speaks_of_its_own_ticket(hall: ProvenHall) -> None:
    mine, other = await take(hall), await take(hall)
    holder = who(Role.CITIZEN, mine["ticket"], ticket=mine["ticket"])
    await leave(hall, holder, ticket=mine["ticket"])
    assert [row["channel"] for row in await read(hall)] == ["phone"]
    for ticket in (other["ticket"], None):
        await refused(hall, leaving(ticket=ticket), holder, Refusal.NOT_PERMITTED)


async def test_what_is_not_there_is_refused(hall: ProvenHall) -> None:
    for command, by, code in (
        (leaving(item="nothing"), KIOSK, Refusal.ITEM_UNKNOWN),
        (leaving(window="99"), KIOSK, Refusal.WINDOW_UNKNOWN),
        (leaving(ticket=new_id()), KIOSK, Refusal.TICKET_UNKNOWN),
        (AnswerEntry(hall=HALL, entry=new_id(), words="x"), SUPERVISOR, Refusal.ENTRY_UNKNOWN),
        (
            EraseEntry(hall=HALL, entry=new_id(), ground=Ground.ASKED),
            SUPERVISOR,
            Refusal.ENTRY_UNKNOWN,
        ),
    ):
        await refused(hall, command, by, code)


async def test_the_list_goes_on_before_the_last_number(hall: ProvenHall) -> None:
    for _ in range(3):
        await leave(hall)
    assert [row["record"][-3:] for row in await read(hall)] == ["003", "002", "001"]
    assert [row["record"][-3:] for row in await read(hall, before="20261123-002")] == ["001"]


async def test_a_record_number_is_given_once_whatever_the_code_does(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        await hall.handle(leaving(), KIOSK)
    copied = text(
        "INSERT INTO entry (id, hall, date, record, kind, channel, words, answer, state, left_at) "
        "SELECT 'x', hall, date, record, kind, channel, words, answer, state, left_at FROM entry"
    )
    with pytest.raises(IntegrityError, match="entry"), database(database_url) as connection:
        connection.execute(copied)


async def asked(hall: ProvenHall, left: Any, by: Who = KIOSK, code: str = "") -> Any:
    shown = {"record": left["record"], "code": code or left["code"]}
    return await hall.see("record", shown, by)


async def test_who_shows_number_and_code_reads_the_answer_and_never_the_words(
    hall: ProvenHall,
) -> None:
    left = await leave(hall, item="A-1")
    assert left["url"].endswith(f"/record/{HALL}#20261123-001-{left['code']}")
    before = await asked(hall, left)
    assert (before["state"], before["answer"], before["item"]["name"]) == ("open", "", "身份证换领")
    answer = AnswerEntry(hall=HALL, entry=left["entry"], words="已补齐。")
    await hall.handle(answer, SUPERVISOR)
    told = await asked(hall, left)
    assert (told["state"], told["answer"]) == ("answered", "已补齐。")
    assert "138" not in str(told)
    await hall.handle(EraseEntry(hall=HALL, entry=left["entry"], ground=Ground.ASKED), SUPERVISOR)
    gone = await asked(hall, left)
    assert (gone["answer"], gone["erased"]) == ("", True)


async def test_codes_of_records_are_guessed_at_ten_times_at_most(
    hall: ProvenHall, watch: Watch
) -> None:
    left = await leave(hall)
    wrong = "2222" if left["code"] != "2222" else "3333"
    for _ in range(10):
        with pytest.raises(Refused) as no:
            await asked(hall, left, code=wrong)
        assert no.value.code is Refusal.ENTRY_UNKNOWN
    with pytest.raises(Refused) as no:
        await asked(hall, left)
    assert no.value.code is Refusal.TOO_MANY_TRIES
    assert (await hall.answer_to(HALL, left["record"], left["code"], "10.0.0.9"))["state"] == "open"
    watch.forward(minutes=10)
    assert (await asked(hall, left))["state"] == "open"


async def test_a_ticket_s_holder_reads_the_answers_to_its_own_records(hall: ProvenHall) -> None:
    mine, other = await take(hall), await take(hall)
    holders = [who(Role.CITIZEN, one["ticket"], ticket=one["ticket"]) for one in (mine, other)]
    for _ in range(5):
        left = await leave(hall, holders[0], ticket=mine["ticket"])
    await hall.handle(AnswerEntry(hall=HALL, entry=left["entry"], words="好的。"), SUPERVISOR)
    seen = [(await hall.see("own_ticket", {}, holder))["records"] for holder in holders]
    assert [(one["record"][-3:], one["answer"]) for one in seen[0]] == [
        ("005", "好的。"),
        *((f"00{n}", "") for n in (4, 3, 2, 1)),
    ]
    assert seen[1] == []
    sixth = leaving(ticket=mine["ticket"])
    await refused(hall, sixth, holders[0], Refusal.ENTRIES_OF_TICKET, limit=5)


async def test_erased_words_cannot_be_guessed_from_the_journal(hall: ProvenHall) -> None:
    command, answer = leaving(words="138 0000 0000"), "139 0000 0000"
    left = await hall.handle(command, KIOSK)
    name = left["entry"]
    said = AnswerEntry(hall=HALL, entry=name, words=answer)
    await hall.handle(said, SUPERVISOR)

    def hashes(cursor: Cursor) -> dict[str, str]:
        return {row.kind: row.command_hash for row in journal.walk(cursor, HALL)}

    def guess(salt: str, one: Any) -> str:
        return hashlib.sha256(f"{salt}{one.kind}\n{one.model_dump_json()}".encode()).hexdigest()

    kept = hall.store.read(hashes)
    salted = hall.store.read(lambda cursor: salts.of(cursor, HALL, KIOSK.caller, command.id))
    assert salted is not None
    assert kept["leave_entry"] == guess(salted, command), "who has the salt can tell"
    await hall.handle(EraseEntry(hall=HALL, entry=name, ground=Ground.ASKED), SUPERVISOR)
    for one, by in ((command, KIOSK), (said, SUPERVISOR)):
        assert kept[one.kind] != guess("", one)
        assert (
            hall.store.read(
                lambda cursor, one=one, by=by: salts.of(cursor, HALL, by.caller, one.id)
            )
            is None
        )
    assert await hall._answer(command, KIOSK) == left, "a repeat is still one"
    head = hall.store.read(lambda cursor: heads.every_head(cursor)[0])
    assert hall.store.read(lambda cursor: journal.verify(cursor, head)) == head.seq
