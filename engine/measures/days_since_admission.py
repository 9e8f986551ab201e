"""days_since_admission: how long a pupil has been on this roll, this time.

Unit: school days. Formula: school days after the first day of the stay that began last, up to and including
the day of as-of; no number at all, which meets no threshold, before any stay has begun. Source: School
Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 13 (new-pupil return).
"""

from __future__ import annotations

import numpy as np

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.snapshot import Snapshot


def days_since_admission(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The school days since each pupil's latest stay began; the denominator is 0 before there is one, else 1.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = days_since_admission(school("// // //", "//"), AFTER, Asked(Window.parse("whole register")))
    >>> found.numerator.tolist()
    [[3], [3]]
    """
    calendar, today = snapshot.calendar, instants.days.astype(np.int64)
    first, last = snapshot.register.spells[..., 0], snapshot.register.spells[..., 1]
    begun = ((first <= last)[..., None] & (first[..., None] <= today)).astype(np.int64)
    since = np.max(first[..., None] * begun, axis=1, initial=0)
    there = (since > 0).astype(np.int64)
    passed = np.searchsorted(calendar.days, today, side="right") - np.searchsorted(
        calendar.days, since, side="right"
    )
    counted = np.where(there > 0, passed, 0)
    bounds = asked.over.bounds(calendar, instants)
    return certain(counted, bounds, there)


MEASURE = Measure(
    "days_since_admission",
    "school days since admission",
    "school days",
    (),
    days_since_admission,
    of_sessions=False,
)
