"""What people's words are salted with before their hash goes into the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "word_salt",
        sa.Column("hall", sa.String(length=32), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hall", "caller", "command"),
    )
    op.create_index("word_salt_about", "word_salt", ["hall", "about"])
