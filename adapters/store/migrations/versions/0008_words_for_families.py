"""What a message says and to whom beyond one line of text: language, title, purpose, the line to quote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_DEFAULTS = {"language": "en", "title": "", "purpose": "absence", "said": "{}"}
_EMPTY = ("ref", "told", "told_with")


def upgrade() -> None:
    for name, default in (*_DEFAULTS.items(), *((name, "") for name in _EMPTY)):
        op.add_column("message", sa.Column(name, sa.String(), nullable=False, server_default=default))
    op.add_column("message", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_message_ref", "message", ["ref"])
    op.create_index("ix_message_ended", "message", ["ended_at"])
