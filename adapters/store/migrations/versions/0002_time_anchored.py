"""Time-anchored tasks: the instant at which one that was not done is missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("task", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
