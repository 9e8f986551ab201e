"""days_to_leaving: how long a pupil whose last day is known stays on this roll.

Unit: school days. Formula: school days after the day of as-of, up to and including the last day of the stay
that holds it; no number at all, which meets no threshold, where no last day is told. Source: School
Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 13 (deletion return).
"""

from __future__ import annotations

import numpy as np

from engine.history import FOREVER
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.snapshot import Snapshot


def days_to_leaving(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The school days each pupil has left here; the denominator is 0 where no last day is told, else 1.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> facts = school("// // // // //", "//").facts
    >>> one, other = facts.pupils
    >>> pupils = replace(facts, pupils=(replace(one, left_on=date(2025, 9, 12)), other))
    >>> found = days_to_leaving(Snapshot.build(pupils), AFTER, Asked(Window.parse("whole register")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[1], [0]], [[1], [0]])
    """
    calendar, today = snapshot.calendar, instants.days.astype(np.int64)
    first, last = snapshot.register.spells[..., 0, None], snapshot.register.spells[..., 1, None]
    here = (first <= today) & (today <= last)
    leaves = np.max(np.where(here, last, 0), axis=1, initial=0).astype(np.int64)
    there = ((leaves > 0) & (leaves < FOREVER)).astype(np.int64)
    left = np.searchsorted(calendar.days, leaves, side="right") - np.searchsorted(
        calendar.days, today, side="right"
    )
    counted = np.where(there > 0, left, 0)
    bounds = asked.over.bounds(calendar, instants)
    return certain(counted, bounds, there)


MEASURE = Measure(
    "days_to_leaving",
    "school days until the pupil leaves",
    "school days",
    (),
    days_to_leaving,
    of_sessions=False,
    can_lack=True,
)
