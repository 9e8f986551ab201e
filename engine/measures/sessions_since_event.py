"""sessions_since_event: sessions of a code set since the latest line of history of some kinds.

Unit: sessions. Formula: a count of the sessions after the day of the line (or from its `from`, where that is
later), to the end of its `until`, where it has one; of nothing since nothing, 0. Source: the improvement
period of a Notice to Improve (Norfolk: further unauthorised absence within it; Warwickshire: 15 school days).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.register import looked_up
from engine.snapshot import Snapshot


def sessions_since_event(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil since the event; a missing mark within that time could be one more.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from engine.records import Event
    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> notice = Event("P1", "S", "notice_to_improve", date(2025, 9, 8), until=date(2025, 9, 10))
    >>> pupil = Snapshot.build(replace(school("OO O/ // OO").facts, events=(notice,)))
    >>> asked = Asked(Window.parse("whole register"), frozenset("O"), kinds=frozenset({"notice_to_improve"}))
    >>> sessions_since_event(pupil, AFTER, asked).numerator.tolist()
    [[1]]
    """
    history, register, calendar = snapshot.history, snapshot.register, snapshot.calendar
    lines = history.among(asked.kinds, asked.outcomes)
    latest = history.latest(lines, instants.days.astype(np.int64), len(snapshot.people))
    first = np.maximum(np.append(history.on, 0) + 1, np.append(history.begins, 0))[latest]
    last = np.append(history.ends, 0)[latest]
    bounds = asked.over.bounds(calendar, instants)
    lo = np.searchsorted(calendar.day, first, side="left")
    hi = np.minimum(np.searchsorted(calendar.day, last, side="right"), bounds.hi)
    lo, hi = (np.where(latest >= 0, each, 0) for each in (np.minimum(lo, hi), hi))

    def counted(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        rows = np.flatnonzero((hi > lo).any(axis=1))
        sums = np.zeros((rows.size, calendar.day.size + 1), dtype=np.int64)
        np.cumsum(looked_up(flags, register.marks[rows]), axis=1, out=sums[:, 1:])
        out = np.zeros_like(lo)
        out[rows] = np.take_along_axis(sums, hi[rows], axis=1) - np.take_along_axis(sums, lo[rows], axis=1)
        return out

    flags = codes.members(asked.codes)
    found, missing = counted(flags), counted(codes.missing_marks())

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        begin, end = int(lo[row, number]), int(hi[row, number])
        return begin + np.flatnonzero(flags[register.marks[row, begin:end]])

    return Measured(
        numerator=found,
        low=found,
        high=found + missing,
        missing=missing,
        bounds=bounds,
        sessions=sessions,
        events=lambda row, number: history.place[latest[row, [number]][latest[row, [number]] >= 0]],
    )


MEASURE = Measure(
    "sessions_since_event",
    "sessions since the event",
    "sessions",
    ("kinds", "codes"),
    sessions_since_event,
    may_take=("outcomes",),
)
