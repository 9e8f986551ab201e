"""The one ranked list: what is to be done, by whom, most pressing first, siblings together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from engine.instants import local
from engine.records import SCHOOL
from workflows.call_plan import Planned, timetable
from workflows.ports import Store, Unit
from workflows.subjects import NotKnown, known_schools
from workflows.values import AnyTask, Task

Ranked = TypeVar("Ranked", bound=AnyTask)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: the task, and the names people know subject and owner by.

    `covering` names the one who is out, whose task it would be; `planned` says when time-anchored work
    comes, None for other work and where nobody has it.
    """

    rank: int
    task: Task
    who: str
    form: str
    owner: str
    overdue: bool
    school: str
    covering: str = ""
    planned: Planned | None = None

    @property
    def fits(self) -> bool:
        """Whether it can be done in time: other work has no hour that it has to fit into."""
        return self.task.expires_at is None or (self.planned is not None and not self.planned.over)


def ranked(tasks: Iterable[Ranked]) -> list[Ranked]:
    """Tasks in the order of semantics 21, siblings together at the place of the most pressing one.

    Unassigned first (nobody would see it otherwise), then time-anchored by its end, then safeguarding, then
    the age of unexplained absence, then stage, then due; ids settle what is equal.
    """
    by_family: dict[tuple[str, str], list[Ranked]] = defaultdict(list)
    for task in tasks:
        by_family[task.school_id, task.family].append(task)
    groups = [sorted(group, key=_pressing) for group in by_family.values()]
    return [task for group in sorted(groups, key=lambda group: _pressing(group[0])) for task in group]


def listed(store: Store, as_of: datetime, staff: str = "", schools: Sequence[str] = ()) -> list[Listed]:
    """The open tasks of an instant, ranked; of one member of staff (id, or part of a name) only.

    A past list is shown as it stood then. Raises NotKnown for a school or a member of staff that is nowhere:
    an empty list says that all is done.
    """
    return listed_and_put_off(store, as_of, staff, schools)[0]


def listed_and_put_off(
    store: Store, as_of: datetime, staff: str = "", schools: Sequence[str] = ()
) -> tuple[list[Listed], int]:
    """The same, and how many tasks are put off beyond that instant: they are open, and on no list."""
    with store.reading() as unit:
        there = unit.school_ids()
        wanted = known_schools(schools, there) or there
        tasks: list[Task] = []
        pupils: dict[tuple[str, str], tuple[str, str]] = {}
        people: dict[tuple[str, str], str] = {}
        names: dict[str, str] = {}
        for school_id in wanted:
            names[school_id] = unit.school_name(school_id)
            tasks.extend(on_list(unit, school_id, as_of, put_off=True))
            for pupil in unit.pupils(school_id):
                name = f"{pupil.first_name} {pupil.last_name}"
                pupils[school_id, pupil.upn] = (name, pupil.form or f"year {pupil.year_group}")
            people.update({(school_id, person.staff_id): person.name for person in unit.staff(school_id)})
    if staff and not any(_means(staff, staff_id, name) for (_, staff_id), name in people.items()):
        raise NotKnown(f"there is nobody {staff!r} on the staff; give a staff id, or part of a name")
    hidden = [task for task in tasks if _is_put_off(task, as_of)]
    lines, order = [], ranked(task for task in tasks if not _is_put_off(task, as_of))
    planned = timetable(order, as_of)
    for rank, task in enumerate(order, start=1):
        school = names[task.school_id]
        who, form = pupils.get((task.school_id, task.subject), (named(task.subject, school), ""))
        owner = people.get((task.school_id, task.assignee), task.assignee)
        if not staff or _means(staff, task.assignee, owner):
            lines.append(
                Listed(
                    rank,
                    task,
                    who,
                    form,
                    owner or "unassigned",
                    task.due < as_of,
                    school,
                    people.get((task.school_id, task.covering), task.covering),
                    planned.get(task.task_id),
                )
            )
    names_of = (
        (task.assignee, people.get((task.school_id, task.assignee), task.assignee)) for task in hidden
    )
    return lines, sum(not staff or _means(staff, *name) for name in names_of)


def on_list(unit: Unit, school_id: str, as_of: datetime, *, put_off: bool = False) -> list[Task]:
    """The tasks that are to be done at an instant, as they stood then; those `put_off` too, if asked for."""
    return [
        task
        for life in unit.lives(school_id, as_of)
        if (task := life.open_at(as_of)) is not None
        and (task.expires_at is None or task.expires_at > as_of)
        and (put_off or not _is_put_off(task, as_of))
    ]


def _is_put_off(task: Task, as_of: datetime) -> bool:
    return task.snoozed_until is not None and task.snoozed_until > as_of


def short(lines: Iterable[Listed]) -> tuple[int, int]:
    """How many calls of the hour do not fit, and how many minutes are missing; all of those nobody has."""
    unfit = [line for line in lines if not line.fits]
    missing: dict[tuple[str, str], int] = defaultdict(int)
    for line in unfit:
        who = (line.task.school_id, line.task.assignee)
        if line.planned is None:
            missing[who] += line.task.minutes
        else:
            missing[who] = max(missing[who], line.planned.over)
    return len(unfit), sum(missing.values())


def short_words(lines: Sequence[Listed]) -> str:
    """The same in a line; empty where everything fits."""
    calls, minutes = short(lines)
    several = "1 call" if calls == 1 else f"{calls} calls"
    return f"does not fit: {several}, {minutes} minutes short" if calls else ""


def _means(staff: str, staff_id: str, name: str) -> bool:
    return staff == staff_id or staff.casefold() in name.casefold()


def _pressing(task: AnyTask) -> tuple[bool, bool, datetime, bool, str, int, datetime, str]:
    return (
        bool(task.assignee),
        task.expires_at is None,
        task.expires_at or _NEVER,
        not task.safeguarding,
        task.unexplained_since or "9999",
        -task.stage,
        task.due,
        task.task_id,
    )


def named(subject: str, school: str) -> str:
    """A class, or the school itself, as people say it."""
    return school if subject.startswith(SCHOOL) else f"class {subject.partition(':')[2]}"


def due_words(task: Task, as_of: datetime) -> str:
    """When a task is due, as a clock and a calendar in England say it."""
    due, now = local(task.due), local(as_of)
    return f"{due:%H:%M}" if due.date() == now.date() else f"{due:%a} {due.day} {due:%b} {due:%H:%M}"
