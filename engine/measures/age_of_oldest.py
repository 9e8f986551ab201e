"""age_of_oldest: the age of the oldest mark of a code set that still stands.

Unit: school days. Formula (semantics 9): school days after the mark's own day, up to and including the
day of as-of; 0 where there is none. Source: School Attendance (Pupil Registration) (England) Regulations
2024, regulation 10: a reason is to be established within 5 school days of the session.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.register import looked_up
from engine.snapshot import Snapshot


def age_of_oldest(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Age in school days of each pupil's oldest mark among `codes`; every blank of an older day could be one.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("N"))
    >>> age_of_oldest(school("N/ // // //"), AFTER, asked).numerator.tolist()
    [[3]]
    """
    calendar, register = snapshot.calendar, snapshot.register
    bounds = asked.over.bounds(calendar, instants)
    oldest, first_blank = register.first(codes.members(asked.codes)), register.first(codes.missing_marks())
    certain = _ages(calendar, instants, oldest, bounds.hi)
    highest = np.maximum(certain, _ages(calendar, instants, first_blank, bounds.hi))
    missing = np.zeros_like(certain)
    rows = np.flatnonzero((highest > certain).any(axis=1))  # the few whose answer a blank could change
    blank = looked_up(codes.missing_marks(), register.marks[rows])
    older = np.pad(np.cumsum(blank, axis=1), ((0, 0), (1, 0)))
    own = np.searchsorted(calendar.days, instants.days, side="right") - 1 - certain[rows]
    before = np.minimum(np.searchsorted(calendar.day_no, own, side="left"), bounds.hi)
    missing[rows] = older[np.arange(rows.size)[:, None], before]
    sessions = register.at(codes.members(asked.codes), bounds)
    return Measured(certain, certain, highest, missing, bounds, sessions)


def _ages(
    calendar: Calendar, instants: Instants, first: NDArray[np.int64], closed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """School days since each pupil's first session (P x T); 0 where it is not among the closed ones."""
    begun = np.searchsorted(calendar.days, instants.days, side="right")
    own = np.append(calendar.day_no, 0)[first]
    return np.where(first[:, None] < closed, begun - own[:, None] - 1, 0)


MEASURE = Measure("age_of_oldest", "age of the oldest", "school days", ("codes",), age_of_oldest)
