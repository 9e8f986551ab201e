"""The recall list: who said that a message was wrong, and finding what reached whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("message", sa.Column("contradicted_by", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_message_subject", "message", ["subject", "made_as_of"])
    op.create_index("ix_message_contradicted", "message", ["school_id", "contradicted_at"])
