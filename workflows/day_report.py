"""A day in figures that add up: what was open, what came, what became of it, and whom nobody has seen to."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from engine import codes
from engine.instants import local, local_instant
from engine.records import HALVES
from engine.snapshot import Snapshot
from workflows.duties import DUTY
from workflows.past import Life
from workflows.ports import Store, Unit
from workflows.subjects import known_schools
from workflows.values import Task, TaskState

MISSED = (TaskState.SUPERSEDED, TaskState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Flow:
    """Tasks of a span of time. What was carried in and what was opened is all that can have ended or be left.

    `missed` is what a higher stage or the end of its time took over undone.
    """

    carried_in: int
    opened: int
    done: int
    dismissed: int
    withdrawn: int
    missed: int
    carried_out: int

    @property
    def adds_up(self) -> bool:
        """Whether nothing came from nowhere and nothing is lost."""
        ended = self.done + self.dismissed + self.withdrawn + self.missed
        return self.carried_in + self.opened == ended + self.carried_out


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties whose time ended in a span: done in time, done late, or not done."""

    on_time: int
    late: int
    missing: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """A pupil who was absent without a reason that day, and what the school did about it."""

    upn: str
    name: str
    form: str
    sessions: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayReport:
    """One school's day, as it stood at an instant; `marked`, where any mark of it was known by then."""

    school_id: str
    school: str
    day: date
    at: datetime
    tasks: Flow
    duties: Duties
    outcomes: dict[str, int]
    without_reason: tuple[Unseen, ...]
    marked: bool = True

    @property
    def unseen(self) -> tuple[Unseen, ...]:
        """Those about whom nothing was done: there should be none."""
        return tuple(each for each in self.without_reason if not each.actions)


def day_reports(store: Store, at: datetime, schools: Sequence[str] = ()) -> list[DayReport]:
    """The day of an instant, up to it, school by school; days without a session are reported too.

    It is the same whenever it is made: it tells what stood at that instant, on the imports known by then.
    """
    with store.reading() as unit:
        there = unit.school_ids()
        return [_report(unit, school_id, at) for school_id in known_schools(schools, there) or there]


def _report(unit: Unit, school_id: str, at: datetime) -> DayReport:
    day = local(at).date()
    begins = local_instant(day, time())
    lives = unit.lives(school_id, begins)
    tasks = stood(lives, at)
    snapshot = Snapshot.build(unit.facts(school_id, at))
    return DayReport(
        school_id=school_id,
        school=snapshot.facts.school.name,
        day=day,
        at=at,
        tasks=flow(lives, begins, at),
        duties=duties(tasks, begins, at),
        outcomes=outcomes(tasks, begins),
        without_reason=tuple(_without_reason(snapshot, tasks, at)),
        marked=_is_marked(snapshot, day),
    )


def stood(lives: Iterable[Life], at: datetime) -> list[Task]:
    """The tasks made up to an instant, as they stood then."""
    return [task for life in lives if (task := life.at(at)) is not None]


def flow(lives: Iterable[Life], begins: datetime, ends: datetime) -> Flow:
    """What became of tasks between two instants, the first outside, the second inside.

    One that was opened again is opened once more; one that ended and was opened again in between was open
    all the time.
    """
    carried_in = opened = 0
    became: Counter[TaskState] = Counter()
    for life in lives:
        task, was_open = life.at(ends), life.open_at(begins) is not None
        if task is None or not (was_open or task.state is TaskState.OPEN or _ended_after(begins, task)):
            continue
        carried_in += was_open
        opened += not was_open
        became[task.state] += 1
    return Flow(
        carried_in,
        opened,
        became[TaskState.DONE],
        became[TaskState.DISMISSED],
        became[TaskState.WITHDRAWN],
        sum(became[state] for state in MISSED),
        became[TaskState.OPEN],
    )


def summed(flows: Sequence[Flow]) -> Flow:
    """What became of tasks in spans that follow each other, none left out."""
    return Flow(
        flows[0].carried_in,
        sum(flow.opened for flow in flows),
        sum(flow.done for flow in flows),
        sum(flow.dismissed for flow in flows),
        sum(flow.withdrawn for flow in flows),
        sum(flow.missed for flow in flows),
        flows[-1].carried_out,
    )


def _ended_after(begins: datetime, task: Task) -> bool:
    return task.ended_at is not None and task.ended_at > begins


def duties(tasks: Iterable[Task], begins: datetime, ends: datetime) -> Duties:
    """The duties due between two instants, by whether they are done as the tasks stand."""
    count: Counter[str] = Counter()
    for task in tasks:
        if not task.rule.startswith(DUTY) or not begins < task.due <= ends:
            continue
        if task.state not in {TaskState.DONE, TaskState.DISMISSED} or task.ended_at is None:
            count["missing"] += 1
        else:
            count["on_time" if task.ended_at <= task.due else "late"] += 1
    return Duties(count["on_time"], count["late"], count["missing"])


def outcomes(tasks: Iterable[Task], begins: datetime) -> dict[str, int]:
    """How often each outcome was recorded after an instant, by its name."""
    named = (task.outcome for task in tasks if task.outcome and _ended_after(begins, task))
    return dict(sorted(Counter(named).items()))


def _is_marked(snapshot: Snapshot, day: date) -> bool:
    """Whether anybody on roll has a mark on a day: without one, that nobody is away says nothing."""
    marks = snapshot.register.marks[:, snapshot.calendar.day == day.toordinal()]
    return bool(((marks != codes.MISSING) & (marks != codes.OUTSIDE)).any())


def _without_reason(snapshot: Snapshot, tasks: Sequence[Task], at: datetime) -> Iterable[Unseen]:
    """Everybody with a mark today that says no reason, and what was done about that mark."""
    today = local(at).date()
    held = np.flatnonzero(snapshot.calendar.day == today.toordinal())
    marked = codes.members(codes.CODE_SETS["unexplained"])[snapshot.register.marks[:, held]]
    about: dict[str, list[Task]] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: (task.due, task.task_id)):
        about[task.subject].append(task)
    for row in np.flatnonzero(marked.any(axis=1)).tolist():
        pupil = snapshot.people[row]
        halves = snapshot.calendar.half[held[marked[row]]].tolist()
        theirs = [task for task in about[pupil.upn] if _concerns(task, today)]
        yield Unseen(
            pupil.upn,
            f"{pupil.first_name} {pupil.last_name}",
            pupil.form or f"year {pupil.year_group}",
            tuple(HALVES[half] for half in halves),
            tuple(_said(task) for task in theirs),
        )


def _concerns(task: Task, today: date) -> bool:
    """Whether a task rests on a mark of today and is somebody's, or was and was not missed.

    That a pupil has some other task open says nothing of whether anybody asked where they are.
    """
    if task.state in {*MISSED, TaskState.WITHDRAWN}:
        return False
    counted = (session for part in json.loads(task.evidence) for session in part["sessions"])
    return any(session["date"] == today.isoformat() for session in counted)


def _said(task: Task) -> str:
    if task.state is TaskState.OPEN:
        return f"{task.step}: open"
    return f"{task.step}: {task.state.value}" + (f", {task.outcome}" if task.outcome else "")


def week_of(at: datetime) -> tuple[datetime, ...]:
    """The instants that cut the week of an instant into days: each midnight from Monday's on, and itself."""
    day = local(at).date()
    monday = day - timedelta(days=day.weekday())
    midnights = [
        local_instant(monday + timedelta(days=number), time()) for number in range(day.weekday() + 1)
    ]
    return (*midnights, at)
