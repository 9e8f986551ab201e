"""What was handed over and not heard of, kept while its message waits again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("message", sa.Column("handed", sa.String(), nullable=False, server_default=""))
