"""Cases, tasks and messages: what stands, kept once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.exc import IntegrityError

from adapters.store import rows
from adapters.store.driven import Driven
from adapters.store.problems import StoreProblem, refused
from adapters.store.rows import texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import CaseRow, MessageRow, TaskRow
from workflows.values import (
    LEAVING,
    LEFT,
    UNSENT,
    Case,
    Left,
    Message,
    Task,
    TaskInBrief,
    TaskState,
)

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Table


Standing = TypeVar("Standing", Case, Task, TaskInBrief, Message)
A_FEW = 4
TABLES: dict[type[Case | Task | TaskInBrief | Message], Table] = {
    Case: core(CaseRow),
    Task: core(TaskRow),
    TaskInBrief: core(TaskRow),
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
    wanted = select(*texts(kind, table)).order_by(*(table.c[name] for name in order))
    if school_id is not None:
        wanted = wanted.where(table.c.school_id == school_id)
    if states:
        wanted = wanted.where(table.c.state.in_([str(state) for state in states]))
    return values(kind, db.execute(wanted).all())


def at_stake(
    db: Connection, school_id: str, grounds: Collection[str], since: datetime
) -> tuple[tuple[Case, ...], tuple[TaskInBrief, ...], tuple[Message, ...]]:
    """What a run may touch, each by id: see `workflows.ports.Unit.at_stake`."""
    wanted = _at_stake()
    cases = wanted.cases.ask(db, school_id=school_id, grounds=json.dumps([*grounds]))
    ids = json.dumps([case[0] for case in cases])
    tasks = wanted.tasks.ask(db, ids=ids)
    messages = wanted.messages.ask(db, ids=ids, school_id=school_id, since=since)
    # Sorted here, by the id that comes first: SQLite would carry every column through its sorting.
    return (
        values(Case, sorted(cases)),
        values(TaskInBrief, sorted(tasks)),
        values(Message, sorted(messages)),
    )


@dataclass(frozen=True, slots=True)
class _AtStake:
    """The three questions of a run about what stands."""

    cases: Driven
    tasks: Driven
    messages: Driven


@cache
def _at_stake() -> _AtStake:
    cases, tasks, messages = (TABLES[kind] for kind in (Case, TaskInBrief, Message))
    school_id: BindParameter[str] = bindparam("school_id")
    left = [
        cases.c.case_id.in_(
            select(table.c.case_id).where(table.c.school_id == school_id, table.c.state.in_(states))
        )
        for table, states in (
            (tasks, [TaskState.OPEN.value]),
            (messages, [each.value for each in (*UNSENT, *LEAVING)]),
        )
    ]
    standing = or_(cases.c.closed_at.is_(None), cases.c.anchor.in_(_those_of("grounds")), *left)
    today = (messages.c.school_id == school_id) & (messages.c.made_as_of >= bindparam("since"))
    theirs = _those_of("ids")
    return _AtStake(
        _of(Case, (cases.c.school_id == school_id) & standing),
        _of(TaskInBrief, tasks.c.case_id.in_(theirs)),
        _of(Message, messages.c.case_id.in_(theirs) | today),
    )


def _of(kind: type[Standing], wanted: ColumnElement[bool]) -> Driven:
    """What stands of a kind and fits, in no order, by parameters to be given."""
    return Driven.of(select(*texts(kind, TABLES[kind])).where(wanted))


def _those_of(name: str) -> Select[Any]:
    """The items of a JSON list that is to be given: however many there are, it is one statement."""
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def tasks_of(db: Connection, case_id: str) -> tuple[Task, ...]:
    """Every task of a case, by id."""
    return chosen(db, Task, TABLES[Task].c.case_id == case_id)


def about(db: Connection, school_id: str, subject: str) -> tuple[tuple[Task, ...], tuple[Message, ...]]:
    """Every task and message about a subject of a school, by id."""
    tasks, messages = TABLES[Task].c, TABLES[Message].c
    return (
        chosen(db, Task, (tasks.school_id == school_id) & (tasks.subject == subject)),
        chosen(db, Message, (messages.school_id == school_id) & (messages.subject == subject)),
    )


def tasks_like(db: Connection, beginning: str) -> tuple[Task, ...]:
    """The first few tasks whose id begins so, by id."""
    task_id = TABLES[Task].c.task_id
    return chosen(db, Task, task_id.between(beginning, beginning + chr(0x10FFFF)), most=A_FEW)


def chosen(
    db: Connection, kind: type[Standing], wanted: ColumnElement[bool], most: int | None = None
) -> tuple[Standing, ...]:
    """What stands of a kind and fits, by id; no more than the first few if so asked."""
    table = TABLES[kind]
    (key,) = table.primary_key
    return values(kind, db.execute(select(*texts(kind, table)).where(wanted).order_by(key).limit(most)).all())


def episodes(db: Connection, school_id: str, *, closed: bool = False) -> dict[tuple[str, str], int]:
    """The latest episode of each (subject, ladder) of a school, or the latest that has closed."""
    found = _episodes(closed=closed).ask(db, school_id=school_id)
    return {(subject, ladder): episode for subject, ladder, episode in found}


@cache
def _episodes(*, closed: bool) -> Driven:
    cases = TABLES[Case].c
    latest = select(cases.subject, cases.ladder, func.max(cases.episode))
    latest = latest.where(cases.school_id == bindparam("school_id")).group_by(cases.subject, cases.ladder)
    return Driven.of(latest.where(cases.closed_at.is_not(None)) if closed else latest)


def last_closed(db: Connection, school_id: str, ladders: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When the last case of each (subject, ladder) closed: see `workflows.ports.Unit.last_closed`."""
    cases = TABLES[Case].c
    wanted = (
        select(cases.subject, cases.ladder, func.max(cases.closed_at))
        .where(cases.school_id == school_id, cases.ladder.in_(ladders), cases.stage > 0)
        .where(cases.closed_at.is_not(None))
        .group_by(cases.subject, cases.ladder)
    )
    return {(subject, ladder): closed_at for subject, ladder, closed_at in db.execute(wanted).all()}


def count_tasks(db: Connection, school_id: str, state: TaskState) -> int:
    """How many tasks of a school are in a state."""
    tasks = TABLES[Task].c
    wanted = select(func.count()).where(tasks.school_id == school_id, tasks.state == state.value)
    return int(db.execute(wanted).scalar_one())


def count_leaving(db: Connection, school_id: str) -> int:
    """How many messages of a school a sender has taken on and not settled."""
    ((count,),) = _leaving().ask(db, school_id=school_id)
    return int(count)


@cache
def _leaving() -> Driven:
    messages = TABLES[Message].c
    leaving = messages.state.in_([each.value for each in LEAVING])
    return Driven.of(select(func.count()).where(messages.school_id == bindparam("school_id"), leaving))


def left(db: Connection, since: datetime, until: datetime) -> tuple[Left, ...]:
    """What left any school between two instants, both inside."""
    table = TABLES[Message]
    went = table.c.state.in_([each.value for each in LEFT]) & (table.c.apology_for == "")
    went &= table.c.ended_at.between(since, until)
    wanted = select(*texts(Left, table)).where(went).order_by(table.c.message_id)
    return values(Left, db.execute(wanted).all())


def in_hand(db: Connection, since: datetime) -> tuple[Message, ...]:
    """The messages of any school that a sender has taken on since an instant, and not settled."""
    messages = TABLES[Message].c
    leaving = messages.state.in_([each.value for each in LEAVING])
    return chosen(db, Message, leaving & (messages.claimed_at >= since))


def message(db: Connection, message_id: str) -> Message | None:
    """The message with an id."""
    return next(iter(chosen(db, Message, TABLES[Message].c.message_id == message_id)), None)


def messages_by_ref(db: Connection, ref: str) -> tuple[Message, ...]:
    """The message with a reference, then those that it spoke for."""
    messages = TABLES[Message].c
    first = chosen(db, Message, (messages.ref == ref) & (messages.ref != ""))
    return first + chosen(db, Message, messages.told_with.in_([each.message_id for each in first]))


def grounds_of(db: Connection, school_id: str, subject: str) -> frozenset[tuple[str, str]]:
    """The ladder and the ground of every case of a subject there ever was."""
    return frozenset(_grounds().ask(db, school_id=school_id, subject=subject))


@cache
def _grounds() -> Driven:
    cases = TABLES[Case].c
    of_school = cases.school_id == bindparam("school_id")
    return Driven.of(
        select(cases.ladder, cases.anchor).where(of_school, cases.subject == bindparam("subject"))
    )


def add(db: Connection, kind: type[Standing], given: Iterable[Standing]) -> None:
    """Insert new ones.

    Raises:
        StoreProblem: one is there already under its id or its natural key.
    """
    try:
        rows.add_values(db, TABLES[kind], list(given))
    except IntegrityError as error:
        raise StoreProblem(f"a {kind.__name__.lower()} {refused(error)}") from error


def change(db: Connection, kind: type[Standing], given: Iterable[Standing]) -> None:
    """Write the present value of ones that are there: of a task in brief, what is brief about it.

    Nearly all keep their natural key: to those SQLite need not write it anew in its indexes.

    Raises:
        StoreProblem: an id is not there, or a natural key is another's.
    """
    table, now = TABLES[kind], list(given)
    unique = (each for each in table.constraints if isinstance(each, UniqueConstraint))
    natural = frozenset(column.name for each in unique for column in each.columns)
    if rows.change_values(db, table, now, natural) == len(now):
        return
    try:
        written = rows.change_values(db, table, now)
    except IntegrityError:
        written = 0
    if written != len(now):  # one by one, to name the one; the whole transaction goes back
        raise next(filter(None, (_fault(db, table, value) for value in now)))


def _fault(db: Connection, table: Table, value: Case | Task | TaskInBrief | Message) -> StoreProblem | None:
    """What keeps one from being written."""
    (key,) = table.primary_key
    named = f"{table.name.rstrip('_')} {getattr(value, key.name)}"
    try:
        done = rows.change_values(db, table, [value])
    except IntegrityError as error:
        return StoreProblem(f"{named} {refused(error)}")
    return None if done == 1 else StoreProblem(f"{named} is not in the store: nothing was written")
