"""A week in figures: each day's tasks and duties, what came of calls, what was dismissed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from engine.instants import local
from workflows.continuity import Continuity, continuity
from workflows.day_report import Duties, Flow, duties, flow, outcomes, week_of
from workflows.ports import Store
from workflows.subjects import known_schools
from workflows.values import Task, TaskState


@dataclass(frozen=True, slots=True)
class WeekReport:
    """One school's week up to an instant: `days` from Monday on, `dismissed` with their reasons."""

    school_id: str
    school: str
    at: datetime
    days: tuple[tuple[date, Flow, Duties], ...]
    tasks: Flow
    duties: Duties
    outcomes: dict[str, int]
    dismissed: tuple[Task, ...]
    continuity: Continuity


def week_reports(store: Store, at: datetime, schools: Sequence[str] = ()) -> list[WeekReport]:
    """The week of an instant, up to it, school by school."""
    cuts = week_of(at)
    out = []
    with store.reading() as unit:
        there = unit.school_ids()
        for school_id in known_schools(schools, there) or there:
            tasks = unit.tasks(school_id)
            out.append(
                WeekReport(
                    school_id=school_id,
                    school=unit.school_name(school_id),
                    at=at,
                    days=tuple(
                        (local(begins).date(), flow(tasks, begins, ends), duties(tasks, begins, ends))
                        for begins, ends in pairwise(cuts)
                    ),
                    tasks=flow(tasks, cuts[0], at),
                    duties=duties(tasks, cuts[0], at),
                    outcomes=outcomes(tasks, cuts[0], at),
                    dismissed=tuple(
                        task
                        for task in tasks
                        if task.state is TaskState.DISMISSED
                        and task.ended_at is not None
                        and cuts[0] < task.ended_at <= at
                    ),
                    continuity=continuity(unit, school_id, tasks, cuts[0], at),
                )
            )
    return out
