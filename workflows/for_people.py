"""A task for a person about what came in between two runs: what a family wrote, what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.calendar import Calendar
from engine.instants import local, local_instant
from engine.records import Pupil
from workflows.people import FALL_BACK, families, safeguarding
from workflows.ports import Unit
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import Case, Message, Task, TaskState, derived_id

_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where such a task stands: on a case, at a stage; `rule` begins with the kind of task that it is."""

    case_id: str
    school_id: str
    subject: str
    rule: str
    ladder: str
    stage: int
    rulebook: str


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do, why, and how; `task_id` follows from what it is about.

    `safeguarding`: it may be about a child's safety, whatever is known of the child.
    """

    task_id: str
    step: str
    because: str
    script: str
    safeguarding: bool = False


def on_case_of(message: Message, kind: str) -> Place:
    """A place on the case of a message, beside the work of the stage that it belongs to."""
    return Place(
        message.case_id,
        message.school_id,
        message.subject,
        kind + message.rule,
        message.ladder,
        message.stage,
        message.rulebook,
    )


def on_own_case(unit: Unit, school_id: str, subject: str, rule: str, ground: str, at: datetime) -> Place:
    """A place where there is no case of a rule: one of its own, over with its task."""
    case = Case(
        case_id=derived_id("c", school_id, subject, rule, ground),
        school_id=school_id,
        subject=subject,
        ladder=rule,
        episode=unit.episodes(school_id).get((subject, rule), 0) + 1,
        anchor=ground,
        stage=1,
        opened_at=at,
        closed_at=at,
        closed_because="what there is to do is over with its task",
    )
    unit.add((case,), (), ())
    return Place(case.case_id, school_id, subject, rule, rule, 1, "")


def task_for(unit: Unit, place: Place, work: Work, at: datetime, settings: Settings) -> Task:
    """The task, due the same school day: of whoever is at work on the case, else the attendance officer's.

    The same step comes once in a case: the next time it is numbered.
    """
    there = unit.tasks_of(place.case_id)
    before = sum(each.step == work.step or each.step.startswith(f"{work.step} (") for each in there)
    step = f"{work.step} ({before + 1})" if before else work.step
    calendar = Calendar.build(*unit.frame(place.school_id))
    due = local_instant(calendar.day_after(local(at).date(), 0), settings.school_day_ends)
    if due <= at:
        due = local_instant(calendar.day_after(local(at).date(), 1), settings.school_day_ends)
    pupils = {each.upn: each for each in unit.pupils(place.school_id)}
    pupil = pupils.get(place.subject)
    role, whose, covering = _owner(unit, place, there, pupil, at, due)
    task = Task(
        task_id=work.task_id,
        case_id=place.case_id,
        school_id=place.school_id,
        subject=place.subject,
        rule=place.rule,
        ladder=place.ladder,
        stage=place.stage,
        step=step,
        role=role,
        assignee=whose,
        due=due,
        decide=False,
        because=work.because,
        script=work.script,
        evidence="[]",
        made_as_of=at,
        run_id="",
        rulebook=place.rulebook,
        safeguarding=work.safeguarding or (pupil is not None and safeguarding(pupil)),
        family=families(unit.contacts(place.school_id)).get(place.subject, place.subject),
        minutes=_MINUTES,
        covering=covering,
    )
    unit.add((), (task,), ())
    return task


def _owner(
    unit: Unit, place: Place, there: tuple[Task, ...], pupil: Pupil | None, at: datetime, due: datetime
) -> tuple[str, str, str]:
    """Role, staff id and for whom they cover: of whoever is at work on the case and in, else by the rota."""
    rota = Rota.of(unit, place.school_id, at)
    out = rota.out(local(at).date())
    at_work = (each for each in there if each.state is TaskState.OPEN and each.assignee not in {"", *out})
    if found := next(at_work, None):
        return found.role, found.assignee, found.covering
    return FALL_BACK, *rota.owner(FALL_BACK, pupil, at, due, key_adult=False, reserved=False)
