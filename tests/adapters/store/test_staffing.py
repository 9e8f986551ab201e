"""Who has spoken with whom, as the store answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from adapters.store import SqlStore
from tests.adapters.store.test_standing import CASE
from tests.made import NOW, TASK
from workflows.values import TaskState

DONE = replace(TASK, state=TaskState.DONE, by="ao", ended_at=NOW)


def test_spoken_is_what_was_done_since_and_no_decision(store: SqlStore) -> None:
    """Later than an instant, oldest first; of decisions only the calls of an hour."""
    later = replace(DONE, task_id="t-2", step="2", by="hoy", ended_at=NOW + timedelta(hours=1))
    decided = replace(DONE, task_id="t-3", step="3", by="head", decide=True)
    call = replace(decided, task_id="t-4", step="4", by="tutor", expires_at=NOW)
    others = [
        replace(DONE, task_id="t-5", step="5", ended_at=NOW - timedelta(days=1)),
        replace(TASK, task_id="t-6", step="6"),
    ]
    with store.transaction() as unit:
        unit.add([CASE], [later, DONE, decided, call, *others], [])
    with store.reading() as unit:
        found = unit.spoken("S", NOW - timedelta(hours=1))
        assert found == (("A1", "ao", NOW), ("A1", "tutor", NOW), ("A1", "hoy", NOW + timedelta(hours=1)))
        assert unit.spoken("S", NOW) == found[2:]
        assert unit.spoken("elsewhere", NOW - timedelta(hours=1)) == ()
