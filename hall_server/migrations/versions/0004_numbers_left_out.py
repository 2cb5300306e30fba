"""How many numbers a restore left out: they do not count against the quota."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "queue_day", sa.Column("skipped", sa.Integer(), nullable=False, server_default="0")
    )
