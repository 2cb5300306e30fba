"""The last four figures of a phone, as a keyed hash, by which who booked may check in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KNOWN_BY_PHONE = "phone IS NOT NULL"


def upgrade() -> None:
    op.add_column("appointment", sa.Column("phone", sa.String(length=64), nullable=True))
    op.create_index(
        "appointment_of_phone",
        "appointment",
        ["hall", "phone"],
        sqlite_where=sa.text(KNOWN_BY_PHONE),
        postgresql_where=sa.text(KNOWN_BY_PHONE),
    )
