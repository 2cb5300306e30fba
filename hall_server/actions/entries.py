"""Deeds on entries (办不成事、吐槽找茬): leave, answer, close, erase; and who reads them."""

import hmac
from typing import Any

from hall_server.actions.facts import entry_fact
from hall_server.actions.plans import must_know
from hall_server.actions.tickets import ticket_of
from hall_server.rules import entries as rules
from hall_server.rules import tickets as papers
from hall_server.store import entries, ids, salts
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan
from hall_server.store.transaction import Done, Tx
from hall_server.wire.entries import AnswerEntry, CloseEntry, EraseEntry, LeaveEntry
from hall_server.wire.hours import HALL_TIME
from hall_server.words import EntryState, Refusal, Refused

MOST_SHOWN = 100  # of one answer; the next begin before the last one's number


def leave_entry(tx: Tx, command: LeaveEntry) -> Done:
    """Leave a record; its number, its short code and its address (url) are for its author. The
    words stand in their own table alone, where they can be erased: neither in the journal nor in
    a fact.

    Raises hall_unknown, item_unknown, window_unknown, ticket_unknown, entries_of_ticket after 5
    of one ticket, or entries_full after 999 of one day.
    """
    layout = tx.plan.layout
    if layout is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall=tx.hall)
    must_know(tx, window=command.window, item=command.item)
    if command.ticket is not None:
        ticket_of(tx, command.ticket)
        rules.within_ticket(len(entries.of_ticket(tx.cursor, command.ticket)))
    today = tx.now.astimezone(HALL_TIME).date()
    date = today.isoformat()
    row = entries.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        date=date,
        record=rules.record(date, entries.of_date(tx.cursor, tx.hall, date) + 1),
        code=papers.code(ids.draws(papers.CODE_LENGTH)),
        kind=command.entry_kind,
        channel=rules.channel(tx.who),
        item=command.item,
        window=command.window,
        ticket=command.ticket,
        words=command.words,
        answer="",
        state=EntryState.OPEN.value,
        left_at=tx.at,
        answer_by=rules.answer_by(
            today, layout.hall.answer_days, layout.calendar.works
        ).isoformat(),
        answered_by=None,
        answered_at=None,
        closed_at=None,
        erased_at=None,
        erased_for=None,
    )
    told = _told(row)
    address = f"{tx.public_url}/record/{tx.hall}#{row.record}-{row.code}" if tx.public_url else ""
    return Done({**told.reply, "code": row.code, "url": address}, told.facts)


def answer_entry(tx: Tx, command: AnswerEntry) -> Done:
    """What the hall says to a record (反馈). Raises entry_unknown or entry_state."""
    row = _of(tx, command.entry)
    state = rules.step("answer", EntryState(row.state), row.record)
    after = entries.change(
        tx.cursor,
        row,
        state=state.value,
        answer=command.words,
        answered_by=tx.who.name,
        answered_at=tx.at,
    )
    return _told(after)


def close_entry(tx: Tx, command: CloseEntry) -> Done:
    """A record that was answered is settled (销号). Raises entry_unknown or entry_state."""
    row = _of(tx, command.entry)
    state = rules.step("close", EntryState(row.state), row.record)
    return _told(entries.change(tx.cursor, row, state=state.value, closed_at=tx.at))


def erase_entry(tx: Tx, command: EraseEntry) -> Done:
    """The words of a record and of its answer are gone for good, its number and its state stay.
    Raises entry_unknown, or nothing_to_erase where they are gone already."""
    row = _of(tx, command.entry)
    if not row.words and not row.answer:
        raise Refused(Refusal.NOTHING_TO_ERASE)
    salts.erase(tx.cursor, tx.hall, row.id)
    gone = {"words": "", "answer": "", "erased_at": tx.at, "erased_for": command.ground.value}
    return _told(entries.change(tx.cursor, row, **gone))


def view(cursor: Cursor, plan: Plan, hall: str, before: str) -> dict[str, Any]:
    """A hundred records with their words, the newest first, or those before a number; and what
    the items are called that they are about."""
    rows = entries.newest(cursor, hall, before or "9", MOST_SHOWN)
    shown = [
        {name: value for name, value in row._asdict().items() if name not in ("hall", "code")}
        for row in rows
    ]
    items = {row.item: plan.item_names(row.item) for row in rows if row.item in plan.items}
    return {"entries": shown, "items": items}


def answer_view(cursor: Cursor, plan: Plan, hall: str, record: str, code: str) -> dict[str, Any]:
    """What became of a record, for who knows its number and its short code. What was said is not
    told again: the paper may lie where strangers read it. Raises entry_unknown."""
    row = entries.by_record(cursor, hall, record)
    kept = None if row is None else row.code  # records of before the code came have none
    if kept is None or not hmac.compare_digest(kept.encode(), code.encode()):
        raise Refused(Refusal.ENTRY_UNKNOWN)
    return _answer(plan, row)


def answers_of(cursor: Cursor, plan: Plan, ticket: str) -> list[dict[str, Any]]:
    """What became of the records that were left with a ticket, for its holder, newest first; with
    the code that opens each when the ticket no longer does."""
    rows = entries.of_ticket(cursor, ticket)
    return [{**_answer(plan, row), "code": row.code} for row in rows]


def _answer(plan: Plan, row: Any) -> dict[str, Any]:
    return {
        "record": row.record,
        "kind": row.kind,
        "item": plan.item_names(row.item),
        "state": row.state,
        "left_at": row.left_at,
        "answer_by": row.answer_by,
        "answer": row.answer,
        "answered_at": row.answered_at,
        "erased": row.erased_at is not None,
    }


def _of(tx: Tx, name: str) -> Any:
    row = entries.by_id(tx.cursor, tx.hall, name)
    if row is None:
        raise Refused(Refusal.ENTRY_UNKNOWN)
    return row


def _told(row: Any) -> Done:
    closed = row.state == EntryState.CLOSED
    names = ("record", "state", "answer_by")
    reply = {"entry": row.id} | {name: getattr(row, name) for name in names}
    return Done(reply, {f"entry/{row.id}": None if closed else entry_fact(row)})
