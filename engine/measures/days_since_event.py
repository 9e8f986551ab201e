"""days_since_event: how long ago the latest line of history of some kinds was.

Unit: school days. Formula: school days after the day of the line, up to and including the day of as-of; no
number at all, which meets no threshold, where there is no such line. Source: councils ask for a plan that has
run for so many weeks before they act (Stockton: at least 6 school weeks; South Tyneside: at least 4).
"""

from __future__ import annotations

import numpy as np

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.snapshot import Snapshot


def days_since_event(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The school days since each pupil's latest event; the denominator is 0 where there was none, else 1.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from engine.records import Event
    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> agreed = Event("P1", "S", "plan", date(2025, 9, 8))
    >>> pupils = Snapshot.build(replace(school("// // // //", "//").facts, events=(agreed,)))
    >>> asked = Asked(Window.parse("whole register"), kinds=frozenset({"plan"}))
    >>> found = days_since_event(pupils, AFTER, asked)
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[3], [0]], [[1], [0]])
    """
    history, calendar, today = snapshot.history, snapshot.calendar, instants.days.astype(np.int64)
    lines = history.among(asked.kinds, asked.outcomes)
    latest = history.latest(lines, today, len(snapshot.people))
    there = (latest >= 0).astype(np.int64)
    days = np.append(history.on, 0)[latest]
    passed = np.searchsorted(calendar.days, today, side="right") - np.searchsorted(
        calendar.days, days, side="right"
    )
    counted = np.where(there > 0, passed, 0)
    return certain(
        counted,
        asked.over.bounds(calendar, instants),
        there,
        events=lambda row, number: history.place[latest[row, [number]][: there[row, number]]],
    )


MEASURE = Measure(
    "days_since_event",
    "school days since the event",
    "school days",
    ("kinds",),
    days_since_event,
    may_take=("outcomes",),
    of_sessions=False,
    can_lack=True,
)
