"""Who is out, as it was said, and who has spoken with which family."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select

from adapters.store.driven import Driven
from adapters.store.rows import plain, texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import StaffOutRow, TaskRow
from workflows.values import StaffOut, TaskState

if TYPE_CHECKING:
    from sqlalchemy import Connection

SAID, TASKS = core(StaffOutRow), core(TaskRow)


def staff_out(db: Connection, school_id: str) -> tuple[StaffOut, ...]:
    """All that was said about a school, in the order in which it was said."""
    return values(StaffOut, _said().ask(db, school_id=school_id))


@cache
def _said() -> Driven:
    own = SAID.c.school_id == bindparam("school_id")
    return Driven.of(select(*texts(StaffOut, SAID)).where(own).order_by(SAID.c.id))


def say_out(db: Connection, said: StaffOut) -> None:
    """Keep one thing that was said."""
    db.execute(insert(SAID), [plain(said)])


def spoken(db: Connection, school_id: str, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """Subject, staff id and time of every task done after an instant, oldest first; see `Unit.spoken`."""
    done = (TASKS.c.school_id == school_id) & (TASKS.c.state == TaskState.DONE.value)
    to_family = TASKS.c.decide.is_(False) | TASKS.c.expires_at.is_not(None)
    found = db.execute(
        select(TASKS.c.subject, TASKS.c.by, TASKS.c.ended_at)
        .where(done, TASKS.c.ended_at > since, to_family)
        .order_by(TASKS.c.ended_at, TASKS.c.task_id)
    )
    return tuple((subject, by, at) for subject, by, at in found.all())
