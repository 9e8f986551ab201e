"""The dead man's alarm: the list was not ready by the time it must be."""

from __future__ import annotations

from datetime import datetime

from engine.instants import local
from workflows.clockwork import Clockwork
from workflows.values import Entry

_NOTE = "list not ready"
_BECAUSE = "no run was done by then"


def late_lists(works: Clockwork, at: datetime, ready_by: datetime) -> tuple[str, ...]:
    """The schools whose first run of today was not done by `ready_by`, on a day with a session.

    Each is in the ledger once a day. Before that time, and on a day without a session, there are none.
    """
    if at < ready_by:
        return ()
    today = local(ready_by).date()
    late: list[str] = []
    with works.store.reading() as unit:
        for school_id in unit.school_ids():
            first = unit.first_run_since(school_id, local(ready_by).replace(hour=0, minute=0))
            if works.holds(unit, school_id, today) and (first is None or first > ready_by):
                late.append(school_id)
    for school_id in late:
        with works.store.transaction() as unit:
            if unit.note(f"{_NOTE} {school_id}") != today.isoformat():
                unit.set_note(f"{_NOTE} {school_id}", today.isoformat())
                content: dict[str, object] = {"ready_by": ready_by.isoformat(), "because": _BECAUSE}
                unit.append(school_id, at, [Entry("alarm", "", content)])
    return tuple(late)
