"""A week in figures: each day's tasks and duties, what came of calls, what families were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from engine.instants import local
from workflows.continuity import Continuity, continuity
from workflows.day_report import Duties, Flow, duties, flow, outcomes, stood, summed, week_of
from workflows.ports import Store, Unit
from workflows.subjects import known_schools
from workflows.tasks import named
from workflows.told import Told, told
from workflows.values import Task, TaskState


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A task that somebody said need not be done, with the names that people know its subject and them by."""

    task: Task
    about: str
    by: str


@dataclass(frozen=True, slots=True)
class WeekReport:
    """One school's week up to an instant: `days` from Monday on, `dismissed` with their reasons.

    A day's tasks are told as its end found them, its duties as they stand at the instant: done late by then.
    """

    school_id: str
    school: str
    at: datetime
    days: tuple[tuple[date, Flow, Duties], ...]
    tasks: Flow
    duties: Duties
    outcomes: dict[str, int]
    dismissed: tuple[Dismissal, ...]
    continuity: Continuity
    told: Told


def week_reports(store: Store, at: datetime, schools: Sequence[str] = ()) -> list[WeekReport]:
    """The week of an instant, up to it, school by school; but for what still waits the same whenever made."""
    with store.reading() as unit:
        there = unit.school_ids()
        return [_report(unit, school_id, at) for school_id in known_schools(schools, there) or there]


def _report(unit: Unit, school_id: str, at: datetime) -> WeekReport:
    spans = [*pairwise(week_of(at))]
    monday = spans[0][0]
    lives = unit.lives(school_id, monday)
    tasks = stood(lives, at)
    flows = [flow(lives, begins, ends) for begins, ends in spans]
    came: Counter[str] = Counter()
    for begins, ends in spans:
        came.update(outcomes(stood(lives, ends), begins))
    return WeekReport(
        school_id=school_id,
        school=unit.school_name(school_id),
        at=at,
        days=tuple(
            (local(begins).date(), own, duties(tasks, begins, ends))
            for (begins, ends), own in zip(spans, flows, strict=True)
        ),
        tasks=summed(flows),
        duties=duties(tasks, monday, at),
        outcomes=dict(sorted(came.items())),
        dismissed=tuple(_dismissals(unit, school_id, tasks, monday)),
        continuity=continuity(unit, school_id, tasks, monday, at),
        told=told(unit, school_id, monday, at),
    )


def _dismissals(unit: Unit, school_id: str, tasks: Sequence[Task], begins: datetime) -> Iterator[Dismissal]:
    """What was dismissed after an instant, in the order of ids."""
    school = unit.school_name(school_id)
    pupils = {pupil.upn: f"{pupil.first_name} {pupil.last_name}" for pupil in unit.pupils(school_id)}
    people = {person.staff_id: person.name for person in unit.staff(school_id)}
    for task in tasks:
        if task.state is TaskState.DISMISSED and task.ended_at is not None and task.ended_at > begins:
            about = pupils.get(task.subject) or named(task.subject, school)
            yield Dismissal(task, about, people.get(task.by, task.by))
