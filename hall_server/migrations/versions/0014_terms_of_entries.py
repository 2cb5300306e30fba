"""The day by which an entry is answered, as it was promised to whoever left it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("entry", sa.Column("answer_by", sa.String(length=10), nullable=True))
