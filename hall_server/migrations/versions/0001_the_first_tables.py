"""The first tables, and the walls around what is for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("window", sa.String(length=4), nullable=True),
        sa.PrimaryKeyConstraint("hall", "name"),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_secret_hash"), ["secret_hash"], unique=False)

    op.create_table(
        "business_day",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "day"),
        sa.UniqueConstraint("hall", "date", "round", name="business_day_round_once"),
    )
    with op.batch_alter_table("business_day", schema=None) as batch_op:
        batch_op.create_index(
            "business_day_one_open",
            ["hall"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "document",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "kind", "version"),
    )
    op.create_table(
        "hall",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "hall_window",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("window", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=True),
        sa.Column("rates", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("hall", "window"),
    )
    op.create_table(
        "journal",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(length=36), nullable=False),
        sa.Column("command_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hall", "seq"),
        sa.UniqueConstraint("hall", "caller", "command", name="journal_command_once"),
    )
    op.create_table(
        "queue_day",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("prefix", sa.String(length=2), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.CheckConstraint("waiting >= 0", name="queue_day_waiting"),
        sa.PrimaryKeyConstraint("hall", "day", "queue"),
        sa.UniqueConstraint("hall", "day", "prefix", name="queue_day_prefix_once"),
    )
    op.create_table(
        "session",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_hash"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=2), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("after_call", sa.Integer(), nullable=False),
        sa.Column("taken_seq", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("window", sa.String(length=4), nullable=True),
        sa.Column("print", sa.String(length=16), nullable=False),
        sa.Column("prints", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hall", "day", "prefix", "sequence", name="ticket_number_once"),
        sa.UniqueConstraint("token"),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            "ticket_live",
            ["hall", "day"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'called', 'serving', 'held', 'passed')"),
            postgresql_where=sa.text("state IN ('waiting', 'called', 'serving', 'held', 'passed')"),
        )
        batch_op.create_index(
            "ticket_waiting",
            ["hall", "day", "queue", "due", "taken_seq"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "service",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("window", sa.String(length=4), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("called_seq", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index("service_called", ["hall", "day", "called_seq"], unique=False)
        batch_op.create_index(
            "service_one_per_ticket",
            ["ticket"],
            unique=True,
            sqlite_where=sa.text("state IN ('called', 'serving')"),
            postgresql_where=sa.text("state IN ('called', 'serving')"),
        )
        batch_op.create_index(
            "service_one_per_window",
            ["hall", "window"],
            unique=True,
            sqlite_where=sa.text("state IN ('called', 'serving')"),
            postgresql_where=sa.text("state IN ('called', 'serving')"),
        )
        batch_op.create_index("service_ticket", ["ticket", "called_seq"], unique=False)

    op.create_table(
        "rating",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="rating_level"),
        sa.ForeignKeyConstraint(
            ["service"],
            ["service.id"],
        ),
        sa.PrimaryKeyConstraint("hall", "seq"),
        sa.UniqueConstraint("service", name="rating_once"),
    )
    _walls(op.get_bind())


def _walls(connection: sa.Connection) -> None:
    """No update and no delete in the tables that are kept for ever."""
    lite = connection.dialect.name == "sqlite"
    if not lite:
        # As text, which doubles the % for a driver that looks for its values.
        connection.execute(
            sa.text(
                "CREATE OR REPLACE FUNCTION for_ever() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is for ever', TG_TABLE_NAME; END $$"
            )
        )
    for table in ("journal", "document", "rating"):
        for deed in ("UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
            stop = f"BEGIN SELECT RAISE(ABORT, '{table} is for ever'); END"
            row = "FOR EACH ROW EXECUTE FUNCTION for_ever()"
            connection.exec_driver_sql(head + (stop if lite else row))
