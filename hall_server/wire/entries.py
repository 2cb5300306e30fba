"""Entries (办不成事、吐槽找茬): what somebody could not get done, or found wrong, as a record."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from hall_server.wire.bounds import EntryId, ItemCode, TicketId, WindowId
from hall_server.wire.command import Command
from hall_server.wire.items import PROSE_PATTERN
from hall_server.words import Ground

Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PROSE_PATTERN)]


class LeaveEntry(Command):
    """Leave a record (留言): "unsolved" is 办不成事, "remark" is 吐槽找茬. Who comes in by a ticket
    names it; anybody else may."""

    unrecorded = frozenset({"words"})
    erased_with = "entry"

    entry_kind: Literal["unsolved", "remark"]
    words: Words
    item: ItemCode | None = None
    window: WindowId | None = None
    ticket: TicketId | None = None


class AnswerEntry(Command):
    """What the hall says to it (反馈)."""

    unrecorded = frozenset({"words"})
    erased_with = "entry"

    entry: EntryId
    words: Words


class CloseEntry(Command):
    """The record is settled (销号)."""

    entry: EntryId


class EraseEntry(Command):
    """Take the words of a record and of its answer away for good (删除内容); the record stays, and
    the journal says on which ground."""

    entry: EntryId
    ground: Ground


ENTRIES = (LeaveEntry, AnswerEntry, CloseEntry, EraseEntry)
