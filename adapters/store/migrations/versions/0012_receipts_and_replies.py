"""What providers say of messages, and what families write back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_RECEIPT = ("provider", "event_id", "message_id", "reference", "address", "outcome")
_REPLY = ("reply_id", "provider", "event_id", "channel", "sender", "sent_to", "text")
_WHOSE = ("school_id", "subject", "contact_id", "message_id", "task_id")


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words(_RECEIPT),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        *_words(("code", "why")),
        sa.Column("of_address", sa.Boolean(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "event_id", name="uq_receipt_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_message", "receipt", ["message_id"])
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words(_REPLY),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *_words(_WHOSE),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "event_id", name="uq_reply_event"),
        sqlite_autoincrement=True,
    )


def _words(names: tuple[str, ...]) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
