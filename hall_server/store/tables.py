"""The tables. Their constraints are the guarantees: code above can err, these walls cannot.

Every key begins with the hall, because one server may hold several. Times (…_at) are whole
milliseconds since 1970 in UTC; order is always by seq, never by a clock.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlmodel import Field, SQLModel

from hall_server.store import booking_tables as booking_tables  # they belong to the metadata
from hall_server.store import kiosk_tables as kiosk_tables
from hall_server.store.device_table import Device as Device

ACTIVE = "state IN ('called', 'serving')"
WAITING = "state = 'waiting'"
LIVE_STATES = "state IN ('waiting', 'called', 'serving', 'held', 'passed')"


def moment(nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


def long_text(nullable: bool = False) -> Column[str]:
    return Column(Text, nullable=nullable)


class Hall(SQLModel, table=True):
    """A hall and the head of its journal. A new epoch begins when the hall is restored."""

    __tablename__ = "hall"

    id: str = Field(primary_key=True, max_length=32)
    epoch: str = Field(max_length=16)
    seq: int
    hash: str = Field(max_length=64)
    layout: int
    catalogue: int
    day: int | None = None
    date: str | None = Field(default=None, max_length=10)


class Journal(SQLModel, table=True):
    """One row for each change (电子监察): who asked for what, and what became of it.

    The reply is kept so that a repeat is answered with it; it is never published.
    """

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("hall", "caller", "command", name="journal_command_once"),)

    hall: str = Field(primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    epoch: str = Field(max_length=16)
    at: int = Field(sa_column=moment())
    kind: str = Field(max_length=40)
    caller: str = Field(max_length=64)
    command: str = Field(max_length=36)
    command_hash: str = Field(max_length=64)
    body: str = Field(sa_column=long_text())
    reply: str = Field(sa_column=long_text())
    before: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Document(SQLModel, table=True):
    """A version of a hall's layout or catalogue; none is ever changed."""

    __tablename__ = "document"

    hall: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=16)
    version: int = Field(primary_key=True)
    body: str = Field(sa_column=long_text())


class BusinessDay(SQLModel, table=True):
    """A business day (业务日): opened by schedule or by a person, one open in a hall."""

    __tablename__ = "business_day"
    __table_args__ = (
        UniqueConstraint("hall", "date", "round", name="business_day_round_once"),
        Index(
            "business_day_one_open",
            "hall",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    hall: str = Field(primary_key=True, max_length=32)
    day: int = Field(primary_key=True)
    date: str = Field(max_length=10)
    round: int
    opened_at: int = Field(sa_column=moment())
    closed_at: int | None = Field(default=None, sa_column=moment(nullable=True))


class QueueDay(SQLModel, table=True):
    """A queue's sums of one day: the last number taken, people waiting, calls made, how many due
    calls in a row the last ones were, how many numbers a restore left out, and how many offline
    numbers were merged."""

    __tablename__ = "queue_day"
    __table_args__ = (
        UniqueConstraint("hall", "day", "prefix", name="queue_day_prefix_once"),
        CheckConstraint("waiting >= 0", name="queue_day_waiting"),
    )

    hall: str = Field(primary_key=True, max_length=32)
    day: int = Field(primary_key=True)
    queue: str = Field(primary_key=True, max_length=32)
    prefix: str = Field(max_length=2)
    taken: int
    waiting: int
    calls: int
    run: int
    skipped: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    offline: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Ticket(SQLModel, table=True):
    """A ticket (号票). Its number never changes and is never given twice on one day. The series
    of offline numbers (离线号) counts below zero: A051X is prefix A, sequence -51."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("hall", "day", "prefix", "sequence", name="ticket_number_once"),
        Index(
            "ticket_waiting",
            "hall",
            "day",
            "queue",
            "due",
            "taken_seq",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(
            "ticket_live",
            "hall",
            "day",
            sqlite_where=text(LIVE_STATES),
            postgresql_where=text(LIVE_STATES),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    day: int
    prefix: str = Field(max_length=2)
    sequence: int
    number: str = Field(max_length=8)
    queue: str = Field(max_length=32)
    item: str | None = Field(default=None, max_length=64)
    item_version: int
    priority: str | None = Field(default=None, max_length=32)
    state: str = Field(max_length=16)
    # 1: due before the plain order; 2: plain; 3: returned, and not yet its turn again; 4: booked,
    # due when its slot is near.
    due: int
    slot: int | None = Field(default=None, sa_column=moment(nullable=True))
    after_call: int
    taken_seq: int
    taken_at: int = Field(sa_column=moment())
    passed: int
    window: str | None = Field(default=None, max_length=4)
    print: str = Field(max_length=16)
    prints: int
    code: str = Field(max_length=8)
    token: str = Field(max_length=64, unique=True)


class Service(SQLModel, table=True):
    """One handling of one ticket at one window; at most one is active for either."""

    __tablename__ = "service"
    __table_args__ = (
        Index(
            "service_one_per_ticket",
            "ticket",
            unique=True,
            sqlite_where=text(ACTIVE),
            postgresql_where=text(ACTIVE),
        ),
        Index(
            "service_one_per_window",
            "hall",
            "window",
            unique=True,
            sqlite_where=text(ACTIVE),
            postgresql_where=text(ACTIVE),
        ),
        Index("service_called", "hall", "day", "called_seq"),
        Index("service_ticket", "ticket", "called_seq"),
    )

    id: str = Field(primary_key=True, max_length=36)
    hall: str = Field(max_length=32)
    day: int
    ticket: str = Field(foreign_key="ticket.id", max_length=36)
    number: str = Field(max_length=8)
    queue: str = Field(max_length=32)
    window: str = Field(max_length=4)
    staff: str | None = Field(default=None, max_length=32)
    generation: int
    state: str = Field(max_length=16)
    calls: int
    why: str = Field(sa_column=long_text())
    called_seq: int
    called_at: int = Field(sa_column=moment())
    started_at: int | None = Field(default=None, sa_column=moment(nullable=True))
    ended_at: int | None = Field(default=None, sa_column=moment(nullable=True))


class Estimate(SQLModel, table=True):
    """What a ticket was told of its wait when it was taken (预计等候): minutes, as said."""

    __tablename__ = "estimate"
    __table_args__ = (Index("estimate_day", "hall", "day"),)

    ticket: str = Field(primary_key=True, foreign_key="ticket.id", max_length=36)
    hall: str = Field(max_length=32)
    day: int
    queue: str = Field(max_length=32)
    at: int = Field(sa_column=moment())
    median: int
    low: int
    high: int


class Window(SQLModel, table=True):
    """A window's present state and lease; `rates` is the finished service its pad may rate,
    `paper` the ticket that its printer is to print again, as its paper number `paper_prints`."""

    __tablename__ = "hall_window"

    hall: str = Field(primary_key=True, max_length=32)
    window: str = Field(primary_key=True, max_length=4)
    state: str = Field(max_length=16)
    reason: str | None = Field(default=None, max_length=120)
    generation: int
    staff: str | None = Field(default=None, max_length=32)
    rates: str | None = Field(default=None, max_length=36)
    paper: str | None = Field(default=None, max_length=36)
    paper_prints: int | None = None


class Rating(SQLModel, table=True):
    """A rating (好差评): one for a service, given by a person, never made up."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("service", name="rating_once"),
        CheckConstraint("level BETWEEN 1 AND 5", name="rating_level"),
    )

    hall: str = Field(primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    service: str = Field(foreign_key="service.id", max_length=36)
    level: int
    channel: str = Field(max_length=16)
    at: int = Field(sa_column=moment())


class Account(SQLModel, table=True):
    """Who may come in: a person (argon2 hash) or a device (SHA-256 of its random secret)."""

    __tablename__ = "account"

    hall: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=32)
    role: str = Field(max_length=16)
    secret_hash: str = Field(max_length=200, index=True)
    window: str | None = Field(default=None, max_length=4)


class Session(SQLModel, table=True):
    """A person's signed-in session, known by the hash of its cookie."""

    __tablename__ = "session"

    session_hash: str = Field(primary_key=True, max_length=64)
    hall: str = Field(max_length=32)
    name: str = Field(max_length=32)
    ends_at: int = Field(sa_column=moment())


metadata: MetaData = SQLModel.metadata

# What was recorded stays as it was recorded; an update or delete is a fault of the program or a
# hand in the file, and neither may pass silently.
FOR_EVER = ("journal", "document", "rating")


def _walls() -> list[tuple[str, str]]:
    walls: list[tuple[str, str]] = []
    for table in FOR_EVER:
        for deed in ("UPDATE", "DELETE"):
            name = f"{table}_no_{deed.lower()}"
            head = f"CREATE TRIGGER {name} BEFORE {deed} ON {table} "
            stop = f"BEGIN SELECT RAISE(ABORT, '{table} is for ever'); END"
            walls.append(("sqlite", head + stop))
            walls.append(("postgresql", head + "FOR EACH ROW EXECUTE FUNCTION for_ever()"))
    return walls


FOR_EVER_FUNCTION = (
    "CREATE OR REPLACE FUNCTION for_ever() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is for ever', TG_TABLE_NAME; END $$"
)
# (engine, statement), in order; the migration says the same ones.
WALLS: list[tuple[str, str]] = [("postgresql", FOR_EVER_FUNCTION), *_walls()]


@event.listens_for(metadata, "after_create")
def _raise_walls(
    _metadata: MetaData, connection: Connection, *, tables: list[Table], **_: object
) -> None:
    if not tables:  # all were there before, and their walls with them
        return
    for engine, wall in WALLS:
        if engine == connection.dialect.name:
            connection.execute(text(wall))
