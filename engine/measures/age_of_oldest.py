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
from engine.measures.measure import Asked, Measure, Measured, within
from engine.register import between
from engine.snapshot import Snapshot


def age_of_oldest(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Age in school days of each pupil's oldest mark among `codes`; every older blank could be one.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("N"))
    >>> age_of_oldest(school("N/ // // //"), AFTER, asked).numerator.tolist()
    [[3]]
    """
    calendar, register = snapshot.calendar, snapshot.register
    bounds = asked.over.bounds(calendar, instants)
    coded = codes.members(asked.codes)[register.marks]
    blank = register.marks == codes.MISSING
    certain = _ages(calendar, instants, coded, bounds.hi)
    highest = np.maximum(certain, _ages(calendar, instants, blank, bounds.hi))
    older = blank & ~np.logical_or.accumulate(coded, axis=1)
    missing = between(register.running(f"missing before {sorted(asked.codes)}", older), bounds)
    missing = np.where(highest > certain, missing, 0)
    return Measured(certain, certain, highest, missing, bounds, within(coded, bounds))


def _ages(
    calendar: Calendar, instants: Instants, where: NDArray[np.bool_], closed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """School days since the first true session (P x T); 0 where none is true among the closed ones."""
    if not where.shape[1]:
        return np.zeros((where.shape[0], closed.size), dtype=np.int64)
    first = np.where(where.any(axis=1), where.argmax(axis=1), where.shape[1])
    begun = np.searchsorted(calendar.days, instants.days, side="right")
    own = calendar.day_no[np.minimum(first, where.shape[1] - 1)]
    return np.where(first[:, None] < closed, begun - own[:, None] - 1, 0)


MEASURE = Measure("age_of_oldest", "age of the oldest", "school days", ("codes",), age_of_oldest)
