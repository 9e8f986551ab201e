"""What each task was before each change, so that the past can be told as it stood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# Of what ended before this table was there, all that is known is that it was open until then.
_OPEN_UNTIL_IT_ENDED = """
INSERT INTO task_was (task_id, school_id, at, was)
SELECT task_id, school_id, ended_at,
       '{"state": "open", "ended_at": null, "ended_because": "", "outcome": "", "note": ""}'
FROM task WHERE ended_at IS NOT NULL AND ended_at > made_as_of ORDER BY ended_at
"""


def upgrade() -> None:
    op.create_table(
        "task_was",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.task_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_was_at", "task_was", ["school_id", "at"])
    op.create_index("ix_task_was_task", "task_was", ["task_id"])
    op.execute(_OPEN_UNTIL_IT_ENDED)
