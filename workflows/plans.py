"""Plans in which nothing moves: agreed with a family once, and standing still since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.calendar import Calendar
from engine.instants import local
from engine.match import Judge
from engine.records import Event
from workflows.values import Task, TaskState

PLAN = "plan"
STEPS = frozenset({PLAN, "meeting", "support_offered"})
NOT_ENGAGING = frozenset({"not engaging", "not_engaging"})
DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Plan:
    """One pupil's open plan: agreed `on` a day, without a step for so many school days."""

    upn: str
    on: date
    stood: int
    engaging: bool


def open_plans(judge: Judge, done: Iterable[Task]) -> list[Plan]:
    """The latest plan of every pupil on roll at the judge's first instant, those that stood longest first.

    A plan is open until its line of history has an outcome; one of "not engaging" leaves it open. It moves
    with each later plan, meeting or support offered, and with each task that somebody's finding opened and
    somebody did: a call about one day's absence is no step of a plan. A meeting declined last says that
    the family is not engaging.
    """
    today, snapshot = judge.days[0], judge.snapshot
    steps: dict[str, list[Event]] = defaultdict(list)
    for event in snapshot.facts.events:
        row = snapshot.rows.get(event.upn)
        if event.kind in STEPS and event.on <= today and row is not None and judge.on_roll[row, 0]:
            steps[event.upn].append(event)
    did: dict[str, list[tuple[date, Task]]] = defaultdict(list)
    for task in done:
        if task.state is TaskState.DONE and task.follows and task.ended_at is not None:
            did[task.subject].append((local(task.ended_at).date(), task))
    found = [
        plan
        for upn, own in steps.items()
        if (plan := _open_plan(snapshot.calendar, own, did[upn], today)) is not None
    ]
    return sorted(found, key=lambda plan: (-plan.stood, plan.upn))


def _open_plan(
    calendar: Calendar, steps: Sequence[Event], did: Sequence[tuple[date, Task]], today: date
) -> Plan | None:
    agreed = max((event for event in steps if event.kind == PLAN), key=lambda event: event.on, default=None)
    if agreed is None or (agreed.outcome and agreed.outcome.strip().lower() not in NOT_ENGAGING):
        return None
    since = sorted((each for each in did if agreed.on <= each[0] <= today), key=lambda each: each[0])
    moved = max([event.on for event in steps] + [day for day, _ in since])
    return Plan(
        agreed.upn,
        agreed.on,
        _school_days(calendar, moved, today),
        engaging=not agreed.outcome and not (since and since[-1][1].outcome == DECLINED),
    )


def _school_days(calendar: Calendar, after: date, until: date) -> int:
    first, last = np.searchsorted(calendar.days, (after.toordinal(), until.toordinal()), side="right")
    return int(last - first)
