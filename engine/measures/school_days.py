"""school_days: how many school days of a window have begun, the same for everybody.

Unit: school days. Formula: a count of the days of the calendar with a session, up to and including the day of
as-of. Source: the school's calendar; work that belongs to the first days of a half-term (BIT and the
Education Endowment Foundation: one text at the start of each half-term).
"""

from __future__ import annotations

import numpy as np

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.snapshot import Snapshot


def school_days(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The school days of a window so far, for each pupil, class or the school; never in doubt.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> school_days(school("// // -/"), AFTER, Asked(Window.parse("year to date"))).numerator.tolist()
    [[3]]
    """
    calendar, days = snapshot.calendar, asked.over.days(snapshot.calendar, instants)
    last = np.searchsorted(calendar.days, days.last, side="right")
    begun = np.maximum(last - np.searchsorted(calendar.days, days.first, side="left"), 0)
    counted = np.broadcast_to(begun, (snapshot.subjects(asked.subject), begun.size)).astype(np.int64)
    bounds = asked.over.bounds(calendar, instants)
    return certain(counted, bounds)


MEASURE = Measure(
    "school_days",
    "school days",
    "school days",
    ("over",),
    school_days,
    subjects=("pupil", "class", "school"),
    of_sessions=False,
)
