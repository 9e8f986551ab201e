"""What people do about a task: who, what came of it, and when it is to be seen again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for name in ("follows", "by", "outcome", "note", "first_owner"):
        op.add_column("task", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("minutes", sa.Integer(), nullable=False, server_default="10"))
    for name in ("started_at", "snoozed_until", "overdue_at"):
        op.add_column("task", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
