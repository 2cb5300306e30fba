"""Appointments: slots with their places, who has them, and the slot of a ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

AWAITED = "state = 'booked'"
HELD_FOR_SOMEBODY = "person IS NOT NULL AND state <> 'cancelled'"


def upgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slot", sa.BigInteger(), nullable=True))

    op.create_table(
        "slot",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="slot_not_overbooked"),
        sa.PrimaryKeyConstraint("hall", "queue", "at"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.String(length=36), nullable=True),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hall", "code", name="appointment_code_once"),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            "appointment_one_a_day",
            ["hall", "date", "person"],
            unique=True,
            sqlite_where=sa.text(HELD_FOR_SOMEBODY),
            postgresql_where=sa.text(HELD_FOR_SOMEBODY),
        )
        batch_op.create_index("appointment_of_date", ["hall", "date", "queue"], unique=False)
        batch_op.create_index(
            "appointment_awaited",
            ["hall", "at"],
            unique=False,
            sqlite_where=sa.text(AWAITED),
            postgresql_where=sa.text(AWAITED),
        )
