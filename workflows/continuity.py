"""Whether families hear the same voice: how many of the hour's calls were made by whom the family knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.instants import local
from engine.records import CLASS, SCHOOL
from workflows.family_adult import REMEMBERS, Why, choose, known_best, siblings
from workflows.people import families
from workflows.ports import Unit
from workflows.rota import Rota
from workflows.values import Task, TaskState


@dataclass(frozen=True, slots=True)
class Continuity:
    """Calls made: by the family's own adult, by another though that adult was in, or while they were out.

    `first` are the calls to families that nobody had spoken with: there was no adult to be the same as.
    """

    same: int
    other: int
    covered: int
    first: int

    @property
    def percent(self) -> int | None:
        """The share that went to the family's adult when that adult was in; None where there was none.

        >>> Continuity(same=18, other=1, covered=3, first=7).percent
        94
        """
        there = self.same + self.other
        return self.same * 100 // there if there else None


def continuity(
    unit: Unit, school_id: str, tasks: Sequence[Task], begins: datetime, ends: datetime
) -> Continuity:
    """Of the calls of a school done between two instants, each judged by what was known before it.

    `tasks` are all of the school. The family's adult is who `choose` names from the conversations of the
    weeks before the call, were everybody in.
    """
    calls = [task for task in tasks if _is_call(task)]
    now = [(task.ended_at, task) for task in calls if task.ended_at and begins < task.ended_at <= ends]
    if not now:
        return Continuity(0, 0, 0, 0)
    facts = unit.facts(school_id, ends)
    family = families(facts.contacts)
    brood = siblings(facts.pupils, family, local(ends).date())
    spoken = defaultdict(list)
    for line in unit.spoken(school_id, begins - REMEMBERS):
        spoken[family.get(line[0], line[0])].append(line)
    rota = Rota.of(unit, school_id, ends, facts.staff)
    callers = {task.by for task in calls}
    count: Counter[str] = Counter()
    for at, task in now:
        key = family.get(task.subject, task.subject)
        before = [line for line in spoken[key] if at - REMEMBERS < line[2] < at]
        known = known_best(before, family).get(key, ())
        choice = choose(brood[key], task.role, callers, known, rota.staff, ())
        if choice.why is Why.ROLE:
            count["first"] += 1
        elif choice.adult in rota.out(local(at).date()):
            count["covered"] += 1
        else:
            count["same" if task.by == choice.adult else "other"] += 1
    return Continuity(count["same"], count["other"], count["covered"], count["first"])


def _is_call(task: Task) -> bool:
    """Whether a task is a call of an hour that was made to a family."""
    about_a_pupil = not task.subject.startswith((CLASS, SCHOOL))
    return task.state is TaskState.DONE and task.expires_at is not None and about_a_pupil
