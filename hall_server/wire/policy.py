"""How a hall calls (叫号规则), as its files and its commands write it; times in minutes."""

from typing import Annotated

from pydantic import Field

from hall_server.wire.bounds import Frozen

# Wide, so that the rule itself says what is allowed, for everything that is wrong at once.
Wished = Annotated[int, Field(strict=True, ge=-9999, le=9999)]


class QueuePolicy(Frozen):
    """How one queue is called (承诺+穿插), each bound a hall may set.

    After ``ratio`` priority or booked calls in a row one plain ticket is called; a helping
    window takes a head that waited ``help_after_minutes`` longer than its own, or three times
    that while somebody is due at its own; a passed ticket
    returns after ``return_after`` more calls, at most ``return_limit`` times; a number is called
    ``calls`` times before it is passed over.
    """

    ratio: int = Field(default=2, strict=True, ge=1, le=9)
    help_after_minutes: int = Field(default=10, strict=True, ge=0, le=120)
    return_after: int = Field(default=3, strict=True, ge=0, le=20)
    return_limit: int = Field(default=2, strict=True, ge=0, le=9)
    calls: int = Field(default=3, strict=True, ge=1, le=9)


class HallPolicy(Frozen):
    """What promises mean in the whole hall.

    A booked visitor is due from ``due_before_minutes`` before the slot, is never called earlier
    than ``never_before_minutes`` before it, and is on time until ``on_time_minutes`` after it; a
    priority visitor stands as if booked for ``promise_minutes`` after the ticket. While a plain
    number has waited ``plain_within_minutes`` the booked no longer go before it (1440: never).
    """

    due_before_minutes: int = Field(default=10, strict=True, ge=0, le=120)
    never_before_minutes: int = Field(default=10, strict=True, ge=0, le=120)
    on_time_minutes: int = Field(default=10, strict=True, ge=0, le=120)
    promise_minutes: int = Field(default=5, strict=True, ge=0, le=120)
    plain_within_minutes: int = Field(default=55, strict=True, ge=10, le=1440)


class QueueWish(Frozen):
    """What shall change in one queue's policy; what is not named stays."""

    ratio: Wished | None = None
    help_after_minutes: Wished | None = None
    return_after: Wished | None = None
    return_limit: Wished | None = None
    calls: Wished | None = None


class HallWish(Frozen):
    """What shall change in the whole hall's policy; what is not named stays."""

    due_before_minutes: Wished | None = None
    never_before_minutes: Wished | None = None
    on_time_minutes: Wished | None = None
    promise_minutes: Wished | None = None
    plain_within_minutes: Wished | None = None
