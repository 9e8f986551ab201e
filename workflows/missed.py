"""Time-anchored work whose time has passed: missed, shown as such, and never done late (semantics 15)."""

from __future__ import annotations

from datetime import datetime

from engine.reasons import Reason
from workflows.change import Change
from workflows.values import AnyTask, Entry, Message, MessageState, TaskState


def miss(change: Change, as_of: datetime, run_id: str) -> None:
    """End what is over as of an instant, each with a line in the ledger: open tasks, and what is held back.

    A text that somebody holds back until it says nothing any more is nobody's to release.
    """
    for task in [*change.tasks.values()]:
        if task.state is TaskState.OPEN and _is_over(task, as_of):
            change.end_task(task, TaskState.EXPIRED, as_of, Reason.MISSED)
            _enter(change, task, "task", task.task_id, Reason.MISSED, run_id)
    for message in [*change.messages.values()]:
        if message.state is MessageState.DRAFTED and _is_over(message, as_of):
            change.end_message(message, MessageState.EXPIRED, as_of, Reason.EXPIRED)
            _enter(change, message, "message", message.message_id, Reason.EXPIRED, run_id)


def _is_over(item: AnyTask | Message, as_of: datetime) -> bool:
    return item.expires_at is not None and item.expires_at <= as_of


def _enter(change: Change, item: AnyTask | Message, kind: str, key: str, reason: Reason, run_id: str) -> None:
    content: dict[str, object] = {
        kind: key,
        "rule": item.rule,
        "because": reason.sentence,
        "run_id": run_id,
    }
    change.entries.append(Entry("missed", item.subject, content, item.rulebook))
