"""What tasks were: put together again from what each change took away."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config

from adapters.store import SqlStore, connect, open_store, rows, standing, upgrade
from adapters.store.rows import plain
from adapters.store.schema import MIGRATIONS
from tests.made import NOW, TASK
from workflows.values import Case, Task, TaskState

CASE = Case("c-1", "S", "A1", "first-day", 1, "2025-09-08", 1, NOW)
DONE = replace(TASK, state=TaskState.DONE, ended_at=NOW + timedelta(hours=2), ended_because="said", note="n")


def after(hours: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=hours)


def test_every_change_is_kept_and_nothing_else(store: SqlStore) -> None:
    """Handed over, done, made anew with other words: each instant finds its own, whole."""
    handed = replace(TASK, assignee="tutor", first_owner="ao")
    done = replace(DONE, assignee="tutor", first_owner="ao")
    anew = replace(TASK, made_as_of=NOW + after(3), because="again", decide=True, evidence="[1]")
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [])
        for task, hours in ((handed, 1), (done, 2), (done, 2.5), (anew, 3)):
            unit.update([], [task], [], NOW + after(hours))
        (life,) = unit.lives("S", NOW)
        assert [life.at(NOW + after(hours)) for hours in (-1, 0, 1.5, 2.9, 3)] == [
            None,
            TASK,
            handed,
            done,
            anew,
        ]
        assert unit.lives("T", NOW) == ()


def test_what_is_written_late_holds_from_its_own_instant_on(store: SqlStore) -> None:
    """A run as of an earlier instant outranks what was written before it, from there on and not before."""
    gone = replace(TASK, state=TaskState.WITHDRAWN, ended_at=NOW + after(1))
    started = replace(TASK, started_at=NOW + after(2))
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [])
        unit.update([], [started], [], NOW + after(2))
        unit.update([], [gone], [], NOW + after(1))
        (life,) = unit.lives("S", NOW)
    assert [life.at(NOW + after(hours)) for hours in (0.5, 1.5, 2.5)] == [TASK, gone, gone]


def test_only_what_concerns_the_time_asked_about_is_read(store: SqlStore) -> None:
    """Open then or later, ended or changed after, or due after: not what was over and done with."""
    tasks: Sequence[Task] = [
        replace(TASK, task_id="open", step="1"),
        replace(DONE, task_id="ended after", step="2", due=NOW),
        replace(DONE, task_id="over", step="3", due=NOW),
        replace(DONE, task_id="done early", step="4", due=NOW + after(50)),
    ]
    with store.transaction() as unit:
        unit.add([CASE], tasks, [])
        assert [life.stands[0][1].task_id for life in unit.lives("S", NOW + after(2))] == [
            "done early",
            "open",
        ]
        assert len(unit.lives("S", NOW + after(1))) == len(tasks)


def test_many_at_once(store: SqlStore) -> None:
    """More than one question to SQLite may hold."""
    many = [replace(TASK, task_id=f"t-{number}", step=str(number)) for number in range(1_201)]
    with store.transaction() as unit:
        unit.add([CASE], many, [])
        ended = [replace(task, state=TaskState.EXPIRED, ended_at=NOW + after(1)) for task in many]
        unit.update([], ended, [], NOW + after(1))
        assert all(life.open_at(NOW) and not life.open_at(NOW + after(1)) for life in unit.lives("S", NOW))


def test_an_older_store_learns_when_its_tasks_ended(tmp_path: Path) -> None:
    """Of what ended before there was a past, it is known that it was open until then."""
    path = tmp_path / "older.db"
    path.touch()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with closing(connect.engine_for(path).connect()) as db:
        db.execution_options(writing=True)
        with db.begin():
            config.attributes["connection"] = db
            command.upgrade(config, "0005")
            rows.add(db, standing.TABLES[Case], [plain(CASE)])
            rows.add(db, standing.TABLES[Task], [plain(replace(DONE, outcome="reached"))])
    upgrade(f"sqlite:///{path}")
    with open_store(f"sqlite:///{path}", codes_hash="") as store, store.reading() as unit:
        (life,) = unit.lives("S", NOW)
    assert (life.at(NOW + after(1)), life.at(NOW + after(2))) == (TASK, replace(DONE, outcome="reached"))
