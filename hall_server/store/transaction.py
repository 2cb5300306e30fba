"""What an action stands on: the open transaction, who asks, when, and the hall's plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hall_server.rules.calling import Due
from hall_server.rules.forecast import AtIssue
from hall_server.rules.permits import Who
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.plans import Plan
from hall_server.wire.hours import in_ms
from hall_server.words import Refusal, Refused

# The forecast for a number taken now, by queue and for a plain one and one of a priority class.
AtHand = Mapping[tuple[str, Due], AtIssue]


@dataclass(slots=True)
class Tx:
    """One command's share of the transaction. `seq` is the seq its event will carry.

    An action may move what the head holds (the open day, the versions in force) by `head`.
    """

    cursor: Cursor
    head: Head
    who: Who
    now: datetime
    plan: Plan
    public_url: str
    at_hand: AtHand = field(default_factory=dict)

    @property
    def hall(self) -> str:
        return self.head.hall

    @property
    def seq(self) -> int:
        return self.head.seq + 1

    @property
    def at(self) -> int:
        """Now, in milliseconds since 1970 in UTC."""
        return in_ms(self.now)

    @property
    def date(self) -> str:
        """The open business day's date; Refused(day_closed) when there is none."""
        if self.head.date is None:
            raise Refused(Refusal.DAY_CLOSED)
        return self.head.date

    @property
    def day(self) -> int:
        """The open business day; Refused(day_closed) when there is none."""
        if self.head.day is None:
            raise Refused(Refusal.DAY_CLOSED)
        return self.head.day


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: the answer to who asked, and the facts that everybody may need."""

    reply: dict[str, Any]
    facts: dict[str, Any]
