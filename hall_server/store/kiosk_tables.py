"""The tables behind what a kiosk offers beyond numbers: leased blocks, calls, entries, reasons."""

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

OPEN_CALL = "state <> 'ended'"
OF_A_TICKET = "ticket IS NOT NULL"


class LeaseKey(SQLModel, table=True):
    """The secret by which a hall signs the blocks that it leases."""

    __tablename__ = "lease_key"

    hall: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=64)


class LeaseBlock(SQLModel, table=True):
    """A block of offline numbers (离线号段): of one prefix and day each block is leased once."""

    __tablename__ = "lease_block"

    hall: str = Field(primary_key=True, max_length=32)
    day: int = Field(primary_key=True)
    prefix: str = Field(primary_key=True, max_length=2)
    block: int = Field(primary_key=True)
    kiosk: str = Field(max_length=32)
    at: int = Field(sa_type=BigInteger)


class Unmerged(SQLModel, table=True):
    """An offline number that the hall could not take in (未并入), and who has seen to it."""

    __tablename__ = "unmerged"

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    kiosk: str = Field(max_length=32)
    number: str = Field(max_length=12)
    queue: str = Field(max_length=32)
    date: str = Field(max_length=10)
    taken_at: int = Field(sa_type=BigInteger)
    reason: str = Field(max_length=32)
    at: int = Field(sa_type=BigInteger)
    settled_by: str | None = Field(default=None, max_length=32)
    settled_at: int | None = Field(default=None, sa_type=BigInteger)


class HelperCall(SQLModel, table=True):
    """A helper call (帮办): at most one open call for a place, which is kiosk/… or window/…"""

    __tablename__ = "helper_call"
    __table_args__ = (
        Index(
            "helper_call_one_a_place",
            "hall",
            "place",
            unique=True,
            sqlite_where=text(OPEN_CALL),
            postgresql_where=text(OPEN_CALL),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    place: str = Field(max_length=40)
    item: str | None = Field(default=None, max_length=64)
    state: str = Field(max_length=16)
    helper: str | None = Field(default=None, max_length=32)
    escalated: int
    called_at: int = Field(sa_type=BigInteger)
    overdue_at: int = Field(sa_type=BigInteger)
    accepted_at: int | None = Field(default=None, sa_type=BigInteger)
    arrived_at: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class Entry(SQLModel, table=True):
    """A record (办不成事、吐槽找茬) with a number of its own and a short code for its author;
    its words may be erased."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("hall", "record", name="entry_record_once"),
        Index("entry_of_date", "hall", "date"),
        Index(
            "entry_of_ticket",
            "ticket",
            sqlite_where=text(OF_A_TICKET),
            postgresql_where=text(OF_A_TICKET),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    date: str = Field(max_length=10)
    record: str = Field(max_length=16)
    code: str | None = Field(default=None, max_length=8)
    kind: str = Field(max_length=16)
    channel: str = Field(max_length=16)
    item: str | None = Field(default=None, max_length=64)
    window: str | None = Field(default=None, max_length=4)
    ticket: str | None = Field(default=None, foreign_key="ticket.id", max_length=36)
    words: str = Field(max_length=500)
    answer: str = Field(max_length=500)
    state: str = Field(max_length=16)
    left_at: int = Field(sa_type=BigInteger)
    answer_by: str | None = Field(default=None, max_length=10)
    answered_by: str | None = Field(default=None, max_length=32)
    answered_at: int | None = Field(default=None, sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    erased_at: int | None = Field(default=None, sa_type=BigInteger)
    erased_for: str | None = Field(default=None, max_length=16)


class RatingReasons(SQLModel, table=True):
    """Why a service was rated so (评价内容): official tags, apart by a comma, under the version of
    their list, and words. At most once for a service; the rating itself is elsewhere."""

    __tablename__ = "rating_reasons"

    service: str = Field(primary_key=True, foreign_key="service.id", max_length=36)
    hall: str = Field(max_length=32)
    tags: str = Field(max_length=60)
    version: str = Field(max_length=16)
    words: str = Field(max_length=500)
    at: int = Field(sa_type=BigInteger)
    erased_at: int | None = Field(default=None, sa_type=BigInteger)
    erased_for: str | None = Field(default=None, max_length=16)


class WordSalt(SQLModel, table=True):
    """What a person's words, card or phone were salted with before their hash went into the
    journal; `about` is the record, the service or the appointment that they stand with. Erased
    with them: then nobody can find out what they were by guessing, and the chain still holds."""

    __tablename__ = "word_salt"
    __table_args__ = (Index("word_salt_about", "hall", "about"),)

    hall: str = Field(primary_key=True, max_length=32)
    caller: str = Field(primary_key=True, max_length=64)
    command: str = Field(primary_key=True, max_length=36)
    about: str = Field(max_length=36)
    salt: str = Field(max_length=64)
