"""The bounds of everything that may come in: integers, lengths, patterns."""

import datetime
from typing import Annotated
from uuid import uuid4

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
# Control characters, bidirectional overrides and line separators: they would reach paper,
# screens and voice.
PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"
LARGEST_INT = 2_147_483_647


def in_calendar(date: str) -> str:
    """A date that there is: no 31 February. ValueError otherwise."""
    datetime.date.fromisoformat(date)
    return date


CommandId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
TicketId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
AppointmentId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
CallId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
EntryId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
Record = Annotated[str, StringConstraints(pattern=r"^20[0-9]{6}-[0-9]{3}$")]
RecordCode = Annotated[str, StringConstraints(pattern=r"^[2-7A-HJKMNP-Z]{4}$")]
ServiceId = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
HallId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
WindowId = Annotated[str, StringConstraints(pattern=r"^[A-Z]?[0-9]{1,3}$")]
QueueId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
ClassId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Reason = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=120)]
Date = Annotated[
    str,
    StringConstraints(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"),
    AfterValidator(in_calendar),
]
AppointmentCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
TicketCode = Annotated[str, StringConstraints(pattern=r"^[2-7A-HJKMNP-Z]{4}$")]
SlotTime = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]
# A keyed hash (HMAC-SHA256) made where a card or phone number was read: the number stays there.
PersonHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
TroubleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
Moment = Annotated[int, Field(strict=True, ge=0, le=4_102_444_800_000)]  # ms, up to 2100
Seq = Annotated[int, Field(strict=True, ge=0, le=LARGEST_INT)]
Generation = Annotated[int, Field(strict=True, ge=0, le=LARGEST_INT)]
PrintCount = Annotated[int, Field(strict=True, ge=1, le=9)]
Level = Annotated[int, Field(strict=True, ge=1, le=5)]


class Frozen(BaseModel):
    """A value on the wire: fixed once made, and nothing in it that was not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def new_id() -> str:
    """A fresh command id, made by the caller when the wish begins."""
    return str(uuid4())
