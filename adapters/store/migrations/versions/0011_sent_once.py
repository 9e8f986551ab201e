"""Who has a message in hand, its tries, edits, receipts and apologies; and how providers do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_WORDS = ("worker", "edited_by", "first_approved_by", "held_by", "contradicted_because", "apology_for")
_INSTANTS = ("try_after", "first_approved_at", "receipt_at", "contradicted_at")


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("message", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in _INSTANTS:
        op.add_column("message", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE message SET state = 'failed_permanent' WHERE state = 'failed'")
    op.create_table(
        "provider",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
