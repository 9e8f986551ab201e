"""What a rule matched on a weekday is found by the weekday: a year has thousands of runs."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_index("ix_run_count_rule", "run_count", if_exists=True)
    op.create_index(
        "ix_run_count_weekday", "run_count", ["school_id", "weekday", "as_of"], if_not_exists=True
    )
