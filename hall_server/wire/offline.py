"""Offline numbers (离线号): the signed block a kiosk leases, and how its numbers come in."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from hall_server.wire.bounds import (
    ClassId,
    CommandId,
    Date,
    Frozen,
    ItemCode,
    Moment,
    QueueId,
    Seq,
    TicketCode,
    TicketId,
    Token,
)
from hall_server.wire.command import Command
from hall_server.words import Refusal, Refused

BLOCK = 50  # numbers in a block; a kiosk asks for the next one when half of it is used
MARK = "X"  # behind the figures: no number that the hall itself gives ends in a letter
# Three figures at least, more without a nought before them.
NUMBER = re.compile(rf"([A-Z]{{1,2}})([0-9]{{3}}|[1-9][0-9]{{3,5}})({MARK}?)\Z", re.ASCII)

Position = Annotated[int, Field(strict=True, ge=1, le=999_999)]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def offline_number(prefix: str, sequence: int) -> str:
    """The printed number: A051X, apart from every A051 of the hall by its last letter.

    >>> offline_number("A", 51)
    'A051X'
    """
    return f"{prefix}{sequence:03d}{MARK}"


def place_of(number: str) -> tuple[str, int] | None:
    """Prefix and sequence of a printed number, below zero for an offline one; None for what is
    no number.

    >>> place_of("A012"), place_of("BC1017X"), place_of("A12"), place_of("A0012")
    (('A', 12), ('BC', -1017), None, None)
    """
    found = NUMBER.match(number)
    if found is None:
        return None
    prefix, figures, mark = found.groups()
    return prefix, -int(figures) if mark else int(figures)


class Lease(Frozen):
    """A block of offline numbers of one queue, for one kiosk and one business day (离线号段)."""

    day: Seq
    date: Date
    queue: QueueId
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$", max_length=2)]
    first: Position
    last: Position
    leased_at: Moment
    signature: Signature

    def next(self, used: int, date: str) -> int:
        """The place of the next number after so many used ones, 51 of A051X.

        Raises offline_used_up beyond the block and on any other date than its own: then the desk
        (导办台) gives numbers by hand.
        """
        sequence = self.first + used
        if date != self.date or sequence > self.last:
            raise Refused(Refusal.OFFLINE_USED_UP)
        return sequence


class LeaseNumbers(Command):
    """Lease a block of offline numbers of each of these queues (离线号段), for use when the hall
    cannot be reached."""

    of_queues: Annotated[tuple[QueueId, ...], Field(min_length=1, max_length=60)]


class MergeTicket(Command):
    """A number that a kiosk gave while the hall could not be reached comes in (离线号并入).

    Its id is that of the wish, the same under which the kiosk asked for a number before: so the
    wish ends as one number, whichever of the two commands arrives first or late. When the first
    did arrive (same_id_other_body), the kiosk merges under a new id and names that ticket, which
    nobody holds, in ``instead``. Short code and token are those on the paper.
    """

    unrecorded = frozenset({"short_code", "token"})

    lease: Lease
    sequence: Position
    taken_at: Moment
    item: ItemCode | None = None
    priority: ClassId | None = None
    instead: TicketId | None = None
    short_code: TicketCode
    token: Token


class ReportUnmerged(Command):
    """A number that a kiosk gave could not come in (未并入): which, and why the hall refused it."""

    number: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9]{3,6}X$", max_length=12)]
    queue: QueueId
    date: Date
    taken_at: Moment
    refusal: Refusal


class SettleUnmerged(Command):
    """Somebody has seen to the holder of such a number (已处理)."""

    unmerged: CommandId


OFFLINE = (LeaseNumbers, MergeTicket, ReportUnmerged, SettleUnmerged)
