"""What somebody who is out was to do today goes to who covers for them, once, with a line in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.instants import local
from engine.records import Pupil
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.change import Change
from workflows.following import is_reserved
from workflows.people import may_decide, owner
from workflows.rota import Rota
from workflows.subjects import member
from workflows.values import AnyTask, Entry, TaskState


def cover(
    change: Change,
    rota: Rota,
    snapshot: Snapshot,
    rulebook: Rulebook,
    as_of: datetime,
    run_id: str,
) -> None:
    """Give the open tasks of today, and late ones, whose owner is out, or who have none, to who is in.

    Whoever has begun on it, else the deputy of who is out, else the next in line by role (`people.owner`). A
    decision that is reserved to a role waits where nobody is in who may take it. What was handed over stays
    with the cover.
    """
    out = rota.out(local(as_of).date())
    for task in [*change.tasks.values()]:
        if (task.assignee and task.assignee not in out) or not _today(task, as_of):
            continue
        to = _cover(task, rota, out, member(snapshot, task.subject), rulebook)
        if to == task.assignee:
            continue
        first = task.first_owner or task.assignee
        started = task.started_at if to == task.by else None
        change.put_task(
            replace(task, assignee=to, first_owner=first, covering=task.assignee, started_at=started)
        )
        content: dict[str, object] = {
            "task": task.task_id,
            "action": "cover",
            "from": task.assignee,
            "to": to,
            "run_id": run_id,
        }
        change.entries.append(Entry("task", task.subject, content, task.rulebook))


def _today(task: AnyTask, as_of: datetime) -> bool:
    """Whether an open task is to be done by the day of an instant, and is not put off beyond it."""
    today = local(as_of).date()
    put_off = task.snoozed_until is not None and local(task.snoozed_until).date() > today
    return task.state is TaskState.OPEN and local(task.due).date() <= today and not put_off


def _cover(task: AnyTask, rota: Rota, out: frozenset[str], pupil: Pupil | None, rulebook: Rulebook) -> str:
    reserved = is_reserved(task, rulebook)
    here = {each.staff_id: each for each in rota.staff}
    deputy = here[task.assignee].deputy if task.assignee in here else ""
    for staff_id in (task.by if task.started_at else "", deputy):
        who = here.get(staff_id)
        if who and staff_id not in out and (not reserved or may_decide(who, task.role, "", rota.staff)):
            return staff_id
    key_adult = not task.follows and not reserved
    return owner(task.role, pupil, rota.staff, key_adult=key_adult, out=out, reserved=reserved)
