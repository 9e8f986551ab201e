"""Values and rows: the same value comes back, frozen as it was, by statements spelt once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from adapters.store import SqlStore, StoreProblem
from adapters.store.driven import Driven
from adapters.store.problems import explained
from adapters.store.rows import plain, values
from adapters.store.standing import TABLES
from tests.made import MESSAGE, NOW, TASK
from workflows.values import Case, Task, TaskState

CASE = Case("c-1", "S", "A1", "first-day", 1, "2025-09-08", 1, NOW)


def test_a_value_made_of_a_row_is_as_any_other() -> None:
    """Of its own class, equal, with the same hash, replaced as ever, and frozen."""
    row = plain(TASK) | {"due": "2025-09-08 08:20:00", "made_as_of": "2025-09-08 08:20:00", "decide": 0}
    (made,) = values(Task, [[*row.values()]])
    same = replace(TASK, due=made.due, made_as_of=made.made_as_of)
    assert (type(made), made, hash(made)) == (Task, same, hash(same))
    assert made.state is TaskState.OPEN
    assert made.decide is False
    assert replace(made, role="hoy") == replace(same, role="hoy")
    with pytest.raises(FrozenInstanceError):
        made.role = "hoy"  # type: ignore[misc]


def test_a_question_takes_what_is_given_and_what_stands_in_it(store: SqlStore) -> None:
    """Names that are given, instants spelt as the table keeps them, and lists that are always the same."""
    tasks = TABLES[Task].c
    wanted = select(tasks.task_id, tasks.decide).where(
        tasks.state.in_(["open", "done"]),
        tasks.made_as_of >= bindparam("since"),
        tasks.school_id == bindparam("school"),
    )
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [MESSAGE])
        question = Driven.of(wanted)
        assert question.ask(unit.db, school="S", since=TASK.made_as_of) == [("t-1", TASK.decide)]
        assert question.ask(unit.db, school="T", since=TASK.made_as_of) == []


def test_trouble_of_the_driver_is_told_in_words_too(store: SqlStore) -> None:
    """What SQLite says while a question is asked of it directly becomes the same sentence."""
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("DROP TABLE message")
    with pytest.raises(StoreProblem, match="run 'firstbell init'"), store.reading() as unit:
        unit.version("S")
    assert "is damaged" in str(explained(sqlite3.DatabaseError("malformed"), Path("a.db"), 1.0))
