"""Cases, tasks and messages: what stands, kept once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.store.problems import StoreProblem, refused
from adapters.store.rows import columns, plain, values
from adapters.store.tables import core
from adapters.store.tables.standing import CaseRow, MessageRow, TaskRow
from workflows.values import Case, Message, Task

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

Standing = TypeVar("Standing", Case, Task, Message)
TABLES: dict[type[Case | Task | Message], Table] = {
    Case: core(CaseRow),
    Task: core(TaskRow),
    Message: core(MessageRow),
}


def find(
    db: Connection,
    kind: type[Standing],
    order: Sequence[str],
    *,
    school_id: str | None = None,
    states: Sequence[str] = (),
) -> tuple[Standing, ...]:
    """What stands of a kind, at a school (at all) and in these states (in any), in this order."""
    table = TABLES[kind]
    wanted = select(*(table.c[name] for name in columns(kind))).order_by(*(table.c[name] for name in order))
    if school_id is not None:
        wanted = wanted.where(table.c.school_id == school_id)
    if states:
        wanted = wanted.where(table.c.state.in_([str(state) for state in states]))
    return values(kind, db.execute(wanted).all())


def add(db: Connection, kind: type[Standing], given: Iterable[Standing]) -> None:
    """Insert new ones.

    Raises:
        StoreProblem: one is there already under its id or its natural key.
    """
    rows = [plain(value) for value in given]
    if not rows:
        return
    try:
        db.execute(insert(TABLES[kind]), rows)
    except IntegrityError as error:
        raise StoreProblem(f"a {kind.__name__.lower()} {refused(error)}") from error


def change(db: Connection, kind: type[Standing], given: Iterable[Standing]) -> None:
    """Write the present value of ones that are there.

    Raises:
        StoreProblem: an id is not there, or a natural key is another's.
    """
    table = TABLES[kind]
    (key,) = table.primary_key
    statement = update(table).where(key == bindparam("standing_id"))
    for row in [plain(value) for value in given]:
        standing_id = row.pop(key.name)
        try:
            done = db.execute(statement.values(**row), {"standing_id": standing_id})
        except IntegrityError as error:
            raise StoreProblem(f"{kind.__name__.lower()} {standing_id} {refused(error)}") from error
        if done.rowcount != 1:
            raise StoreProblem(
                f"{kind.__name__.lower()} {standing_id} is not in the store: nothing was written"
            )
