"""When and on which ground the words of a rating or of a record were erased."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("entry", sa.Column("erased_for", sa.String(length=16), nullable=True))
    op.add_column("rating_reasons", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.add_column("rating_reasons", sa.Column("erased_for", sa.String(length=16), nullable=True))
