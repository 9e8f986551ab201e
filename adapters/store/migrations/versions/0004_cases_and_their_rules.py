"""The rulebook that a case opened under, and the day on which a person looks whether it helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("rulebook", "review_on"):
        op.add_column("case_", sa.Column(name, sa.String(), nullable=False, server_default=""))
