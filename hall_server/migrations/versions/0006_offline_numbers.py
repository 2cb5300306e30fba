"""Offline numbers: the blocks that kiosks lease, the key that signs them, and each queue's sum."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "queue_day", sa.Column("offline", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_table(
        "lease_key",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hall"),
    )
    op.create_table(
        "lease_block",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=2), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "day", "prefix", "block"),
    )
