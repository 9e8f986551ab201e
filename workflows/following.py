"""What follows from the outcome of a task: the next task, whose it is, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.calendar import Calendar
from engine.rulebook.model import Autonomy, TaskStep, Triage
from engine.rulebook.rulebook import Rulebook
from workflows.ports import Unit
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import AnyTask, Task, TaskState, derived_id

TRIAGE = "triage:"


def outcome_of(rulebook: Rulebook, name: str) -> Triage | None:
    """The outcome of a name; None where the rulebook has none."""
    return next((each for each in rulebook.triage if each.name == name), None)


def is_reserved(task: AnyTask, rulebook: Rulebook) -> bool:
    """Whether a task is a decision of its role alone: its stage's rule proposes, as every legal step does.

    A task that a person decides for the pupil's circumstances is its owner's; one whose rule is gone is
    taken for a legal step.
    """
    there = any(each.id == task.rule for each in rulebook.rules)
    acted = rulebook.on_stage(task.ladder, task.stage) if there else None
    return task.decide and (acted is None or acted.autonomy is Autonomy.PROPOSE)


def next_task(unit: Unit, task: Task, found: Triage, at: datetime, settings: Settings) -> Task:
    """The task that an outcome opens, on the same case.

    It is the same step only once in a case: the second time it is numbered, as the first was another
    conversation.
    """
    step = found.task
    if step is None:
        raise ValueError(f"the outcome {found.name} opens no task")
    calendar = Calendar.build(*unit.frame(task.school_id))
    pupil = next((each for each in reversed(unit.pupils(task.school_id)) if each.upn == task.subject), None)
    due = step.due.at(calendar, at, None, settings.school_day_ends)
    assignee, covering = Rota.of(unit, task.school_id, at).owner(
        step.by, pupil, at, due, key_adult=False, reserved=found.decide
    )
    do = _numbered(step, unit.tasks_of(task.case_id))
    return replace(
        task,
        task_id=derived_id("t", task.case_id, task.stage, do),
        rule=f"{TRIAGE}{found.name}",
        step=do,
        role=step.by,
        assignee=assignee,
        due=due,
        decide=found.decide,
        because=f"{task.step}: {found.title[:1].lower()}{found.title[1:]}",
        script=step.script,
        made_as_of=at,
        run_id="",
        state=TaskState.OPEN,
        expires_at=None,
        minutes=step.minutes,
        follows=task.task_id,
        by="",
        started_at=None,
        snoozed_until=None,
        first_owner="",
        overdue_at=None,
        covering=covering,
    )


def _numbered(step: TaskStep, there: tuple[Task, ...]) -> str:
    before = sum(each.step == step.do or each.step.startswith(f"{step.do} (") for each in there)
    return f"{step.do} ({before + 1})" if before else step.do
