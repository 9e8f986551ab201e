"""mark_awaited: whether today's morning mark is still to come, and the golden hour not over.

Unit: sessions. Formula (semantics 3): 1 where today has a morning session, the pupil carries no mark for
it, neither present nor planned leave, and fewer than `until` minutes have passed since the morning
register closed (negative: before it closes); else 0. The one fact that is read before its register
closes. Source: Department for Education, Attendance toolkit for schools (golden hour).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.snapshot import Snapshot
from engine.windows import TODAY, Bounds

_MINUTE = 60
_SCALE = 100


def mark_awaited(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Today's morning session for each pupil without a mark; never in doubt, a blank is what it counts.

    >>> from engine.instants import read_instant
    >>> from engine.sample import school
    >>> from engine.windows import Window
    >>> class AtTheClose:
    ...     def on(self, day): return 0
    >>> at = Instants.of([read_instant("2025-09-08T08:45"), read_instant("2025-09-08T09:30")])
    >>> asked = Asked(Window.parse("today"), until=AtTheClose())
    >>> mark_awaited(school("-/", "C/"), at, asked).numerator.tolist()
    [[1, 0], [0, 0]]
    """
    register, calendar = snapshot.register, snapshot.calendar
    first = np.searchsorted(calendar.day, instants.days, side="left").astype(np.int64)
    there = np.searchsorted(calendar.day, instants.days, side="right") > first
    at = np.minimum(first, max(calendar.day.size - 1, 0))
    if calendar.day.size:
        ends = calendar.closes[at] + _minutes(asked, instants) * _MINUTE
        there &= (calendar.half[at] == 0) & (instants.seconds < ends)
    bounds = Bounds(first, first + there)
    awaited = np.zeros((register.marks.shape[0], first.size), dtype=np.int64)
    awaited[:, there] = register.marks[:, at[there]] == codes.MISSING
    nothing, sessions = np.zeros_like(awaited), register.at(codes.missing_marks(), bounds)
    return Measured(awaited, awaited, awaited, nothing, bounds, sessions)


def _minutes(asked: Asked, instants: Instants) -> NDArray[np.int64]:
    days = [date.fromordinal(int(day)) for day in instants.days]
    values = [(asked.until.on(day) or 0) // _SCALE if asked.until else 0 for day in days]
    return np.array(values, dtype=np.int64)


MEASURE = Measure(
    "mark_awaited",
    "morning mark still to come",
    "sessions",
    ("until",),
    mark_awaited,
    window=TODAY,
    early=True,
)
