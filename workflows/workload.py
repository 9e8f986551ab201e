"""How much work stands before each person: minutes due today, and on each of the next school days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.calendar import holds_session
from engine.instants import local
from engine.records import AM, PM
from workflows.ports import Store
from workflows.subjects import known_schools
from workflows.tasks import on_list
from workflows.values import Task

AHEAD = 5


@dataclass(frozen=True, slots=True)
class Load:
    """The open work of one person: minutes overdue, then by day of `days` (today, then school days ahead).

    An empty `staff_id` is work that nobody has; what is due later is left out.
    """

    school_id: str
    school: str
    staff_id: str
    name: str
    tasks: int
    overdue: int
    days: tuple[date, ...]
    minutes: tuple[int, ...]


def workload(store: Store, as_of: datetime, schools: Sequence[str] = ()) -> list[Load]:
    """Everybody's work as of an instant, those with most of it first, by school.

    What is put off counts on the day on which it comes back.
    """
    out: list[Load] = []
    with store.reading() as unit:
        there = unit.school_ids()
        for school_id in known_schools(schools, there) or there:
            today = local(as_of).date()
            later = [day for day in unit.days(school_id) if day.date > today]
            ahead = sorted(day.date for day in later if holds_session(day, AM) or holds_session(day, PM))
            days = (today, *ahead[:AHEAD])
            names = {person.staff_id: person.name for person in unit.staff(school_id)}
            theirs: dict[str, list[Task]] = defaultdict(list)
            for task in on_list(unit, school_id, as_of, put_off=True):
                theirs[task.assignee].append(task)
            school = (school_id, unit.school_name(school_id))
            loads = [
                _load(school, (who, names.get(who, who)), own, days, as_of) for who, own in theirs.items()
            ]
            out += sorted(loads, key=lambda load: (-sum(load.minutes) - load.overdue, load.name))
    return out


def _load(
    school: tuple[str, str],
    who: tuple[str, str],
    own: Sequence[Task],
    days: tuple[date, ...],
    as_of: datetime,
) -> Load:
    """The load of somebody at a school, each an id and a name."""
    overdue, minutes = 0, dict.fromkeys(days, 0)
    for task in own:
        when = max(task.due, task.snoozed_until or task.due)
        if when < as_of:
            overdue += task.minutes
        elif local(when).date() in minutes:
            minutes[local(when).date()] += task.minutes
    return Load(*school, *who, len(own), overdue, days, tuple(minutes.values()))
