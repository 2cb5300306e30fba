"""The paper that a window's printer is to print again, until its agent has reported it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("hall_window", sa.Column("paper", sa.String(length=36), nullable=True))
    op.add_column("hall_window", sa.Column("paper_prints", sa.Integer(), nullable=True))
