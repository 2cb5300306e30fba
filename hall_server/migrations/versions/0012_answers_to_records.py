"""The short code by which a record's author is known, and the records of a ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OF_A_TICKET = "ticket IS NOT NULL"


def upgrade() -> None:
    op.add_column("entry", sa.Column("code", sa.String(length=8), nullable=True))
    op.create_index(
        "entry_of_ticket",
        "entry",
        ["ticket"],
        sqlite_where=sa.text(OF_A_TICKET),
        postgresql_where=sa.text(OF_A_TICKET),
    )
