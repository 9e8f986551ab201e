"""What was not done in time goes to a second owner, once, and is counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from engine.instants import local
from engine.records import Staff
from engine.rulebook.rulebook import Rulebook
from workflows.change import Change
from workflows.following import is_reserved
from workflows.people import second_owner
from workflows.values import AnyTask, Entry, TaskState


def pass_on(
    change: Change,
    staff: Sequence[Staff],
    rulebook: Rulebook,
    as_of: datetime,
    run_id: str,
    out: Collection[str] = (),
) -> None:
    """Give each open task whose due time has passed to its second owner, with a line in the ledger.

    One that was put off waits until it is back. One that nobody else may have stays where it is and is
    overdue all the same; nobody who is `out` gets it.
    """
    for task in [*change.tasks.values()]:
        if not _overdue(task, as_of):
            continue
        second = second_owner(task.role, task.assignee, staff, reserved=is_reserved(task, rulebook), out=out)
        first = task.first_owner or task.assignee
        change.put_task(replace(task, assignee=second or task.assignee, first_owner=first, overdue_at=as_of))
        content: dict[str, object] = {
            "task": task.task_id,
            "action": "overdue",
            "from": task.assignee,
            "to": second or task.assignee,
            "due": task.due.isoformat(),
            "run_id": run_id,
        }
        change.entries.append(Entry("task", task.subject, content, task.rulebook))


def _overdue(task: AnyTask, as_of: datetime) -> bool:
    """Whether a task's owner had their time; of one that was made late, the day on which it was made."""
    in_time = task.made_as_of < task.due or local(task.made_as_of).date() < local(as_of).date()
    return (
        task.state is TaskState.OPEN
        and task.due < as_of
        and in_time
        and task.overdue_at is None
        and task.expires_at is None
        and (task.snoozed_until is None or task.snoozed_until <= as_of)
    )
