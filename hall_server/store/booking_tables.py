"""The tables of appointments (预约): places of slots that are taken, and who has them."""

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

AWAITED = "state = 'booked'"
HOLDS_A_PLACE = "state <> 'cancelled'"
HELD_FOR_SOMEBODY = f"person IS NOT NULL AND {HOLDS_A_PLACE}"
KNOWN_BY_PHONE = "phone IS NOT NULL"


class Slot(SQLModel, table=True):
    """A half hour of a queue in which somebody has booked (预约时段): never more than it holds."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("taken BETWEEN 0 AND capacity", name="slot_not_overbooked"),)

    hall: str = Field(primary_key=True, max_length=32)
    queue: str = Field(primary_key=True, max_length=32)
    at: int = Field(primary_key=True, sa_type=BigInteger)
    date: str = Field(max_length=10)
    capacity: int
    taken: int


class Appointment(SQLModel, table=True):
    """An appointment (预约), known by its code; at most one for a known person and day."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("hall", "code", name="appointment_code_once"),
        Index(
            "appointment_one_a_day",
            "hall",
            "date",
            "person",
            unique=True,
            sqlite_where=text(HELD_FOR_SOMEBODY),
            postgresql_where=text(HELD_FOR_SOMEBODY),
        ),
        Index("appointment_of_date", "hall", "date", "queue"),
        Index(
            "appointment_of_phone",
            "hall",
            "phone",
            sqlite_where=text(KNOWN_BY_PHONE),
            postgresql_where=text(KNOWN_BY_PHONE),
        ),
        Index(
            "appointment_awaited",
            "hall",
            "at",
            sqlite_where=text(AWAITED),
            postgresql_where=text(AWAITED),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    code: str = Field(max_length=8)
    queue: str = Field(max_length=32)
    item: str | None = Field(default=None, max_length=64)
    date: str = Field(max_length=10)
    at: int = Field(sa_type=BigInteger)
    state: str = Field(max_length=16)
    person: str | None = Field(default=None, max_length=64)
    phone: str | None = Field(default=None, max_length=64)
    ticket: str | None = Field(default=None, foreign_key="ticket.id", max_length=36)
    booked_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
