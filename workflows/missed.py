"""Time-anchored work whose time has passed: missed, shown as such, and never done late (semantics 15)."""

from __future__ import annotations

from datetime import datetime

from engine.reasons import Reason
from workflows.change import Change
from workflows.values import Entry, TaskState


def miss(change: Change, as_of: datetime, run_id: str) -> None:
    """End the open tasks whose end has come as of an instant, each with a line in the ledger."""
    for task in [*change.tasks.values()]:
        if task.state is not TaskState.OPEN or task.expires_at is None or task.expires_at > as_of:
            continue
        change.end_task(task, TaskState.EXPIRED, as_of, Reason.MISSED)
        content: dict[str, object] = {
            "task": task.task_id,
            "rule": task.rule,
            "because": Reason.MISSED.sentence,
            "run_id": run_id,
        }
        change.entries.append(Entry("missed", task.subject, content, task.rulebook))
