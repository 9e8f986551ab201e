"""What tasks were: written down before each change of one, never edited, and put together again.

A row holds the columns that a change took away, as they stood before it, so the present row and the rows
after an instant, laid over it from the newest back, are the task of that instant.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import compress
from operator import attrgetter, ne
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, or_, select

from adapters.store.driven import Driven
from adapters.store.rows import add, columns, texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import TaskRow, TaskWasRow
from workflows.past import Life
from workflows.values import AnyTask, Task, TaskInBrief, TaskState

if TYPE_CHECKING:
    from sqlalchemy import Connection

TASKS, WAS = core(TaskRow), core(TaskWasRow)
_NAMES = columns(Task)


def keep(db: Connection, kind: type[Task | TaskInBrief], tasks: Sequence[AnyTask], at: datetime) -> None:
    """Write down what these tasks of a kind are before they become, from an instant on, what is given."""
    if not tasks:
        return
    new = {task.task_id: task for task in tasks}
    names = columns(kind)
    of_all = attrgetter(*names)
    rows = _present(brief=kind is TaskInBrief).ask(db, ids=json.dumps([*new]))
    add(
        db,
        WAS,
        [
            {"task_id": old.task_id, "school_id": old.school_id, "at": at, "was": json.dumps(was)}
            for old, row in zip(values(kind, rows), rows, strict=True)
            if (was := _taken_away(names, row, of_all(old), of_all(new[old.task_id])))
        ],
    )


@cache
def _present(*, brief: bool) -> Driven:
    ids = func.json_each(bindparam("ids")).table_valued("value")
    wanted = select(*(texts(TaskInBrief, TASKS) if brief else texts(Task, TASKS)))
    return Driven.of(wanted.where(TASKS.c.task_id.in_(select(ids.c.value))))


def _taken_away(
    names: Sequence[str], row: Sequence[Any], old: Sequence[Any], new: Sequence[Any]
) -> dict[str, Any]:
    """The columns of a task as they stand, of those that another value has otherwise."""
    return dict(compress(zip(names, row, strict=True), map(ne, old, new)))


def lives(db: Connection, school_id: str, since: datetime) -> tuple[Life, ...]:
    """The tasks of a school that were open at some time from an instant on, or are due after it, by id."""
    changed = select(WAS.c.task_id).where(WAS.c.school_id == school_id, WAS.c.at > since)
    concerned = (TASKS.c.school_id == school_id) & or_(
        TASKS.c.state == TaskState.OPEN.value,
        TASKS.c.ended_at > since,
        TASKS.c.due > since,
        TASKS.c.task_id.in_(changed),
    )
    rows = db.execute(select(*texts(Task, TASKS)).where(concerned).order_by(TASKS.c.task_id)).all()
    before: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    wanted = select(WAS.c.task_id, WAS.c.at, WAS.c.was).where(WAS.c.task_id.in_(changed))
    for task_id, at, was in db.execute(wanted.order_by(WAS.c.id.desc())):
        before[task_id].append((at, was))
    return tuple(
        Life(tuple(reversed([*_back(row, task, before.get(task.task_id, ()))])))
        for row, task in zip(rows, values(Task, rows), strict=True)
    )


def _back(
    row: Sequence[Any], present: Task, before: Sequence[tuple[datetime, str]]
) -> Iterator[tuple[datetime, Task]]:
    """All that a task has been, the newest first, each with the instant from which on it was so."""
    task, cells = present, dict(zip(_NAMES, row, strict=True))
    for at, was in before:
        yield at, task
        cells |= json.loads(was)
        (task,) = values(Task, [[*cells.values()]])
    yield task.made_as_of, task
